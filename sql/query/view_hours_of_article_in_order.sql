SELECT v.begin, v.article_id, v.count
FROM view_hours v INDEXED BY view_hours_of_article
WHERE v.article_id = :article_id AND v.begin >= :from_begin AND v.begin < :to_begin
ORDER BY v.begin;
