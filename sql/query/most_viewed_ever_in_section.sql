SELECT article_id, total FROM view_totals
WHERE section_id = :section_id AND ranked_at <= :now AND total > 0
ORDER BY total DESC, ranked_at DESC, article_id DESC LIMIT :limit;
