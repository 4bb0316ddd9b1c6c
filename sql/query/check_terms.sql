SELECT id, kind, key FROM terms ORDER BY id;
