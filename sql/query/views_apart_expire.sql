DELETE FROM views_apart WHERE (begin, article_id) IN (
    SELECT begin, article_id FROM views_apart WHERE begin < :before_begin
    ORDER BY begin, article_id LIMIT :limit);
