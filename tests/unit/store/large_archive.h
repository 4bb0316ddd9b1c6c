/* An archive of a thousand articles that can grow to a million. */
#ifndef KHOBOR_TESTS_LARGE_ARCHIVE_H
#define KHOBOR_TESTS_LARGE_ARCHIVE_H

#include "paper.h"
#include "store/lists.h"

enum {
    FEW = 1000,
    MANY = 1000000,
    PAGE = 20,
    /* A row that is looked at: two comparisons, a second term's search, four columns. */
    STEPS_A_ROW = 30,
    ADDRESSES = 400, /* ids of a range, which both archives have */
};

/* Ids of the sections and terms that build_names inserts. */
enum {
    COMMON_SECTION = 1,
    RARE_SECTION,
    EMPTY_SECTION,
};

enum {
    COMMON_TAG = 1,
    RARE_TAG,
    COMMON_AUTHOR,
    RARE_AUTHOR,
    EMPTY_TAG,
    EMPTY_AUTHOR,
    NO_TERM = 99,
};

static struct paper paper;

/* Article i is published at i minutes. Rare is every 20th of the first thousand, every 20,000th
 * after that: a page's worth in the small archive and another in the large one. */
#define IS_RARE(of, rest) \
    "((" of " <= 1000 AND " of " % 20 = " rest ") OR " of " % 20000 = " rest ")"
#define AT(of) of " * 60"

static const char build_names[] =
    "INSERT INTO sections VALUES (1, 'common', 'common', 'Common', 1), (2, 'rare', 'rare', 'Rare', "
    "2),"
    "    (3, 'empty', 'empty', 'Empty', 3);"
    "INSERT INTO terms VALUES (1, 'tag', 'common'), (2, 'tag', 'rare'), (3, 'author', 'common'),"
    "    (4, 'author', 'rare'), (5, 'tag', 'empty'), (6, 'author', 'empty');";

static const char build_articles[] =
    "WITH RECURSIVE n (i) AS (SELECT FIRST UNION ALL SELECT i + 1 FROM n WHERE i < LAST) "
    "INSERT INTO articles (id, section_id, status, published_at, created_at, revision, most_read,"
    "    lead, language, slug, slug_key, headline, authors, credits, tags, related, body) "
    "SELECT i, CASE WHEN " IS_RARE("i", "0") " THEN 2 ELSE 1 END, 'published', " AT(
        "i") ", 0, 1,"
             "    i % 10 <> 0, 0, 'bn', printf('slug-%07d', i), printf('slug-%07d', i), 'শিরোনাম', "
             "'[]', '[]',"
             "    CASE WHEN " IS_RARE(
                 "i",
                 "0") " THEN '[\"common\",\"rare\"]' ELSE '[\"common\"]' END,"
                      "    '[\"slug-0000003\",\"slug-0000005\",\"nothing\"]', 'কয়েকটি শব্দ' FROM n;";

/* Each term's rows are inserted in the order of its key, so that pages are only appended. */
static const char build_terms[] =
    "INSERT INTO article_terms SELECT 1, listed_at, id, section_id FROM articles"
    "    WHERE id >= FIRST AND id % 2 = 0 ORDER BY id;"
    "INSERT INTO article_terms SELECT 2, listed_at, id, section_id FROM articles"
    "    WHERE id >= FIRST AND " IS_RARE(
        "id", "0") " ORDER BY id;"
                   "INSERT INTO article_terms SELECT 3, listed_at, id, section_id FROM articles"
                   "    WHERE id >= FIRST AND id % 3 = 0 ORDER BY id;"
                   "INSERT INTO article_terms SELECT 4, listed_at, id, section_id FROM articles"
                   "    WHERE id >= FIRST AND " IS_RARE("id", "7") " ORDER BY id;";

static const char build_totals[] =
    "INSERT INTO view_totals SELECT id, id * 7919 % 100003 + 1, section_id,"
    "    CASE WHEN most_read THEN listed_at END FROM articles WHERE id >= FIRST;";

static inline void run(const char *sql)
{
    check_status(sql, db_run(paper.db, sql), STATUS_OK);
}

/* Runs SQL in which FIRST and LAST are replaced by two numbers. */
static inline void run_between(const char *pattern, int first, int last)
{
    struct buf sql;
    buf_init(&sql, 4096);
    for (const char *from = pattern; *from; from++) {
        if (strncmp(from, "FIRST", 5) == 0) {
            buf_format(&sql, "%d", first);
            from += 4;
        } else if (strncmp(from, "LAST", 4) == 0) {
            buf_format(&sql, "%d", last);
            from += 3;
        } else {
            buf_char(&sql, *from);
        }
    }
    run(buf_string(&sql));
    buf_release(&sql);
}

/* The archive grows from `first` to `last`; durability is no matter here. */
static inline void grow(int first, int last)
{
    run("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA cache_size = -400000;"
        "PRAGMA foreign_keys = OFF; BEGIN;");
    run_between(build_articles, first, last);
    run_between(build_terms, first, last);
    run_between(build_totals, first, last);
    run("COMMIT; PRAGMA journal_mode = WAL;");
}

static inline int set_up(void **state)
{
    (void)state;
    paper_open(&paper);
    run(build_names);
    grow(1, FEW);
    return 0;
}

static inline int tear_down(void **state)
{
    (void)state;
    paper_close(&paper);
    return 0;
}

#endif
