SELECT begin FROM views_apart ORDER BY begin LIMIT 1;
