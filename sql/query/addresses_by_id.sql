SELECT a.id, a.slug, s.slug AS section_slug, a.published_at, a.updated_at
FROM articles a JOIN sections s ON s.id = a.section_id
WHERE a.id BETWEEN :first_id AND :last_id AND a.listed_at <= :now
ORDER BY a.id;
