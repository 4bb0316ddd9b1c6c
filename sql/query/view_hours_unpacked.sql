SELECT begin, article_id, count FROM view_hours
WHERE begin >= :from_begin AND begin < :before_begin
ORDER BY begin, article_id LIMIT :limit;
