-- The row of an hour, and the packed day that may have the hour as well.
SELECT coalesce((SELECT count FROM view_hours
        WHERE begin = :begin AND article_id = :article_id), 0) AS count,
    (SELECT hours FROM view_days WHERE day = :day AND article_id = :article_id) AS hours;
