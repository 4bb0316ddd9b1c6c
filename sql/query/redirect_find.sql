SELECT article_id FROM redirects WHERE source = :source;
