/* What reading costs in an archive of a thousand articles and of a million, in steps of SQLite's
 * virtual machine: a count that is the same on every machine. */
#include "store/lists.h"

#include "base/embedded.h"
#include "document/related.h"
#include "paper.h"
#include "store/articles.h"
#include "store/sections.h"
#include "store/views.h"

#include <sqlite3.h>

enum {
    FEW = 1000,
    MANY = 1000000,
    PAGE = 20,
    STEPS_MORE = 50, /* that a large archive may cost besides its half more */
    /* A row that is looked at: two comparisons, a second term's search, four columns. */
    STEPS_A_ROW = 30,
    STEPS_OF_COMBINATION = (LIST_EXAMINED_MAX + 1) * STEPS_A_ROW,
    ADDRESSES = 400,           /* ids of a range, which both archives have */
    MARKED_TO_COME = MANY / 2, /* scheduled articles that are marked as lead */
    STEPS_OF_LEAD = 30,
};

/* Ids of the sections and terms that build_ids gives. */
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

static void run(const char *sql)
{
    check_status(sql, db_run(paper.db, sql), STATUS_OK);
}

/* Runs SQL in which FIRST and LAST are replaced by two numbers. */
static void run_between(const char *pattern, int first, int last)
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
static void grow(int first, int last)
{
    run("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA cache_size = -400000;"
        "PRAGMA foreign_keys = OFF; BEGIN;");
    run_between(build_articles, first, last);
    run_between(build_terms, first, last);
    run_between(build_totals, first, last);
    run("COMMIT; PRAGMA journal_mode = WAL;");
}

static int set_up(void **state)
{
    (void)state;
    paper_open(&paper);
    run(build_names);
    grow(1, FEW);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    paper_close(&paper);
    return 0;
}

static const struct {
    const char *name;
    struct filter filter;
} lists[] = {
    {"no filter", {.from_at = INT64_MIN}},
    {"no filter, from its time on", {.from_at = 600}},
    {"a common section", {.section_id = COMMON_SECTION, .from_at = INT64_MIN}},
    {"a rare section", {.section_id = RARE_SECTION, .from_at = INT64_MIN}},
    {"a rare section, from long ago", {.section_id = RARE_SECTION, .from_at = 60}},
    {"an empty section", {.section_id = EMPTY_SECTION, .from_at = INT64_MIN}},
    {"no such section", {.section_id = 99, .from_at = INT64_MIN}},
    {"a common tag", {.tag_id = COMMON_TAG, .from_at = INT64_MIN}},
    {"a rare tag", {.tag_id = RARE_TAG, .from_at = INT64_MIN}},
    {"a rare tag, from long ago", {.tag_id = RARE_TAG, .from_at = 60}},
    {"an empty tag", {.tag_id = EMPTY_TAG, .from_at = INT64_MIN}},
    {"no such tag", {.tag_id = NO_TERM, .from_at = INT64_MIN}},
    {"a common author", {.author_id = COMMON_AUTHOR, .from_at = INT64_MIN}},
    {"a rare author", {.author_id = RARE_AUTHOR, .from_at = INT64_MIN}},
    {"an empty author", {.author_id = EMPTY_AUTHOR, .from_at = INT64_MIN}},
    {"no such author", {.author_id = NO_TERM, .from_at = INT64_MIN}},
};

