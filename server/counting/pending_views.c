#include "counting/pending_views.h"

#include "store/views.h"

#include <pthread.h>
#include <stdlib.h>

enum {
    FIRST_SLOTS = 256,
    BATCH_PAIRS_MAX = 1000000,
    BATCH_RECORDS_MAX = 1000000, /* of the journal, in one transaction */
};

/* Open addressing; a cell is free while it has no article. `cells` has a power of two of them. */
struct table {
    struct pending_count *cells;
    size_t size, used;
};

struct pending_views {
    struct view_journal *journal; /* NULL without one */
    pthread_mutex_t lock;         /* guards `open`, `loose` and `storing` */
    struct table open;            /* being added to, where the journal takes no more */
    int64_t loose;                /* views in `open` */
    size_t storing;               /* pairs in the batch, while it is not stored */
    struct pending_count *batch;  /* being stored; the writer's alone */
    size_t batch_len, max;
    int64_t batch_loose; /* views in the batch that are in no journal */
    int64_t journaled;   /* the last record of the journal that the batch holds */
};

static size_t hash(int64_t article_id, int64_t begin)
{
    uint64_t mixed =
        ((uint64_t)article_id * 0x9E3779B97F4A7C15u) ^ ((uint64_t)begin * 0xC2B2AE3D27D4EB4Fu);
    return (size_t)(mixed ^ mixed >> 29);
}

static struct pending_count *cell_of(const struct table *table, int64_t article_id, int64_t begin)
{
    size_t at = hash(article_id, begin) & (table->size - 1);
    for (;;) {
        struct pending_count *cell = &table->cells[at];
        if (cell->article_id == 0 || (cell->article_id == article_id && cell->begin == begin))
            return cell;
        at = (at + 1) & (table->size - 1);
    }
}

/* Keeps a quarter of the cells free, so that a search ends soon. */
static enum status make_room(struct table *table)
{
    if (table->used + 1 <= table->size / 4 * 3)
        return STATUS_OK;
    struct table larger = {.size = table->size ? table->size * 2 : FIRST_SLOTS,
                           .used = table->used};
    larger.cells = calloc(larger.size, sizeof *larger.cells);
    if (!larger.cells)
        return STATUS_FULL;
    for (size_t i = 0; i < table->size; i++) {
        const struct pending_count *cell = &table->cells[i];
        if (cell->article_id != 0)
            *cell_of(&larger, cell->article_id, cell->begin) = *cell;
    }
    free(table->cells);
    *table = larger;
    return STATUS_OK;
}

void pending_views_use_journal(struct pending_views *counts, struct view_journal *journal,
                               int64_t applied)
{
    counts->journal = journal;
    counts->journaled = applied;
}

enum status pending_views_open(size_t max, struct pending_views **counts)
{
    struct pending_views *opened = calloc(1, sizeof *opened);
    if (!opened)
        return STATUS_NO_MEMORY;
    opened->max = max;
    pthread_mutex_init(&opened->lock, NULL);
    *counts = opened;
    return STATUS_OK;
}

void pending_views_close(struct pending_views *counts)
{
    if (!counts)
        return;
    pthread_mutex_destroy(&counts->lock);
    free(counts->open.cells);
    free(counts->batch);
    free(counts);
}

static enum status add(struct table *table, size_t max, const struct journal_record *record)
{
    int64_t begin = instant_floor(record->at, VIEW_SLOT_S);
    enum status status = make_room(table);
    if (status != STATUS_OK)
        return status;
    struct pending_count *cell = cell_of(table, record->article_id, begin);
    if (cell->article_id == 0) {
        if (table->used >= max)
            return STATUS_FULL;
        *cell = (struct pending_count){.article_id = record->article_id, .begin = begin};
        table->used++;
    }
    cell->views[record->verdict]++;
    return STATUS_OK;
}

enum status pending_views_add(struct pending_views *counts, int64_t article_id,
                              enum verdict verdict, int64_t now_s)
{
    const struct journal_record record = {
        .at = now_s, .article_id = article_id, .verdict = verdict};
    if (counts->journal && view_journal_append(counts->journal, &record) == STATUS_OK)
        return STATUS_OK;
    pthread_mutex_lock(&counts->lock);
    size_t room = counts->storing < counts->max ? counts->max - counts->storing : 0;
    enum status status = add(&counts->open, room, &record);
    counts->loose += status == STATUS_OK;
    pthread_mutex_unlock(&counts->lock);
    return status;
}

static void note_storing(struct pending_views *counts, size_t pairs)
{
    pthread_mutex_lock(&counts->lock);
    counts->storing = pairs;
    pthread_mutex_unlock(&counts->lock);
}

static enum status take_record(void *arg, const struct journal_record *record)
{
    return add(arg, BATCH_PAIRS_MAX, record);
}

/* Takes what was added in memory, and what is in the journal, as one batch: its cells are moved to
 * the front of their own memory. */
static void take_open(struct pending_views *counts)
{
    pthread_mutex_lock(&counts->lock);
    struct table taken = counts->open;
    counts->batch_loose = counts->loose;
    counts->open = (struct table){.cells = NULL};
    counts->loose = 0;
    pthread_mutex_unlock(&counts->lock);
    if (counts->journal)
        counts->journaled =
            view_journal_read(counts->journal, BATCH_RECORDS_MAX, take_record, &taken);
    size_t len = 0;
    for (size_t i = 0; i < taken.size; i++) {
        if (taken.cells[i].article_id != 0)
            taken.cells[len++] = taken.cells[i];
    }
    free(counts->batch);
    counts->batch = taken.cells;
    counts->batch_len = len;
    note_storing(counts, len);
}

const struct pending_count *pending_views_batch(struct pending_views *counts, size_t *len)
{
    if (counts->batch_len == 0)
        take_open(counts);
    *len = counts->batch_len;
    return counts->batch;
}

void pending_views_stored(struct pending_views *counts)
{
    counts->batch_len = 0;
    counts->batch_loose = 0;
    note_storing(counts, 0);
    if (counts->journal)
        view_journal_applied(counts->journal, counts->journaled);
}

int64_t pending_views_journal_position(const struct pending_views *counts)
{
    return counts->journaled;
}

int64_t pending_views_unjournaled(struct pending_views *counts)
{
    pthread_mutex_lock(&counts->lock);
    int64_t views = counts->batch_loose + counts->loose;
    pthread_mutex_unlock(&counts->lock);
    return views;
}
