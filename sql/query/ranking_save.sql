INSERT OR IGNORE INTO rankings (section_id, chart, hour, entries)
VALUES (:section_id, :chart, :hour, :entries);