static const struct {
    const char *name;
    struct filter filter;
} combinations[] = {
    {"common section, common tag", {.section_id = COMMON_SECTION, .tag_id = COMMON_TAG}},
    {"rare section, common tag", {.section_id = RARE_SECTION, .tag_id = COMMON_TAG}},
    {"empty section, common tag", {.section_id = EMPTY_SECTION, .tag_id = COMMON_TAG}},
    {"common section, rare tag", {.section_id = COMMON_SECTION, .tag_id = RARE_TAG}},
    {"common section, common author", {.section_id = COMMON_SECTION, .author_id = COMMON_AUTHOR}},
    {"empty section, common author", {.section_id = EMPTY_SECTION, .author_id = COMMON_AUTHOR}},
    {"common tag, common author", {.tag_id = COMMON_TAG, .author_id = COMMON_AUTHOR}},
    {"rare tag, common author", {.tag_id = RARE_TAG, .author_id = COMMON_AUTHOR}},
    {"common tag, rare author", {.tag_id = COMMON_TAG, .author_id = RARE_AUTHOR}},
    {"empty tag, common author", {.tag_id = EMPTY_TAG, .author_id = COMMON_AUTHOR}},
    {"no such tag, common author", {.tag_id = NO_TERM, .author_id = COMMON_AUTHOR}},
    {"all three common",
     {.section_id = COMMON_SECTION, .tag_id = COMMON_TAG, .author_id = COMMON_AUTHOR}},
    {"all three, an empty section",
     {.section_id = EMPTY_SECTION, .tag_id = COMMON_TAG, .author_id = COMMON_AUTHOR}},
    {"all three, an empty tag",
     {.section_id = COMMON_SECTION, .tag_id = EMPTY_TAG, .author_id = COMMON_AUTHOR}},
    {"rare section, common tag, from long ago",
     {.section_id = RARE_SECTION, .tag_id = COMMON_TAG, .from_at = 60}},
    {"rare tag, common author, from long ago",
     {.tag_id = RARE_TAG, .author_id = COMMON_AUTHOR, .from_at = 60}},
};

static int64_t list_cost(struct db *db, const char *name, struct filter filter, int articles,
                         bool from_middle, struct page *page)
{
    int64_t newest = (int64_t)articles * 60;
    filter.before = position_newest(newest);
    if (from_middle)
        filter.before = (struct position){.at = newest / 2, .id = articles / 2};
    filter.limit = PAGE;
    db_steps(db);
    check_status(name, list_page(db, &filter, page), STATUS_OK);
    return db_steps(db);
}

/* Everything else that a reader's request asks for. */
struct archive {
    struct db *db;
    struct paper *paper;
    int articles;
};

static void read_related(const struct archive *archive, int limit)
{
    json_t *document;
    struct context context = {.db = archive->db,
                              .config = &archive->paper->config,
                              .words = words_of("bn"),
                              .now_s = (int64_t)archive->articles * 60};
    check_status("related", related_document(&context, archive->articles, limit, &document),
                 STATUS_OK);
    check_number("related", (int64_t)json_array_size(json_object_get(document, "items")), limit);
    json_decref(document);
}

static void cost_related_few(const struct archive *archive)
{
    read_related(archive, 3);
}

static void cost_related_most(const struct archive *archive)
{
    read_related(archive, LIST_LIMIT_MAX);
}

static void cost_card(const struct archive *archive)
{
    struct query *row;
    check_status(
        "card", card_row(archive->db, archive->articles / 2, archive->articles * INT64_C(60), &row),
        STATUS_OK);
    check_status("card", query_end(row, STATUS_OK), STATUS_OK);
}

static enum status take_none(void *arg, int64_t id, struct query *row)
{
    (void)id;
    (void)row;
    ++*(int64_t *)arg;
    return STATUS_OK;
}

static void read_cards(const struct archive *archive, int64_t section_id)
{
    struct page page;
    int64_t count = 0, middle = archive->articles * INT64_C(30);
    struct filter filter = {.section_id = section_id,
                            .from_at = INT64_MIN,
                            .before = position_newest(middle),
                            .limit = PAGE};
    check_status("cards", list_cards(archive->db, &filter, middle, take_none, &count, &page),
                 STATUS_OK);
    check_number("cards", count, PAGE);
}

static void cost_cards(const struct archive *archive)
{
    read_cards(archive, 0);
}

static void cost_cards_in_section(const struct archive *archive)
{
    read_cards(archive, COMMON_SECTION);
}

static void cost_article(const struct archive *archive)
{
    struct query *row;
    check_status(
        "article",
        article_row(archive->db, archive->articles / 2, archive->articles * INT64_C(60), &row),
        STATUS_OK);
    check_status("article", query_end(row, STATUS_OK), STATUS_OK);
}

