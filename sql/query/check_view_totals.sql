SELECT t.article_id, t.total FROM view_totals t ORDER BY t.article_id;
