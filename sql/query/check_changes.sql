SELECT c.article_id AS id FROM changes c LEFT JOIN articles a ON a.id = c.article_id
WHERE a.id IS NULL OR c.seq < 1 ORDER BY c.seq;
