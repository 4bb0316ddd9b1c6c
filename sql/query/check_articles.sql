SELECT id, status, published_at, updated_at, created_at, revision, language, slug, slug_key, kicker,
    headline, standfirst, desk, body, image, authors, credits, tags, related
FROM articles ORDER BY id;
