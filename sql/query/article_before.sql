-- The article stored under a slug's key, and which of its parts equal those of the article to save.
SELECT id, slug, section_id, listed_at IS NOT NULL AS is_listed, lead,
    published_at IS :published_at AND section_id = :section_id AND status = :status AS same_place,
    (updated_at, kicker, headline, standfirst, image, language)
        IS (:updated_at, :kicker, :headline, :standfirst, :image, :language) AS same_card,
    authors = :authors AND tags = :tags AS same_terms
FROM articles WHERE slug_key = :slug_key;
