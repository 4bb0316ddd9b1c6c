INSERT INTO terms (kind, key) VALUES (:kind, :key) RETURNING id;
