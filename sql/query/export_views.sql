-- One article's hours at a time, as an array: what is packed is not sorted among all others'.
SELECT a.slug, json_extract(v.value, '$[0]') AS begin, json_extract(v.value, '$[1]') AS count
FROM articles a JOIN json_each((
    SELECT json_group_array(json_array(begin, count))
    FROM (
        SELECT begin, sum(count) AS count
        FROM (
            SELECT begin, count FROM view_hours WHERE article_id = a.id
            UNION ALL
            SELECT d.day + 3600 * CAST(h.key AS INTEGER), h.value
            FROM view_days d, json_each(d.hours) h WHERE d.article_id = a.id)
        GROUP BY begin ORDER BY begin))) v
ORDER BY a.id;
