SELECT a.slug, s.slug AS section, a.kicker, a.headline, a.standfirst, a.desk, a.authors, a.credits,
    a.tags, a.body, a.language, a.status, a.published_at, a.updated_at, a.image, a.related,
    a.most_read, a.lead
FROM articles a JOIN sections s ON s.id = a.section_id
ORDER BY a.id;
