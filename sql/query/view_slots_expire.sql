DELETE FROM view_slots WHERE (begin, article_id) IN (
    SELECT begin, article_id FROM view_slots WHERE begin < :before_begin
    ORDER BY begin, article_id LIMIT :limit);
