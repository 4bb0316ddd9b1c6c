-- The schema at version 4, to be read. `make docs` writes this file; a database is made by the
-- migrations in sql/schema.

-- A section of the paper. A *_key is a text normalised for comparing, in all tables.
CREATE TABLE sections (
    id INTEGER PRIMARY KEY,
    slug TEXT NOT NULL,
    slug_key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    position INTEGER NOT NULL
) STRICT;

-- An article. Times are seconds since 1970-01-01T00:00:00Z, in all tables.
CREATE TABLE articles (
    id INTEGER PRIMARY KEY,
    section_id INTEGER NOT NULL REFERENCES sections (id),
    status TEXT NOT NULL CHECK (status IN ('draft', 'scheduled', 'published', 'withdrawn')),
    published_at INTEGER,
    updated_at INTEGER,
    created_at INTEGER NOT NULL,
    -- From this instant on the article stands in lists and can be read; NULL is never.
    listed_at INTEGER GENERATED ALWAYS AS
        (CASE WHEN status IN ('scheduled', 'published') THEN published_at END) VIRTUAL,
    revision INTEGER NOT NULL,
    most_read INTEGER NOT NULL CHECK (most_read IN (0, 1)),
    lead INTEGER NOT NULL CHECK (lead IN (0, 1)),
    language TEXT NOT NULL,
    slug TEXT NOT NULL,
    slug_key TEXT NOT NULL UNIQUE,
    kicker TEXT,
    headline TEXT NOT NULL,
    standfirst TEXT,
    image TEXT,             -- JSON object, or NULL
    desk TEXT,
    authors TEXT NOT NULL,  -- JSON arrays of texts, as they came in
    credits TEXT NOT NULL,
    tags TEXT NOT NULL,
    related TEXT NOT NULL,  -- slugs the editors picked; one may belong to an article yet to come
    body TEXT NOT NULL,     -- Markdown
    CHECK (published_at IS NOT NULL OR status IN ('draft', 'withdrawn'))
) STRICT;
CREATE INDEX articles_listed ON articles (listed_at, id);
CREATE INDEX articles_listed_in_section ON articles (section_id, listed_at, id);
CREATE INDEX articles_lead ON articles (listed_at, id) WHERE lead = 1;

-- A tag or an author.
CREATE TABLE terms (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('tag', 'author')),
    key TEXT NOT NULL,
    UNIQUE (kind, key)
) STRICT;

-- A tag or an author of an article that is listed; for the lists of terms.
CREATE TABLE article_terms (
    term_id INTEGER NOT NULL REFERENCES terms (id),
    listed_at INTEGER NOT NULL,
    article_id INTEGER NOT NULL REFERENCES articles (id),
    section_id INTEGER NOT NULL,
    PRIMARY KEY (term_id, listed_at, article_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX article_terms_of_article ON article_terms (article_id, term_id);

-- An address of another system, and the article that it leads to.
CREATE TABLE redirects (
    source TEXT PRIMARY KEY, -- a path as another system had it, beginning with /
    article_id INTEGER NOT NULL REFERENCES articles (id)
) STRICT, WITHOUT ROWID;

-- Counted views of an article in 150 seconds; stored for 7 hours.
CREATE TABLE view_slots (
    begin INTEGER NOT NULL CHECK (begin % 150 = 0),
    article_id INTEGER NOT NULL REFERENCES articles (id),
    count INTEGER NOT NULL CHECK (count > 0),
    PRIMARY KEY (begin, article_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX view_slots_of_article ON view_slots (article_id, begin);

-- Counted views of an article in an hour; packed into view_days after 90 days.
CREATE TABLE view_hours (
    begin INTEGER NOT NULL CHECK (begin % 3600 = 0),
    article_id INTEGER NOT NULL REFERENCES articles (id),
    count INTEGER NOT NULL CHECK (count > 0),
    PRIMARY KEY (begin, article_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX view_hours_of_article ON view_hours (article_id, begin);

-- All counted views of an article. section_id and ranked_at repeat what the
-- article says; ranked_at is NULL if it may not be in rankings.
CREATE TABLE view_totals (
    article_id INTEGER PRIMARY KEY REFERENCES articles (id),
    total INTEGER NOT NULL,
    section_id INTEGER NOT NULL,
    ranked_at INTEGER
) STRICT;
CREATE INDEX view_totals_order ON view_totals (total, ranked_at, article_id);
CREATE INDEX view_totals_order_in_section ON view_totals (section_id, total, ranked_at, article_id);

-- An article that another process changed and the server has not looked at yet.
CREATE TABLE changes (
    seq INTEGER PRIMARY KEY,
    article_id INTEGER NOT NULL
) STRICT;

-- A number that the program remembers between runs.
CREATE TABLE state (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Views of an article in an hour that did not count; removed after 90 days.
CREATE TABLE views_apart (
    begin INTEGER NOT NULL CHECK (begin % 3600 = 0),
    article_id INTEGER NOT NULL REFERENCES articles (id),
    repeated INTEGER NOT NULL,
    bots INTEGER NOT NULL,
    PRIMARY KEY (begin, article_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX views_apart_of_article ON views_apart (article_id, begin);

-- Counted views of an article on a day, by hours in UTC, such as {"13":120}.
CREATE TABLE view_days (
    day INTEGER NOT NULL CHECK (day % 86400 = 0),
    article_id INTEGER NOT NULL REFERENCES articles (id),
    hours TEXT NOT NULL,
    PRIMARY KEY (day, article_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX view_days_of_article ON view_days (article_id, day);

-- A chart at a whole hour: ids and views, best first, in LEB128; section_id 0 is the
-- whole paper.
CREATE TABLE rankings (
    section_id INTEGER NOT NULL,
    chart TEXT NOT NULL,
    hour INTEGER NOT NULL CHECK (hour % 3600 = 0),
    entries BLOB NOT NULL,
    PRIMARY KEY (section_id, chart, hour)
) STRICT, WITHOUT ROWID;
CREATE INDEX rankings_by_hour ON rankings (hour);
