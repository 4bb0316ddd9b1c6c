SELECT hour FROM rankings ORDER BY hour LIMIT 1;
