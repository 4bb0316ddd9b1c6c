SELECT section_id, chart, entries FROM rankings WHERE hour = :hour
ORDER BY section_id;
