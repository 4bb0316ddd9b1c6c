SELECT a.id, a.slug, s.slug AS section_slug, a.headline, a.published_at, a.language
FROM articles a JOIN sections s ON s.id = a.section_id
WHERE a.listed_at >= :from_at AND a.listed_at <= :now
ORDER BY a.listed_at DESC, a.id DESC LIMIT :most;
