INSERT INTO view_hours (begin, article_id, count)
SELECT d.day + 3600 * CAST(h.key AS INTEGER), d.article_id, h.value
FROM view_days d, json_each(d.hours) h
WHERE d.day = :day AND d.article_id = :article_id
ON CONFLICT (begin, article_id) DO UPDATE SET count = count + excluded.count;
