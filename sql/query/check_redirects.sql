SELECT article_id AS id, source FROM redirects ORDER BY source;
