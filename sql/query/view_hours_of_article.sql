-- Three kinds of rows, merged by time: an hour's views, the packed hours of a day, and an hour's
-- uncounted views.
SELECT begin, count, 0 AS repeated, 0 AS bots, NULL AS hours
FROM view_hours WHERE article_id = :article_id
UNION ALL
SELECT day, 0, 0, 0, hours FROM view_days WHERE article_id = :article_id
UNION ALL
SELECT begin, 0, repeated, bots, NULL FROM views_apart WHERE article_id = :article_id
ORDER BY begin;
