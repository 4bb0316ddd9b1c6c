SELECT begin, sum(count) AS count, sum(repeated) AS repeated, sum(bots) AS bots
FROM (
    SELECT begin, count, 0 AS repeated, 0 AS bots FROM view_hours WHERE article_id = :article_id
    UNION ALL
    SELECT d.day + 3600 * CAST(h.key AS INTEGER), h.value, 0, 0
    FROM view_days d, json_each(d.hours) h WHERE d.article_id = :article_id
    UNION ALL
    SELECT begin, 0, repeated, bots FROM views_apart WHERE article_id = :article_id)
GROUP BY begin ORDER BY begin;
