-- Hours of views that are long past are packed: one row an article and day, which holds its hours
-- as {"13":120}, so that nothing is lost of them.
CREATE TABLE view_days (
    day INTEGER NOT NULL CHECK (day % 86400 = 0),
    article_id INTEGER NOT NULL REFERENCES articles (id),
    hours TEXT NOT NULL,
    PRIMARY KEY (day, article_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX view_days_of_article ON view_days (article_id, day);

-- Days that were one row of view_hours until now are packed again.
DELETE FROM state WHERE name = 'views_folded_until';

-- The rankings as they stood at each whole hour: a chart's articles and views, best first, as
-- numbers of 7 bits a byte (LEB128). section_id 0 is the whole paper.
CREATE TABLE rankings (
    section_id INTEGER NOT NULL,
    chart TEXT NOT NULL,
    hour INTEGER NOT NULL CHECK (hour % 3600 = 0),
    entries BLOB NOT NULL,
    PRIMARY KEY (section_id, chart, hour)
) STRICT, WITHOUT ROWID;

CREATE INDEX rankings_by_hour ON rankings (hour);
