SELECT id, slug, name, position FROM sections WHERE slug_key = :slug_key;
