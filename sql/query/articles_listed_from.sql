SELECT listed_at FROM articles
WHERE listed_at >= :from_at AND listed_at <= :now
ORDER BY listed_at, id LIMIT 1;
