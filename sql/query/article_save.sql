INSERT INTO articles (section_id, status, published_at, updated_at, created_at, revision, most_read,
    lead, language, slug, slug_key, kicker, headline, standfirst, image, desk, authors, credits,
    tags, related, body)
VALUES (:section_id, :status, :published_at, :updated_at, :now, 1, :most_read,
    :lead, :language, :slug, :slug_key, :kicker, :headline, :standfirst, :image, :desk, :authors,
    :credits, :tags, :related, :body)
ON CONFLICT (slug_key) DO UPDATE SET
    section_id = excluded.section_id, status = excluded.status,
    published_at = excluded.published_at, updated_at = excluded.updated_at,
    revision = revision + 1, most_read = excluded.most_read, lead = excluded.lead,
    language = excluded.language, kicker = excluded.kicker, headline = excluded.headline,
    standfirst = excluded.standfirst, image = excluded.image, desk = excluded.desk,
    authors = excluded.authors, credits = excluded.credits, tags = excluded.tags,
    related = excluded.related, body = excluded.body
-- An import of an unchanged article must not make a revision.
WHERE (section_id, status, published_at, updated_at, most_read, lead, language, kicker, headline,
       standfirst, image, desk, authors, credits, tags, related, body)
    IS NOT (excluded.section_id, excluded.status, excluded.published_at, excluded.updated_at,
       excluded.most_read, excluded.lead, excluded.language, excluded.kicker, excluded.headline,
       excluded.standfirst, excluded.image, excluded.desk, excluded.authors, excluded.credits,
       excluded.tags, excluded.related, excluded.body)
RETURNING id, revision;
