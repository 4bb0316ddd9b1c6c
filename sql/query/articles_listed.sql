SELECT id, listed_at, 1 AS wanted
FROM articles
WHERE (listed_at, id) < (:before_at, :before_id) AND listed_at >= :from_at
ORDER BY listed_at DESC, id DESC;
