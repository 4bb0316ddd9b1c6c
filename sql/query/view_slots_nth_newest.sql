-- The nth newest slot that has views: one step a slot, however many rows a slot has.
WITH RECURSIVE newest (begin, nth) AS (
    SELECT (SELECT max(begin) FROM view_slots WHERE begin <= :now), 1
    UNION ALL
    SELECT (SELECT max(v.begin) FROM view_slots v WHERE v.begin < newest.begin), nth + 1
    FROM newest WHERE newest.begin IS NOT NULL AND nth < :nth)
SELECT begin FROM newest WHERE nth = :nth AND begin IS NOT NULL;
