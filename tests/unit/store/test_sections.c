#include "store/sections.h"

#include "paper.h"

#define SECTION(slug, name, position)                                                           \
    "{\"type\":\"section\",\"slug\":\"" slug "\",\"name\":\"" name "\",\"position\":" #position \
    "}\n"

static struct paper paper;

static int open_paper(void **state)
{
    (void)state;
    paper_open(&paper);
    paper_import(&paper, SECTION("c", "C", 5) SECTION("ব\u09DF", "N", 6) SECTION("b", "B", 1)
                             SECTION("d", "D", 5));
    return 0;
}

static int close_paper(void **state)
{
    (void)state;
    paper_close(&paper);
    return 0;
}

static enum status put(void *arg, const struct section *section)
{
    buf_format(arg, "%s:%s:%lld ", section->slug, section->name, (long long)section->position);
    return STATUS_OK;
}

static void sections_are_in_the_papers_order(void **state)
{
    (void)state;
    struct buf sections;
    buf_init(&sections, 10000);
    check_status("each", sections_each(paper.db, put, &sections), STATUS_OK);
    check_text("each", buf_string(&sections), "b:B:1 c:C:5 d:D:5 ব\u09DF:N:6 ");
    buf_release(&sections);
}

static void a_section_is_found_in_any_spelling(void **state)
{
    (void)state;
    struct section section;
    check_status("as stored", section_find(paper.db, "ব\u09DF", 6, &section), STATUS_OK);
    check_status("otherwise", section_find(paper.db, "ব\u09AF\u09BC", 9, &section), STATUS_OK);
    check_number("id", section.id, 2);
    check_text("slug", section.slug, "ব\u09DF");
    check_text("name", section.name, "N");
    check_number("position", section.position, 6);
    check_status("none such", section_find(paper.db, "ব", 3, &section), STATUS_ABSENT);
    check_status("nothing", section_find(paper.db, "", 0, &section), STATUS_ABSENT);
    check_status("no UTF-8", section_find(paper.db, "\x80", 1, &section), STATUS_ABSENT);
}

static enum status stop(void *arg, const struct section *section)
{
    (void)section;
    return ++*(int *)arg == 2 ? STATUS_FULL : STATUS_OK;
}

static void an_error_of_take_ends_the_loop(void **state)
{
    (void)state;
    int taken = 0;
    check_status("each", sections_each(paper.db, stop, &taken), STATUS_FULL);
    check_number("taken", taken, 2);
}

int main(void)
{
#define WITH_PAPER(test) cmocka_unit_test_setup_teardown(test, open_paper, close_paper)
    const struct CMUnitTest tests[] = {
        WITH_PAPER(sections_are_in_the_papers_order),
        WITH_PAPER(a_section_is_found_in_any_spelling),
        WITH_PAPER(an_error_of_take_ends_the_loop),
    };
    return cmocka_run_group_tests_name("store/sections", tests, NULL, NULL);
}
