SELECT id, slug, name, position FROM sections ORDER BY position, id;
