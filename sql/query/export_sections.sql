SELECT slug, name, position FROM sections ORDER BY id;
