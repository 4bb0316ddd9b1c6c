SELECT id, slug, slug_key, name FROM sections ORDER BY id;
