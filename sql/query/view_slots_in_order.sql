SELECT begin, article_id, count FROM view_slots
WHERE begin >= :from_begin AND begin < :to_begin
ORDER BY begin;
