INSERT INTO redirects (source, article_id) VALUES (:source, :article_id)
ON CONFLICT (source) DO UPDATE SET article_id = excluded.article_id;
