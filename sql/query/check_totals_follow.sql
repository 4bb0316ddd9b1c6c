SELECT t.article_id AS id FROM view_totals t LEFT JOIN articles a ON a.id = t.article_id
WHERE a.id IS NULL OR t.section_id <> a.section_id
    OR t.ranked_at IS NOT CASE WHEN a.most_read THEN a.listed_at END
ORDER BY t.article_id;
