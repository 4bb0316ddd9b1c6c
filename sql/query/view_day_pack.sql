INSERT INTO view_days (day, article_id, hours)
VALUES (:day, :article_id, json_object(CAST(:hour AS TEXT), :count))
ON CONFLICT (day, article_id) DO UPDATE SET
    hours = json_set(hours, '$."' || :hour || '"',
        coalesce(json_extract(hours, '$."' || :hour || '"'), 0) + :count);
