#include "journal.h"

/* What another process reads of the file, while its journal is open or not. */
static void check_copied(const char *name, int64_t id, int64_t applied, const char *expected,
                         int64_t expected_to)
{
    int64_t complete_to = -1;
    struct buf ids;
    buf_init(&ids, 100000);
    check_status(name, view_journal_copy(path, id, applied, take, &ids, &complete_to), STATUS_OK);
    check_text(name, buf_string(&ids), expected);
    check_number(name, complete_to, expected_to);
    buf_release(&ids);
}

static void another_process_reads_without_changing_anything(void **state)
{
    (void)state;
    int64_t complete_to;
    struct view_journal *journal = opened(CAPACITY, ID, 0);
    check_copied("nothing", ID, 0, "", 0);
    append(journal, 1, 5);
    check_copied("all", ID, 0, "1 2 3 4 5 ", 5);
    check_copied("what is not stored", ID, 3, "4 5 ", 5);
    check_copied("another database's", ID + 1, 0, "", 0);
    check_read("still there", journal, 100, "1 2 3 4 5 ");
    view_journal_applied(journal, 5);
    append(journal, 6, CAPACITY + 2); /* over 1 and 2 */
    check_copied("round the ring", ID, CAPACITY - 2, "63 64 65 66 ", CAPACITY + 2);
    append(journal, CAPACITY + 3, CAPACITY + 5);
    struct buf expected; /* 4 and 5 are overwritten, and no later record counts as without a gap */
    buf_init(&expected, 1000);
    for (int number = 6; number <= CAPACITY + 3; number++)
        buf_format(&expected, "%d ", number);
    check_copied("overwritten", ID, 3, buf_string(&expected), 3);
    buf_release(&expected);
    view_journal_close(journal);
    check_status("no position", view_journal_copy(path, ID, -1, take, NULL, &complete_to),
                 STATUS_UNUSABLE);
    unlink(path);
    check_copied("no file", ID, 7, "", 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(another_process_reads_without_changing_anything, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests_name("counting/view_journal_copy", tests, NULL, NULL);
}
