SELECT hour FROM rankings
WHERE section_id = 0 AND chart = '24h' AND hour <= :at
ORDER BY hour DESC LIMIT 1;
