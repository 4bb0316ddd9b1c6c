DELETE FROM view_slots WHERE begin >= :from_begin AND begin < :to_begin AND article_id = :article_id;
