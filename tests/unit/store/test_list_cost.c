/* What reading costs in an archive of a thousand articles and of a million, in steps of SQLite's
 * virtual machine: a count that is the same on every machine. */
#include "archive_reads.h"

enum {
    STEPS_MORE = 50, /* that a large archive may cost besides its half more */
    STEPS_OF_COMBINATION = (LIST_EXAMINED_MAX + 1) * STEPS_A_ROW,
    MARKED_TO_COME = MANY / 2, /* scheduled articles that are marked as lead */
    STEPS_OF_LEAD = 30,
};

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
        cmocka_unit_test(reading_costs_the_same_among_a_thousand_and_a_million),
        cmocka_unit_test(a_combination_looks_at_a_bounded_number_of_rows),
        cmocka_unit_test(pages_of_a_rare_combination_go_on_to_the_end),
        cmocka_unit_test(a_lead_is_found_at_once_whatever_is_marked),
    };
    return cmocka_run_group_tests_name("store/list_cost", tests, set_up, tear_down);
}
