#include "store/sections.h"

#include "paper.h"

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

static enum status save(const char *slug, const char *key, const char *name, int64_t position,
                        enum saved *saved, struct fault *fault)
{
    struct section section = {.slug = slug, .name = name, .position = position};
    paper_begin_write(&paper);
    enum status status =
        section_save(paper.db, transaction_changes(paper.transaction), &section, key, saved, fault);
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

static void sections_stand_in_the_paper_s_order(void **state)
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

static void a_section_is_found_in_any_spelling(void **state)
{
    (void)state;
    enum saved saved;
    struct section section;
    struct fault fault = {.field = ""};
    check_done("save", save("ব\u09DF", "ব\u09AF\u09BC", "N", 3, &saved, &fault), &fault);
    check_status("as stored", section_find(paper.db, "ব\u09DF", 6, &section), STATUS_OK);
    check_status("otherwise", section_find(paper.db, "ব\u09AF\u09BC", 9, &section), STATUS_OK);
    check_number("id", section.id, 1);
    check_text("slug", section.slug, "ব\u09DF");
    check_text("name", section.name, "N");
    check_number("position", section.position, 3);
    check_status("none such", section_find(paper.db, "ব", 3, &section), STATUS_ABSENT);
    check_status("nothing", section_find(paper.db, "", 0, &section), STATUS_ABSENT);
    check_status("no UTF-8", section_find(paper.db, "\x80", 1, &section), STATUS_ABSENT);
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

static enum status stop(void *arg, const struct section *section)
{
    (void)section;
    return ++*(int *)arg == 2 ? STATUS_FULL : STATUS_OK;
}

static void an_error_of_who_takes_ends_the_reading(void **state)
{
    (void)state;
    int taken = 0;
    save_well("a", "A", 0, SAVED_NEW);
    save_well("b", "B", 0, SAVED_NEW);
    save_well("c", "C", 0, SAVED_NEW);
    check_status("each", sections_each(paper.db, stop, &taken), STATUS_FULL);
    check_number("taken", taken, 2);
}

int main(void)
{
#define WITH_PAPER(test) cmocka_unit_test_setup_teardown(test, open_paper, close_paper)
    const struct CMUnitTest tests[] = {
        WITH_PAPER(sections_stand_in_the_paper_s_order),
        WITH_PAPER(a_section_is_found_in_any_spelling),
        WITH_PAPER(a_paper_has_at_most_two_hundred_sections),
        WITH_PAPER(an_error_of_who_takes_ends_the_reading),
    };
    return cmocka_run_group_tests_name("store/sections", tests, NULL, NULL);
}
