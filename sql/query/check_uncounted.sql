SELECT article_id AS id FROM views_apart WHERE repeated < 0 OR bots < 0 ORDER BY article_id;
