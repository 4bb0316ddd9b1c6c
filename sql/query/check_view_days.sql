SELECT article_id AS id, hours FROM view_days ORDER BY article_id, day;
