#include "commands.h"

#include "base/clock.h"
#include "store/articles.h"
#include "store/views.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static enum status print_hour(void *context, int64_t hour, int64_t count)
{
    struct buf text;
    (void)context;
    buf_init(&text, 64);
    instant_format(hour, &text);
    printf("%s\t%" PRId64 "\n", buf_string(&text), count);
    buf_release(&text);
    return STATUS_OK;
}

static enum status print_views(struct db *db, const char *slug, struct fault *fault)
{
    int64_t id, total;
    enum status status = article_id_of_slug(db, slug, strlen(slug), &id);
    if (status == STATUS_ABSENT)
        return fault_set(fault, status, "", "no article has the slug \"%s\"", slug);
    if (status != STATUS_OK)
        return fault_set(fault, status, "database", "the database can't be read");
    printf("hour\tviews\n");
    status = views_hours_each(db, id, print_hour, NULL);
    if (status == STATUS_OK)
        status = views_total(db, id, &total);
    if (status != STATUS_OK)
        return fault_set(fault, status, "database", "the database can't be read");
    printf("total\t%" PRId64 "\n", total);
    return STATUS_OK;
}

int command_views(const struct invocation *invocation)
{
    struct db *db;
    struct fault fault;
    if (open_for_reading(invocation->config, &db, &fault) != STATUS_OK)
        return complain(&fault);
    enum status status = print_views(db, invocation->argument, &fault);
    db_close(db);
    return status == STATUS_OK ? EXIT_DONE : complain(&fault);
}
