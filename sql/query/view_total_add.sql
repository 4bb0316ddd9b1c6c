-- The section, and whether the article may be ranked, are copied from its row.
INSERT INTO view_totals (article_id, total, section_id, ranked_at)
SELECT id, :count, section_id, CASE WHEN most_read THEN listed_at END FROM articles WHERE id = :article_id
ON CONFLICT (article_id) DO UPDATE SET total = total + excluded.total;
