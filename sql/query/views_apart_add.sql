INSERT INTO views_apart (begin, article_id, repeated, bots)
SELECT :begin, id, :repeated, :bots FROM articles WHERE id = :article_id
ON CONFLICT (begin, article_id) DO UPDATE SET
    repeated = repeated + excluded.repeated, bots = bots + excluded.bots;
