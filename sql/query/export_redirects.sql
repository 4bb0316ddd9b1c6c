SELECT r.source, a.slug FROM redirects r JOIN articles a ON a.id = r.article_id ORDER BY r.source;
