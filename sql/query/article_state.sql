SELECT status, listed_at, section_id, most_read FROM articles WHERE id = :id;
