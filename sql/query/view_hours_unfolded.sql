SELECT begin, article_id, count FROM view_hours
WHERE begin >= :from_begin AND begin < :before_begin AND begin % 86400 <> 0
ORDER BY begin LIMIT :limit;
