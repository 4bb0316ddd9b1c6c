#include "newsroom/save_section.h"

#include "paper.h"
#include "store/sections.h"

static struct paper paper;

static int open_paper(void **state)
{
    (void)state;
    paper_open(&paper);
    return 0;
}

static int close_paper(void **state)
{
    (void)state;
    paper_close(&paper);
    return 0;
}

static const char *const route_words[] = {"api", "latest", "feed.xml", NULL};

static enum status save(const char *slug, const char *key, const char *name, int64_t position,
                        enum saved *saved, struct fault *fault)
{
    struct section_input section = {
        .slug = slug, .slug_key = key, .name = name, .position = position};
    paper_begin_write(&paper);
    enum status status = section_save(paper.db, transaction_changes(paper.transaction), &section,
                                      route_words, saved, fault);
    paper_commit(&paper);
    return status;
}

static void save_well(const char *slug, const char *name, int64_t position, enum saved expected)
{
    enum saved saved = SAVED_SAME;
    struct fault fault = {.field = ""};
    check_done(slug, save(slug, slug, name, position, &saved, &fault), &fault);
    check_number(slug, saved, expected);
}

static enum status put(void *arg, const struct section *section)
{
    buf_format(arg, "%s:%s:%lld ", section->slug, section->name, (long long)section->position);
    return STATUS_OK;
}

static void check_sections(const char *name, const char *expected)
{
    struct buf sections;
    buf_init(&sections, 10000);
    check_status(name, sections_each(paper.db, put, &sections), STATUS_OK);
    check_text(name, buf_string(&sections), expected);
    buf_release(&sections);
}

static void a_section_keeps_its_position_or_comes_last(void **state)
{
    (void)state;
    check_sections("none", "");
    save_well("c", "C", 5, SAVED_NEW);
    save_well("a", "A", 0, SAVED_NEW);
    save_well("b", "B", 1, SAVED_NEW);
    save_well("d", "D", 5, SAVED_NEW);
    check_sections("four", "b:B:1 c:C:5 d:D:5 a:A:6 ");
    save_well("c", "C", 0, SAVED_SAME);
    save_well("c", "Ç", 0, SAVED_CHANGED);
    save_well("c", "Ç", 9, SAVED_CHANGED);
    save_well("c", "Ç", 9, SAVED_SAME);
    check_sections("moved", "b:B:1 d:D:5 a:A:6 c:Ç:9 ");
}

static void another_spelling_is_refused(void **state)
{
    (void)state;
    enum saved saved;
    struct fault fault = {.field = ""};
    check_done("save", save("ব\u09DF", "ব\u09AF\u09BC", "N", 3, &saved, &fault), &fault);
    check_status("saved otherwise", save("ব\u09AF\u09BC", "ব\u09AF\u09BC", "N", 3, &saved, &fault),
                 STATUS_INVALID);
    check_text("field", fault.field, "slug");
    check_holds("which is stored", fault.text, "ব\u09DF");
}

static void a_paper_has_at_most_two_hundred_sections(void **state)
{
    (void)state;
    enum saved saved;
    struct fault fault = {.field = ""};
    for (int i = 0; i < SECTIONS_MAX; i++) {
        char slug[16];
        snprintf(slug, sizeof slug, "s%d", i);
        save_well(slug, "N", 0, SAVED_NEW);
    }
    check_status("one more", save("more", "more", "N", 0, &saved, &fault), STATUS_INVALID);
    check_text("field", fault.field, "slug");
    check_holds("why", fault.text, "200");
    save_well("s7", "another name", 0, SAVED_CHANGED);
}

static const struct {
    const char *name, *slug, *key;
    bool is_stored; /* it is in the database already, as an older version allowed */
    enum status expected;
    const char *text;
} reservations[] = {
    {"a route's word", "api", "api", false, STATUS_INVALID,
     "\"api\" is an address of Khobor's own"},
    {"one with a dot", "feed.xml", "feed.xml", false, STATUS_INVALID, "\"feed.xml\""},
    {"one in another spelling", "la\u200Dtest", "latest", false, STATUS_INVALID, "\"latest\""},
    {"a stored section with a route's word", "api", "api", true, STATUS_INVALID, "\"api\""},
    {"a reserved word", "live", "live", false, STATUS_INVALID,
     "\"live\" is reserved for a later version of Khobor"},
    {"one in another spelling", "li\u200Dve", "live", false, STATUS_INVALID, "\"live\""},
    {"a stored section with a reserved word", "live", "live", true, STATUS_OK, ""},
    {"a word that begins like one", "lives", "lives", false, STATUS_OK, ""},
};

static void a_reserved_slug_is_refused_for_a_new_section(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(reservations); i++) {
        const char *name = reservations[i].name;
        char sql[200];
        enum saved saved;
        struct fault fault = {.field = "", .text = ""};
        check_status(name, db_run(paper.db, "DELETE FROM sections"), STATUS_OK);
        snprintf(sql, sizeof sql, "INSERT INTO sections VALUES (7, '%s', '%s', 'N', 3)",
                 reservations[i].slug, reservations[i].key);
        if (reservations[i].is_stored)
            check_status(name, db_run(paper.db, sql), STATUS_OK);
        check_status(name,
                     save(reservations[i].slug, reservations[i].key, "Another", 0, &saved, &fault),
                     reservations[i].expected);
        check_text(name, fault.field, *reservations[i].text ? "slug" : "");
        check_holds(name, fault.text, reservations[i].text);
        if (reservations[i].expected == STATUS_OK) {
            check_number(name, saved, reservations[i].is_stored ? SAVED_CHANGED : SAVED_NEW);
            check_number(name, paper_number(&paper, "SELECT count(*) FROM sections"), 1);
        }
    }
}

static void every_word_meant_for_later_is_reserved(void **state)
{
    (void)state;
    static const char *const words[] = {
        "docs",  "newsroom", "desk",    "live",    "preview", "events", "hooks", "topics",
        "pages", "changes",  "resolve", "graphql", "feed",    "rss",    "atom",  "amp"};
    for (size_t i = 0; i < COUNT(words); i++) {
        enum saved saved;
        struct fault fault = {.field = ""};
        check_status(words[i], save(words[i], words[i], "N", 0, &saved, &fault), STATUS_INVALID);
    }
}

int main(void)
{
#define WITH_PAPER(test) cmocka_unit_test_setup_teardown(test, open_paper, close_paper)
    const struct CMUnitTest tests[] = {
        WITH_PAPER(a_section_keeps_its_position_or_comes_last),
        WITH_PAPER(another_spelling_is_refused),
        WITH_PAPER(a_reserved_slug_is_refused_for_a_new_section),
        WITH_PAPER(every_word_meant_for_later_is_reserved),
        WITH_PAPER(a_paper_has_at_most_two_hundred_sections),
    };
    return cmocka_run_group_tests_name("newsroom/save_section", tests, NULL, NULL);
}
