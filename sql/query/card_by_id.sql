SELECT a.id, a.slug, s.slug AS section_slug, s.name AS section_name, a.kicker, a.headline,
    a.standfirst, a.image, a.published_at, a.updated_at, a.language
FROM articles a JOIN sections s ON s.id = a.section_id
WHERE a.id = :id AND a.listed_at <= :now;
