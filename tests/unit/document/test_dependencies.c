/* Dependencies of a document: each once, and the whole paper in place of too many. */
#include "document/dependencies.h"

#include "edition.h"

static struct dependencies dependencies;
static const struct context context = {.dependencies = &dependencies};

static int set_up(void **state)
{
    (void)state;
    dependencies_init(&dependencies);
    return 0;
}

static bool has(enum topic topic, int64_t id)
{
    for (int i = 0; i < dependencies.len; i++) {
        if (dependencies.list[i].topic == topic && dependencies.list[i].id == id)
            return true;
    }
    return false;
}

static void a_document_begins_without_dependencies_or_expiry(void **state)
{
    (void)state;
    check_number("dependencies", dependencies.len, 0);
    check_true("never expires", dependencies.until_s == INT64_MAX);
}

static void each_is_noted_once(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        dependency_note(&context, TOPIC_CARD, 5);
        dependency_note(&context, TOPIC_ARTICLE, 5);
        dependency_note(&context, TOPIC_CARD, 6);
        dependency_note(&context, TOPIC_SECTIONS, 0);
    }
    check_number("dependencies", dependencies.len, 4);
    check_true("an article is not its card", has(TOPIC_CARD, 5) && has(TOPIC_ARTICLE, 5));
}

static void without_a_list_nothing_is_noted(void **state)
{
    (void)state;
    const struct context uncached = {.dependencies = NULL};
    dependency_note(&uncached, TOPIC_CARD, 5);
    dependency_until(&uncached, 5);
    check_number("dependencies", dependencies.len, 0);
}

static void the_paper_covers_all_that_is_its_own(void **state)
{
    (void)state;
    dependency_note(&context, TOPIC_PAPER, 0);
    for (int topic = 0; topic < TOPIC__MAX; topic++)
        dependency_note(&context, (enum topic)topic, 0);
    dependency_note(&context, TOPIC_CARD, 5);
    check_number("dependencies", dependencies.len, 4);
    check_true("not the rankings", has(TOPIC_ORDER, 0) && has(TOPIC_COUNTS, 0));
    check_true("nor the theme", has(TOPIC_THEME, 0));
}

/* Invariant D2: what the paper covers goes when the paper is noted after it, too. */
static void the_paper_replaces_what_was_noted_before(void **state)
{
    (void)state;
    dependency_note(&context, TOPIC_CARD, 5);
    dependency_note(&context, TOPIC_THEME, 0);
    dependency_note(&context, TOPIC_LIST, 0);
    dependency_note(&context, TOPIC_PAPER, 0);
    check_number("dependencies", dependencies.len, 2);
    check_true("the paper and the theme", has(TOPIC_PAPER, 0) && has(TOPIC_THEME, 0));
}

static void as_many_as_there_is_room_for_stay_exact(void **state)
{
    (void)state;
    for (int id = 1; id <= DEPENDENCIES_MAX; id++)
        dependency_note(&context, TOPIC_CARD, id);
    dependency_note(&context, TOPIC_CARD, 1); /* noted already */
    check_number("dependencies", dependencies.len, DEPENDENCIES_MAX);
    check_true("not the paper", !has(TOPIC_PAPER, 0));
}

/* One more, and the paper replaces them; rankings and theme are not the paper's and stay. */
static void too_many_become_the_whole_paper(void **state)
{
    static const enum topic topics[] = {TOPIC_CARD, TOPIC_ARTICLE, TOPIC_TERM,
                                        TOPIC_LIST, TOPIC_COUNTS,  TOPIC_THEME};
    (void)state;
    for (size_t i = 0; i < COUNT(topics); i++) {
        dependencies_init(&dependencies);
        dependency_note(&context, TOPIC_THEME, 0);
        dependency_note(&context, TOPIC_ORDER, 0);
        for (int id = 1; id <= DEPENDENCIES_MAX; id++)
            dependency_note(&context, TOPIC_CARD, id);
        dependency_note(&context, topics[i], 9999);
        check_true("the paper", has(TOPIC_PAPER, 0));
        check_true("the theme", has(TOPIC_THEME, 0));
        check_true("the order", has(TOPIC_ORDER, 0));
        bool stays = topics[i] == TOPIC_COUNTS || topics[i] == TOPIC_THEME;
        check_number(topic_name(topics[i]), has(topics[i], 9999), stays);
        check_true("no card", !has(TOPIC_CARD, 1) && !has(TOPIC_CARD, DEPENDENCIES_MAX));
        check_number("dependencies", dependencies.len, 3 + stays);
    }
}

static void the_earliest_end_counts(void **state)
{
    (void)state;
    dependency_until(&context, 500);
    dependency_until(&context, 900);
    check_number("the earlier stays", dependencies.until_s, 500);
    dependency_until(&context, 100);
    check_number("an earlier one counts", dependencies.until_s, 100);
    for (int id = 0; id <= DEPENDENCIES_MAX; id++)
        dependency_note(&context, TOPIC_CARD, id);
    check_number("whatever else is noted", dependencies.until_s, 100);
}

/* Words for caches outside: a section by its slug, which the newsroom knows. */
static void dependencies_are_written_as_words(void **state)
{
    (void)state;
    struct buf text;
    struct edition edition;
    edition_open(&edition);
    struct db *db = edition.paper.db;
    buf_init(&text, 1000);
    check_status("none", dependencies_write(&dependencies, db, ",", &text), STATUS_OK);
    check_text("none", buf_string(&text), "");
    dependency_note(&context, TOPIC_ARTICLE, 12);
    dependency_note(&context, TOPIC_SECTIONS, 0);
    dependency_note(&context, TOPIC_LIST, 0);
    dependency_note(&context, TOPIC_LIST,
                    paper_number(&edition.paper, "SELECT id FROM sections WHERE slug = 'world'"));
    dependency_note(&context, TOPIC_LIST,
                    paper_number(&edition.paper, "SELECT id FROM sections WHERE slug = 'দেশ'"));
    dependency_note(&context, TOPIC_TERM, 3);
    check_status("some", dependencies_write(&dependencies, db, ",", &text), STATUS_OK);
    check_text("some", buf_string(&text),
               "article-12,sections,list,list-world,list-%E0%A6%A6%E0%A7%87%E0%A6%B6,term-3");
    buf_clear(&text);
    check_status("apart", dependencies_write(&dependencies, db, " ", &text), STATUS_OK);
    check_holds("apart", buf_string(&text), "article-12 sections list ");
    buf_release(&text);
    buf_init(&text, 10);
    check_true("a full buffer is reported",
               dependencies_write(&dependencies, db, ",", &text) != STATUS_OK);
    buf_release(&text);
    edition_close(&edition);
}

int main(void)
{
#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, NULL)
    const struct CMUnitTest tests[] = {
        TEST(a_document_begins_without_dependencies_or_expiry),
        TEST(each_is_noted_once),
        TEST(without_a_list_nothing_is_noted),
        TEST(the_paper_covers_all_that_is_its_own),
        TEST(the_paper_replaces_what_was_noted_before),
        TEST(as_many_as_there_is_room_for_stay_exact),
        TEST(too_many_become_the_whole_paper),
        TEST(the_earliest_end_counts),
        TEST(dependencies_are_written_as_words),
    };
    return cmocka_run_group_tests_name("document/dependencies", tests, NULL, NULL);
}
