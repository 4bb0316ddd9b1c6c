SELECT a.slug, v.begin, v.count
FROM articles a JOIN view_hours v ON v.article_id = a.id
ORDER BY a.id, v.begin;
