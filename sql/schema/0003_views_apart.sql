-- Views that did not count, by hours in UTC, so that an editor sees why a number is low: repeats of
-- one reader, and what nobody read. Kept as long as the hours of those that did.
CREATE TABLE views_apart (
    begin INTEGER NOT NULL CHECK (begin % 3600 = 0),
    article_id INTEGER NOT NULL REFERENCES articles (id),
    repeated INTEGER NOT NULL,
    bots INTEGER NOT NULL,
    PRIMARY KEY (begin, article_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX views_apart_of_article ON views_apart (article_id, begin);
