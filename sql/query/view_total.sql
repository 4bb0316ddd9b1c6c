SELECT total FROM view_totals WHERE article_id = :article_id;
