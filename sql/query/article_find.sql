SELECT id, slug FROM articles WHERE slug_key = :slug_key;
