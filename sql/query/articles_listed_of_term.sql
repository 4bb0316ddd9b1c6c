-- The index of the term is walked; a section and a second term are checked row by row.
SELECT t.article_id AS id, t.listed_at,
    (:section_id IS NULL OR t.section_id = :section_id)
    AND (:other_term_id IS NULL OR EXISTS (
        SELECT 1 FROM article_terms o
        WHERE o.article_id = t.article_id AND o.term_id = :other_term_id)) AS wanted
FROM article_terms t
WHERE t.term_id = :term_id
    AND (t.listed_at, t.article_id) < (:before_at, :before_id) AND t.listed_at >= :from_at
ORDER BY t.listed_at DESC, t.article_id DESC;