static void cost_key(const struct archive *archive)
{
    int64_t id;
    char key[32];
    snprintf(key, sizeof key, "slug-%07d", archive->articles - 1);
    check_status("key", article_id_of_key(archive->db, key, &id), STATUS_OK);
    check_number("key", id, archive->articles - 1);
    check_status("key", article_id_of_key(archive->db, "nothing", &id), STATUS_ABSENT);
}

static void cost_term(const struct archive *archive)
{
    int64_t id;
    check_status("term", term_find(archive->db, TERM_TAG, "rare", &id), STATUS_OK);
    check_status("term", term_find(archive->db, TERM_TAG, "nothing", &id), STATUS_ABSENT);
}

static void cost_section(const struct archive *archive)
{
    struct section section;
    check_status("section", section_find(archive->db, "rare", 4, &section), STATUS_OK);
}

static void read_most(const struct archive *archive, int64_t section_id)
{
    enum {
        MOST = 101
    };
    struct most_viewed best[MOST];
    size_t len;
    bool passed_over;
    int64_t oldest;
    const struct most_viewed_request ask = {.section_id = section_id,
                                            .now_s = archive->articles * INT64_C(60),
                                            .since = INT64_MIN,
                                            .most = MOST};
    check_status("most", views_most(archive->db, &ask, best, &len, &passed_over, &oldest),
                 STATUS_OK);
    check_number("most", (int64_t)len, MOST);
}

static void cost_most(const struct archive *archive)
{
    read_most(archive, 0);
}

static void cost_most_in_section(const struct archive *archive)
{
    read_most(archive, COMMON_SECTION);
}

static void cost_visible(const struct archive *archive)
{
    check_status(
        "visible",
        article_visible(archive->db, archive->articles / 2, archive->articles * INT64_C(60)),
        STATUS_OK);
}

static void cost_total(const struct archive *archive)
{
    int64_t total;
    check_status("total", views_total(archive->db, archive->articles / 2, &total), STATUS_OK);
}

static int64_t newest_at(const struct archive *archive)
{
    return archive->articles * INT64_C(60);
}

/* No article of either archive is marked. */
static void cost_lead(const struct archive *archive)
{
    int64_t id;
    check_status("lead", article_lead(archive->db, newest_at(archive), &id), STATUS_ABSENT);
}

static void cost_first_since(const struct archive *archive)
{
    int64_t at, now_s = newest_at(archive);
    check_status("since", list_first_since(archive->db, now_s / 2 + 1, now_s, &at), STATUS_OK);
    check_number("since", at, now_s / 2 + 60);
    check_status("from the first on", list_first_since(archive->db, INT64_MIN, now_s, &at),
                 STATUS_OK);
    check_number("from the first on", at, 60);
    check_status("none since", list_first_since(archive->db, now_s + 1, now_s + 1, &at),
                 STATUS_ABSENT);
    check_status("all to come", list_first_since(archive->db, INT64_MIN, 59, &at), STATUS_ABSENT);
}

static enum status count_row(void *arg, struct query *row)
{
    (void)row;
    ++*(int64_t *)arg;
    return STATUS_OK;
}

static void read_addresses(const struct archive *archive, int64_t first, int64_t now_s,
                           int64_t expected)
{
    int64_t count = 0;
    check_status("addresses",
                 list_by_id(archive->db, first, first + ADDRESSES - 1, now_s, count_row, &count),
                 STATUS_OK);
    check_number("addresses", count, expected);
}

static void cost_addresses(const struct archive *archive)
{
    read_addresses(archive, archive->articles / 2, newest_at(archive), ADDRESSES);
}

static void cost_addresses_first(const struct archive *archive)
{
    read_addresses(archive, 1, newest_at(archive), ADDRESSES);
}

static void cost_addresses_to_come(const struct archive *archive)
{
    read_addresses(archive, archive->articles / 2, 0, 0);
}

static void cost_addresses_behind(const struct archive *archive)
{
    read_addresses(archive, archive->articles + 1, newest_at(archive), 0);
}

