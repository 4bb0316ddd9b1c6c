-- What is stored under a slug's key, and what of it a list would show differently now.
SELECT id, slug, section_id, status, lead,
    published_at IS :published_at AND section_id = :section_id AND status = :status AS same_place,
    (updated_at, kicker, headline, standfirst, image, language)
        IS (:updated_at, :kicker, :headline, :standfirst, :image, :language) AS same_card,
    authors = :authors AND tags = :tags AS same_terms
FROM articles WHERE slug_key = :slug_key;
