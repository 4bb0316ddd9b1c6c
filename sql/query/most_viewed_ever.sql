SELECT article_id, total, ranked_at FROM view_totals
WHERE ranked_at IS NOT NULL AND total > 0
ORDER BY total DESC, ranked_at DESC, article_id DESC;
