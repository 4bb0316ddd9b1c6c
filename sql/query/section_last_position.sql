SELECT coalesce(max(position), 0) AS position, count(*) AS sections FROM sections;
