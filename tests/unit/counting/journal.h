/* A journal in a folder of its own, whose records are told by their articles' ids. */
#ifndef KHOBOR_TESTS_COUNTING_JOURNAL_H
#define KHOBOR_TESTS_COUNTING_JOURNAL_H

#include "counting/view_journal.h"
#include "paper.h"

enum {
    CAPACITY = 64,
    ID = 7,
};

static char folder[64], database[96], path[128];

static int set_up(void **state)
{
    (void)state;
    folder_make(folder);
    snprintf(database, sizeof database, "%s/paper.db", folder);
    snprintf(path, sizeof path, "%s-views", database);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    folder_remove(folder);
    return 0;
}

static struct view_journal *opened(int64_t capacity, int64_t id, int64_t applied)
{
    struct view_journal *journal = NULL;
    struct fault fault = {.field = ""};
    check_done("open", view_journal_open(database, capacity, id, applied, &journal, &fault),
               &fault);
    return journal;
}

static void append(struct view_journal *journal, int64_t from, int64_t to)
{
    for (int64_t number = from; number <= to; number++) {
        const struct journal_record record = {.at = 1000 + number, .article_id = number};
        check_status("append", view_journal_append(journal, &record), STATUS_OK);
    }
}

static enum status take(void *arg, const struct journal_record *record)
{
    check_number("time", record->at, 1000 + record->article_id);
    buf_format(arg, "%lld ", (long long)record->article_id);
    return STATUS_OK;
}

/* Reads what there is, as the articles' ids; the number of the last. */
static int64_t check_read(const char *name, struct view_journal *journal, int64_t most,
                          const char *expected)
{
    struct buf ids;
    buf_init(&ids, 100000);
    int64_t last = view_journal_read(journal, most, take, &ids);
    check_text(name, buf_string(&ids), expected);
    buf_release(&ids);
    return last;
}

#endif
