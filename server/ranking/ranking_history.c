/* Copies charts between the rows of store/rankings and the lists of a snapshot. */
#include "ranking/ranking_history.h"

#include "store/rankings.h"

#include <assert.h>
#include <stdlib.h>

static_assert((int)RANKINGS_MAX <= (int)RANKED_MAX, "a stored chart fits into a list");

enum status ranking_history_write(struct db *db, int64_t hour, const struct ranked_list *list)
{
    enum status status = STATUS_OK;
    for (int chart = 0; chart < CHART__MAX && status == STATUS_OK; chart++) {
        struct stored_rank ranks[RANKED_MAX];
        size_t len = list->lens[chart];
        assert(len <= RANKED_MAX);
        for (size_t i = 0; i < len; i++)
            ranks[i] = (struct stored_rank){.article_id = list->ranked[chart][i].article_id,
                                            .views = list->ranked[chart][i].views};
        status = rankings_save(db, hour, list->section_id, chart_name(chart), ranks, len);
    }
    return status;
}

enum status ranking_history_read(struct db *db, int64_t hour, struct ranked_list *list)
{
    enum status status = STATUS_OK;
    for (int chart = 0; chart < CHART__MAX && status == STATUS_OK; chart++) {
        struct stored_rank ranks[RANKINGS_MAX];
        size_t len;
        status = rankings_read(db, hour, list->section_id, chart_name(chart), ranks, &len);
        if (status != STATUS_OK)
            break;
        assert(len <= RANKINGS_MAX);
        for (size_t i = 0; i < len; i++)
            list->ranked[chart][i] =
                (struct ranked){.article_id = ranks[i].article_id, .views = ranks[i].views};
        list->lens[chart] = len;
    }
    return status;
}

/* One hour, without its previous one. */
static enum status open_hour(struct db *db, int64_t section_id, int64_t at, struct snapshot **past)
{
    int64_t hour;
    enum status status = rankings_hour(db, at, &hour);
    if (status != STATUS_OK)
        return status;
    assert(hour <= at); /* what the statement selects by */
    struct snapshot *opened = snapshot_new(1);
    if (!opened)
        return STATUS_NO_MEMORY;
    opened->as_of = hour;
    opened->lists[0].section_id = section_id;
    status = ranking_history_read(db, hour, &opened->lists[0]);
    if (status == STATUS_OK)
        *past = opened;
    else
        free(opened);
    return status;
}

enum status ranking_history_open(struct db *db, int64_t section_id, int64_t at,
                                 struct snapshot **past)
{
    struct snapshot *opened;
    enum status status = open_hour(db, section_id, at, &opened);
    if (status != STATUS_OK)
        return status;
    status = open_hour(db, section_id, opened->as_of - 1, &opened->previous);
    if (status != STATUS_OK && status != STATUS_ABSENT) {
        ranking_history_close(opened);
        return status;
    }
    *past = opened;
    return STATUS_OK;
}

void ranking_history_close(struct snapshot *past)
{
    if (!past)
        return;
    free(past->previous);
    free(past);
}
