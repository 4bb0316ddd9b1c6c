/* `khobor views SLUG`: a table of an article's hours, and the sums. */
#include "command/command.h"

#include "base/clock.h"
#include "store/articles.h"
#include "store/views.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    LINE_BYTES_MAX = 160
};

static void print_line(const char *what, int64_t count, const struct uncounted_views *uncounted)
{
    struct buf line;
    buf_init(&line, LINE_BYTES_MAX);
    buf_format(&line, "%s\t%" PRId64 "\t%" PRId64 "\t%" PRId64 "\n", what, count,
               uncounted->repeated, uncounted->bots);
    fputs(buf_string(&line), stdout);
    buf_release(&line);
}

/* Prints an hour's line, and adds its uncounted views to the sum in `arg`. */
static enum status print_hour(void *arg, int64_t hour, int64_t count,
                              const struct uncounted_views *uncounted)
{
    struct buf text;
    struct uncounted_views *sum = arg;
    sum->repeated += uncounted->repeated;
    sum->bots += uncounted->bots;
    buf_init(&text, 64);
    instant_format(hour, &text);
    print_line(buf_string(&text), count, uncounted);
    buf_release(&text);
    return STATUS_OK;
}

static enum status print_views(struct db *db, const char *slug, struct fault *fault)
{
    int64_t id, total;
    struct uncounted_views sum = {.repeated = 0};
    enum status status = article_id_of_slug(db, slug, strlen(slug), &id);
    if (status == STATUS_ABSENT)
        return fault_set(fault, status, "", "no article has the slug \"%s\"", slug);
    if (status == STATUS_OK) {
        fputs("hour\tcounted\trepeated\tbots\n", stdout);
        status = views_hours_each(db, id, print_hour, &sum);
    }
    if (status == STATUS_OK)
        status = views_total(db, id, &total);
    if (status != STATUS_OK)
        return fault_set(fault, status, "database", "the database can't be read");
    print_line("total", total, &sum);
    return STATUS_OK;
}

int command_views(const struct invocation *invocation)
{
    struct db *db;
    struct fault fault;
    assert(invocation->argument); /* the table of commands says that it needs one */
    if (open_for_reading(invocation->config, &db, &fault) != STATUS_OK)
        return complain(&fault);
    enum status status = print_views(db, invocation->argument, &fault);
    db_close(db);
    return status == STATUS_OK ? EXIT_DONE : complain(&fault);
}
