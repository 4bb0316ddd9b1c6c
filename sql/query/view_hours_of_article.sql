SELECT begin, count FROM view_hours WHERE article_id = :article_id ORDER BY begin;
