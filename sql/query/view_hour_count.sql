SELECT count FROM view_hours WHERE begin = :begin AND article_id = :article_id;
