SELECT coalesce((SELECT count FROM view_hours
        WHERE begin = :day + 3600 * :hour AND article_id = :article_id), 0)
    + coalesce((SELECT json_extract(hours, '$."' || :hour || '"') FROM view_days
        WHERE day = :day AND article_id = :article_id), 0) AS count;
