SELECT max(begin) AS begin FROM view_slots;
