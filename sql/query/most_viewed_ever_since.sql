-- Few articles are recent: they are checked one by one, and the index of all totals is not walked.
SELECT t.article_id, t.total, t.ranked_at
FROM articles a INDEXED BY articles_listed CROSS JOIN view_totals t ON t.article_id = a.id
WHERE a.listed_at >= :since AND t.ranked_at IS NOT NULL AND t.total > 0
    AND (:section_id = 0 OR t.section_id = :section_id)
ORDER BY t.total DESC, t.ranked_at DESC, t.article_id DESC;