static void read_newest(const struct archive *archive, int64_t from_at, int64_t now_s, int64_t most,
                        int64_t expected)
{
    int64_t count = 0;
    check_status("newest",
                 list_published_since(archive->db, from_at, now_s, most, count_row, &count),
                 STATUS_OK);
    check_number("newest", count, expected);
}

/* As many as are given, of all that there are. */
static void cost_newest(const struct archive *archive)
{
    read_newest(archive, INT64_MIN, newest_at(archive), ADDRESSES, ADDRESSES);
}

static void cost_newest_since(const struct archive *archive)
{
    int64_t now_s = newest_at(archive);
    read_newest(archive, now_s - 60 * 60, now_s, LIST_SINCE_MAX, 61);
}

static void cost_newest_one(const struct archive *archive)
{
    read_newest(archive, INT64_MIN, newest_at(archive), 1, 1);
}

/* A time at which most articles were still scheduled. */
static void cost_newest_long_ago(const struct archive *archive)
{
    read_newest(archive, INT64_MIN, 60 * 60, LIST_SINCE_MAX, 60);
}

static void cost_newest_none(const struct archive *archive)
{
    int64_t now_s = newest_at(archive);
    read_newest(archive, now_s + 1, now_s + 1, LIST_SINCE_MAX, 0);
}

static void cost_last_id(const struct archive *archive)
{
    int64_t id;
    check_status("last id", list_last_id(archive->db, &id), STATUS_OK);
    check_number("last id", id, archive->articles);
}

static const struct {
    const char *name;
    void (*read)(const struct archive *);
} reads[] = {
    {"three related articles", cost_related_few},
    {"a hundred related articles", cost_related_most},
    {"a card", cost_card},
    {"cards", cost_cards},
    {"cards of a section", cost_cards_in_section},
    {"an article", cost_article},
    {"an article by key", cost_key},
    {"a tag by key", cost_term},
    {"a section by slug", cost_section},
    {"the most viewed ever", cost_most},
    {"the most viewed ever in a section", cost_most_in_section},
    {"whether an article is visible", cost_visible},
    {"an article's total", cost_total},
    {"the lead, when none is marked", cost_lead},
    {"the first since a time", cost_first_since},
    {"addresses in the middle", cost_addresses},
    {"the first addresses", cost_addresses_first},
    {"addresses of what is to come", cost_addresses_to_come},
    {"addresses behind the last", cost_addresses_behind},
    {"the newest addresses", cost_newest},
    {"the newest addresses since a time", cost_newest_since},
    {"the newest address", cost_newest_one},
    {"the newest addresses long ago", cost_newest_long_ago},
    {"no newest address", cost_newest_none},
    {"the last id", cost_last_id},
};

struct costs {
    int64_t lists[COUNT(lists)][2];
    int64_t reads[COUNT(reads)];
};

static void measure(int articles, struct costs *costs)
{
    struct page page;
    struct db *db = paper_reader(&paper);
    struct archive archive = {.db = db, .paper = &paper, .articles = articles};
    for (size_t i = 0; i < COUNT(lists); i++) {
        for (int middle = 0; middle < 2; middle++)
            costs->lists[i][middle] =
                list_cost(db, lists[i].name, lists[i].filter, articles, middle, &page);
    }
    for (size_t i = 0; i < COUNT(reads); i++) {
        db_steps(db);
        reads[i].read(&archive);
        costs->reads[i] = db_steps(db);
    }
    db_close(db);
}

static void check_cost(const char *name, int64_t few, int64_t many)
{
    check_true("a query was made", few > 0);
    check_at_most(name, many, few * 3 / 2 + STEPS_MORE);
}

static void check_combinations(void)
{
    struct db *db = paper_reader(&paper);
    for (size_t i = 0; i < COUNT(combinations); i++) {
        for (int middle = 0; middle < 2; middle++) {
            struct page page;
            int64_t cost =
                list_cost(db, combinations[i].name, combinations[i].filter, MANY, middle, &page);
            check_at_most(combinations[i].name, cost, STEPS_OF_COMBINATION);
        }
    }
    db_close(db);
}

