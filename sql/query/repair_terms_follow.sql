UPDATE OR IGNORE article_terms SET (section_id, listed_at) =
    (SELECT section_id, listed_at FROM articles WHERE id = article_id)
WHERE EXISTS (SELECT 1 FROM articles WHERE id = article_id AND listed_at IS NOT NULL);
