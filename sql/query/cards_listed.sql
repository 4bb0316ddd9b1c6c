-- articles_listed with the columns of a card, so that a list is one walk of the index.
SELECT 1 AS wanted, a.listed_at, a.id, a.slug, s.slug AS section_slug, s.name AS section_name,
    a.kicker, a.headline, a.standfirst, a.image, a.published_at, a.updated_at, a.language
FROM articles a JOIN sections s ON s.id = a.section_id
WHERE (a.listed_at, a.id) < (:before_at, :before_id) AND a.listed_at >= :from_at
ORDER BY a.listed_at DESC, a.id DESC;
