SELECT min(listed_at) AS listed_at FROM articles WHERE listed_at > :now;
