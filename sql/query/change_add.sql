INSERT INTO changes (article_id) VALUES (:article_id);
