-- Articles whose time is in an interval, a row for each of their terms; NULL for one without.
SELECT a.id, a.section_id, a.lead, t.term_id
FROM articles a LEFT JOIN article_terms t ON t.article_id = a.id
WHERE a.listed_at > :since AND a.listed_at <= :now
ORDER BY a.listed_at, a.id LIMIT :limit;
