DELETE FROM rankings WHERE (section_id, chart, hour) IN (
    SELECT section_id, chart, hour FROM rankings WHERE hour < :before_hour
    ORDER BY hour LIMIT :limit);
