-- The articles whose views an export writes, in the order of their lines.
SELECT id, slug FROM articles ORDER BY id;
