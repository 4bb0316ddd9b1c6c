INSERT OR IGNORE INTO article_terms (term_id, listed_at, article_id, section_id)
VALUES (:term_id, :listed_at, :article_id, :section_id);
