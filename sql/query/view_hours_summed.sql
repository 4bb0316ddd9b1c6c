SELECT v.article_id, sum(v.count) AS count FROM view_hours v
WHERE v.begin >= :from_begin AND v.begin < :to_begin
GROUP BY v.article_id;
