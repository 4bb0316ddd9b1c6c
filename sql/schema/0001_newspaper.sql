-- A newspaper: its sections, its articles, where old addresses lead, and what was read.
-- Times are seconds since 1970-01-01T00:00:00Z. A *_key is its text normalised for comparing.

CREATE TABLE sections (
    id INTEGER PRIMARY KEY,
    slug TEXT NOT NULL,
    slug_key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    position INTEGER NOT NULL
) STRICT;

-- The columns a list needs come first and the body last: SQLite reads a row from its beginning, so
-- a list never touches the pages a long body spills to.
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

-- Tags and authors by key, and the listed articles of each: what serves their lists.
CREATE TABLE terms (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('tag', 'author')),
    key TEXT NOT NULL,
    UNIQUE (kind, key)
) STRICT;

CREATE TABLE article_terms (
    term_id INTEGER NOT NULL REFERENCES terms (id),
    listed_at INTEGER NOT NULL,
    article_id INTEGER NOT NULL REFERENCES articles (id),
    section_id INTEGER NOT NULL,
    PRIMARY KEY (term_id, listed_at, article_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX article_terms_of_article ON article_terms (article_id, term_id);

CREATE TABLE redirects (
    source TEXT PRIMARY KEY, -- a path as another system had it, beginning with /
    article_id INTEGER NOT NULL REFERENCES articles (id)
) STRICT, WITHOUT ROWID;

-- Views by slots of 150 seconds, kept for 7 hours, and by hours in UTC. A day older than 90 days
-- is one row of view_hours, at its first hour.
CREATE TABLE view_slots (
    begin INTEGER NOT NULL CHECK (begin % 150 = 0),
    article_id INTEGER NOT NULL REFERENCES articles (id),
    count INTEGER NOT NULL CHECK (count > 0),
    PRIMARY KEY (begin, article_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX view_slots_of_article ON view_slots (article_id, begin);

CREATE TABLE view_hours (
    begin INTEGER NOT NULL CHECK (begin % 3600 = 0),
    article_id INTEGER NOT NULL REFERENCES articles (id),
    count INTEGER NOT NULL CHECK (count > 0),
    PRIMARY KEY (begin, article_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX view_hours_of_article ON view_hours (article_id, begin);

-- All views of an article ever. section_id and ranked_at repeat what the article says, for the
-- order of the most read of all time; ranked_at is NULL for what may not be in it.
CREATE TABLE view_totals (
    article_id INTEGER PRIMARY KEY REFERENCES articles (id),
    total INTEGER NOT NULL,
    section_id INTEGER NOT NULL,
    ranked_at INTEGER
) STRICT;

CREATE INDEX view_totals_order ON view_totals (total, ranked_at, article_id);
CREATE INDEX view_totals_order_in_section ON view_totals (section_id, total, ranked_at, article_id);

-- Articles whose texts, status or counts another process changed and the server has not seen yet.
CREATE TABLE changes (
    seq INTEGER PRIMARY KEY,
    article_id INTEGER NOT NULL
) STRICT;

-- Single numbers that the program remembers.
CREATE TABLE state (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
