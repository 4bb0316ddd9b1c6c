INSERT INTO sections (slug, slug_key, name, position)
VALUES (:slug, :slug_key, :name, :position)
ON CONFLICT (slug_key) DO UPDATE SET name = excluded.name, position = excluded.position
WHERE (name, position) IS NOT (excluded.name, excluded.position)
RETURNING id;
