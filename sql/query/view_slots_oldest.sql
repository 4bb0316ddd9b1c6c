SELECT begin FROM view_slots ORDER BY begin LIMIT 1;
