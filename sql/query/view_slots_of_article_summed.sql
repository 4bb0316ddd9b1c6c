SELECT coalesce(sum(count), 0) AS count
FROM view_slots INDEXED BY view_slots_of_article
WHERE article_id = :article_id AND begin >= :from_begin AND begin < :to_begin;
