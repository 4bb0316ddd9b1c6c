#include "freshness/article_changes.h"

#include "check.h"

#include <stdlib.h>

enum {
    TERM_ID = 77,
    LISTED_AT = 1000,
};

/* Topics as bits, so that a case names the set it expects. */
enum {
    ARTICLE = 1,
    CARD = 2,
    PAPER_LIST = 4,
    SECTION_LIST = 8,
    OLD_SECTION_LIST = 16,
    LEAD = 32,
    TERM = 64,
};

static const struct {
    int bit;
    enum topic topic;
    int64_t id;
} topics[] = {
    {ARTICLE, TOPIC_ARTICLE, 5},       {CARD, TOPIC_CARD, 5},
    {PAPER_LIST, TOPIC_LIST, 0},       {SECTION_LIST, TOPIC_LIST, 2},
    {OLD_SECTION_LIST, TOPIC_LIST, 3}, {LEAD, TOPIC_LEAD, 0},
    {TERM, TOPIC_TERM, TERM_ID},
};

#define NEW .section_id = 2, .section_id_before = 2, .is_moved = true
#define SAME .section_id = 2, .section_id_before = 2
#define MOVED .section_id = 2, .section_id_before = 3, .is_moved = true

static const struct {
    const char *name;
    struct article_change change;
    int expected;
    bool is_scheduled;
} cases[] = {
    {"a new article",
     {NEW, .is_listed = true},
     ARTICLE | CARD | PAPER_LIST | SECTION_LIST | TERM,
     true},
    {"a new lead",
     {NEW, .is_listed = true, .is_lead = true},
     ARTICLE | CARD | PAPER_LIST | SECTION_LIST | LEAD | TERM,
     true},
    {"a new draft", {NEW}, ARTICLE | CARD | TERM, false},
    {"a draft's text", {SAME}, 0, false},
    {"a draft's card and lead", {SAME, .is_card_edited = true, .is_lead = true}, 0, false},
    {"a listed article's body", {SAME, .was_listed = true, .is_listed = true}, ARTICLE, true},
    {"its headline",
     {SAME, .was_listed = true, .is_listed = true, .is_card_edited = true},
     ARTICLE | CARD,
     true},
    {"its tags",
     {SAME, .was_listed = true, .is_listed = true, .is_terms_edited = true},
     ARTICLE | TERM,
     true},
    {"its section",
     {MOVED, .was_listed = true, .is_listed = true},
     ARTICLE | CARD | PAPER_LIST | SECTION_LIST | OLD_SECTION_LIST | TERM,
     true},
    {"it leads no more",
     {SAME, .was_listed = true, .is_listed = true, .was_lead = true},
     ARTICLE | LEAD,
     true},
    {"it is withdrawn",
     {NEW, .was_listed = true, .was_lead = true},
     ARTICLE | CARD | PAPER_LIST | SECTION_LIST | LEAD | TERM,
     false},
    {"a draft becomes withdrawn", {NEW}, ARTICLE | CARD | TERM, false},
};

static void a_change_marks_what_shows_it(void **state)
{
    (void)state;
    struct change_set *changes = calloc(1, sizeof *changes);
    assert_non_null(changes);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct article_change change = cases[i].change;
        int marked = 0;
        change.id = 5;
        change.listed_at = LISTED_AT;
        change_set_clear(changes);
        article_change_mark(&change, changes);
        article_change_mark_term(&change, TERM_ID, changes);
        for (size_t at = 0; at < COUNT(topics); at++) {
            uint32_t index = version_index(topics[at].topic, topics[at].id);
            if (changes->bits[index / 64] >> index % 64 & 1)
                marked |= topics[at].bit;
        }
        check_number(cases[i].name, marked, cases[i].expected);
        check_number(cases[i].name, changes->any, cases[i].expected != 0);
        if (changes->any)
            check_number(cases[i].name, changes->due_s,
                         cases[i].is_scheduled ? LISTED_AT : INT64_MAX);
    }
    free(changes);
}

static void a_new_term_is_marked_for_those_who_did_not_find_it(void **state)
{
    (void)state;
    struct change_set *changes = calloc(1, sizeof *changes);
    assert_non_null(changes);
    article_change_mark_new_term(changes);
    uint32_t index = version_index(TOPIC_TERM, 0);
    check_number("term 0", changes->bits[index / 64] >> index % 64 & 1, 1);
    free(changes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_change_marks_what_shows_it),
        cmocka_unit_test(a_new_term_is_marked_for_those_who_did_not_find_it),
    };
    return cmocka_run_group_tests_name("freshness/article_changes", tests, NULL, NULL);
}
