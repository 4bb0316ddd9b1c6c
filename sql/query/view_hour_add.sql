INSERT INTO view_hours (begin, article_id, count) VALUES (:begin, :article_id, :count)
ON CONFLICT (begin, article_id) DO UPDATE SET count = count + excluded.count;
