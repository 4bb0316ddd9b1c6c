UPDATE view_totals SET (section_id, ranked_at) =
    (SELECT section_id, CASE WHEN most_read THEN listed_at END FROM articles WHERE id = article_id)
WHERE EXISTS (SELECT 1 FROM articles WHERE id = article_id);
