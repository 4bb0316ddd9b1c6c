INSERT INTO view_days (day, article_id, hours) VALUES (:day, :article_id, :hours)
ON CONFLICT (day, article_id) DO UPDATE SET hours = excluded.hours;
