SELECT seq, article_id FROM changes ORDER BY seq LIMIT :limit;
