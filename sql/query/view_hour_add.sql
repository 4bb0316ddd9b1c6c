INSERT INTO view_hours (begin, article_id, count)
SELECT :begin, id, :count FROM articles WHERE id = :article_id
ON CONFLICT (begin, article_id) DO UPDATE SET count = count + excluded.count;