static void reading_costs_the_same_among_a_thousand_and_a_million(void **state)
{
    (void)state;
    static struct costs few, many;
    measure(FEW, &few);
    grow(FEW + 1, MANY);
    check_number("articles", paper_number(&paper, "SELECT count(*) FROM articles"), MANY);
    measure(MANY, &many);
    for (size_t i = 0; i < COUNT(lists); i++) {
        check_cost(lists[i].name, few.lists[i][0], many.lists[i][0]);
        check_cost(lists[i].name, few.lists[i][1], many.lists[i][1]);
    }
    for (size_t i = 0; i < COUNT(reads); i++)
        check_cost(reads[i].name, few.reads[i], many.reads[i]);
}

static void a_combination_looks_at_a_bounded_number_of_rows(void **state)
{
    (void)state;
    check_number("articles", paper_number(&paper, "SELECT count(*) FROM articles"), MANY);
    check_combinations();
}

/* A rare combination gives short pages, and all of them together are the whole list. */
static void pages_of_a_rare_combination_go_on_to_the_end(void **state)
{
    (void)state;
    struct page page;
    struct db *db = paper_reader(&paper);
    struct filter filter = {.section_id = RARE_SECTION,
                            .tag_id = COMMON_TAG,
                            .from_at = INT64_MIN,
                            .before = position_newest(INT64_C(60) * MANY),
                            .limit = PAGE};
    int64_t found = 0, pages = 0;
    do {
        check_status("a page", list_page(db, &filter, &page), STATUS_OK);
        found += page.count;
        filter.before = page.next;
        check_at_most("pages", ++pages, MANY / 2 / LIST_EXAMINED_MAX + 10);
    } while (page.more);
    db_close(db);
    check_number("articles in all", found,
                 paper_number(&paper, "SELECT count(*) FROM article_terms "
                                      "WHERE term_id = 1 AND section_id = 2"));
    check_true("more than one page", pages > 40);
}

/* Statements that walk a table, and why they may. */
static const struct {
    const char *query;
    const char *plan; /* what its plan may say */
    const char *reason;
} allowed[] = {
    {"changes_seen", "SCAN changes", "the oldest first, with a LIMIT"},
    {"export_articles", "SCAN a", "writes the whole paper"},
    {"export_redirects", "SCAN r", "writes the whole paper"},
    {"export_sections", "SCAN sections", "writes the whole paper"},
    {"export_views", "SCAN", "writes the whole paper"},
    {"most_viewed_ever_since", "USE TEMP B-TREE", "sorts articles of late"},
    {"rankings_oldest", "SCAN rankings", "the first row, with a LIMIT"},
    {"view_hours_nth_newest", "SCAN newest", "as many hours as are counted"},
    {"view_slots_nth_newest", "SCAN newest", "as many slots as are counted"},
    {"views_apart_oldest", "SCAN views_apart", "the first row, with a LIMIT"},
    {"section_last_position", "SCAN sections", "at most 200 sections"},
    {"sections_all", "SCAN sections", "at most 200 sections"},
    {"sections_all", "USE TEMP B-TREE FOR ORDER BY", "at most 200 sections"},
    {"view_slots_oldest", "SCAN view_slots", "the first row, with a LIMIT"},
    {"view_hours_summed", "USE TEMP B-TREE FOR GROUP BY", "groups what slid, or all at start"},
    {"view_slots_summed", "USE TEMP B-TREE FOR GROUP BY", "groups what slid, or all at start"},
};

static bool is_walk(const char *detail)
{
    return strstr(detail, "SCAN ") || strstr(detail, "TEMP B-TREE") || strstr(detail, "AUTOMATIC");
}

static bool was_needed[COUNT(allowed)];

static bool is_allowed(const char *query, const char *detail)
{
    /* A subquery's rows, a constant row, and what one row packs are walked by everyone. */
    if (strncmp(detail, "SCAN CONSTANT ROW", 17) == 0 || strstr(detail, " VIRTUAL TABLE "))
        return true;
    for (size_t i = 0; i < COUNT(allowed); i++) {
        if (strcmp(allowed[i].query, query) == 0 &&
            strncmp(detail, allowed[i].plan, strlen(allowed[i].plan)) == 0) {
            was_needed[i] = true;
            return true;
        }
    }
    return false;
}

