INSERT INTO sections (slug, slug_key, name, position)
VALUES (:slug, :slug_key, :name, :position)
ON CONFLICT (slug_key) DO UPDATE SET name = excluded.name, position = excluded.position;
