INSERT OR REPLACE INTO rankings (section_id, chart, hour, entries)
VALUES (:section_id, :chart, :hour, :entries);
