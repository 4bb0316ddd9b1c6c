SELECT DISTINCT t.article_id AS id FROM article_terms t LEFT JOIN articles a ON a.id = t.article_id
WHERE a.id IS NULL OR t.section_id <> a.section_id OR t.listed_at IS NOT a.listed_at
ORDER BY t.article_id;
