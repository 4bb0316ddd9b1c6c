SELECT id FROM articles WHERE lead = 1 AND listed_at <= :now ORDER BY listed_at DESC, id DESC LIMIT 1;