static void check_plan(sqlite3 *sqlite, const struct embedded *file)
{
    char sql[4096];
    sqlite3_stmt *statement;
    int len = (int)(file->end - file->begin);
    snprintf(sql, sizeof sql, "EXPLAIN QUERY PLAN %.*s", len, file->begin);
    assert_true((size_t)len < sizeof sql - 32);
    check_number(file->name, sqlite3_prepare_v2(sqlite, sql, -1, &statement, NULL), SQLITE_OK);
    while (sqlite3_step(statement) == SQLITE_ROW) {
        const char *detail = (const char *)sqlite3_column_text(statement, 3);
        if (is_walk(detail) && !is_allowed(file->name, detail)) {
            print_error("%s: its plan says \"%s\"\n", file->name, detail);
            fail();
        }
    }
    sqlite3_finalize(statement);
}

static void no_statement_walks_a_table_without_a_reason(void **state)
{
    (void)state;
    sqlite3 *sqlite;
    int checked = 0;
    assert_int_equal(sqlite3_open(paper.config.store.database, &sqlite), SQLITE_OK);
    for (const struct embedded *file = embedded_queries; file->name; file++) {
        if (strcmp(file->name, "read_begin") == 0)
            continue;
        check_plan(sqlite, file);
        checked++;
    }
    sqlite3_close(sqlite);
    check_number("statements", checked, SQL__MAX - 1);
}

static void every_exception_is_needed(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(allowed); i++) {
        check_true(allowed[i].query, was_needed[i]);
        check_true(allowed[i].query, allowed[i].reason[0] != '\0');
    }
}

/* What looking for the lead costs at a time; the id that is found, or 0. */
static void check_lead(const char *name, int64_t now_s, int64_t expected)
{
    int64_t id = 0;
    struct db *db = paper_reader(&paper);
    db_steps(db);
    enum status status = article_lead(db, now_s, &id);
    int64_t cost = db_steps(db);
    db_close(db);
    check_status(name, status, expected ? STATUS_OK : STATUS_ABSENT);
    check_number(name, id, expected);
    check_true("a query was made", cost > 0);
    check_at_most(name, cost, STEPS_OF_LEAD);
}

/* The newest half of a million is marked, and at first all of them are scheduled. */
static void a_lead_is_found_at_once_whatever_is_marked(void **state)
{
    (void)state;
    char sql[128];
    int64_t half = MANY - MARKED_TO_COME, newest = INT64_C(60) * MANY;
    check_lead("none marked", newest, 0);
    snprintf(sql, sizeof sql, "UPDATE articles SET lead = 1 WHERE id > %lld", (long long)half);
    run(sql);
    check_number("marked", paper_number(&paper, "SELECT count(*) FROM articles WHERE lead"),
                 MARKED_TO_COME);
    check_lead("all to come", half * 60, 0);
    check_lead("long before all", 0, 0);
    check_lead("one has come", half * 60 + 60, half + 1);
    check_lead("all have come", newest, MANY);
    run("UPDATE articles SET lead = 1 WHERE id = 3");
    check_lead("an old one, and all others to come", half * 60, 3);
    check_lead("its own second", 180, 3);
    check_lead("a second before it", 179, 0);
    run("UPDATE articles SET status = 'scheduled' WHERE id = 1000000");
    check_lead("a scheduled one, a second before", newest - 1, MANY - 1);
    check_lead("a scheduled one", newest, MANY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_statement_walks_a_table_without_a_reason),
        cmocka_unit_test(every_exception_is_needed),
        cmocka_unit_test(reading_costs_the_same_among_a_thousand_and_a_million),
        cmocka_unit_test(a_combination_looks_at_a_bounded_number_of_rows),
        cmocka_unit_test(pages_of_a_rare_combination_go_on_to_the_end),
        cmocka_unit_test(a_lead_is_found_at_once_whatever_is_marked),
    };
    return cmocka_run_group_tests_name("store/list_cost", tests, set_up, tear_down);
}
