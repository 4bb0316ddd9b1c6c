DELETE FROM article_terms WHERE article_id = :article_id RETURNING term_id;
