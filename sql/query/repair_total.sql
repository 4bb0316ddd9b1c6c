UPDATE view_totals SET total = :total WHERE article_id = :article_id;
