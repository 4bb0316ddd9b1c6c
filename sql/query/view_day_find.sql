SELECT hours FROM view_days WHERE day = :day AND article_id = :article_id;
