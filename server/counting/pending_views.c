/* Two places for views that wait: the journal, which takes them without a lock, and a hash table in
 * memory for those that the journal does not take. A batch is the table and the journal's unread
 * records, summed in one hash table whose cells are then moved to its front.
 *
 *   add ──▶ journal ──────────┐
 *     └───▶ table (memory) ───┴──▶ batch ──▶ database ──▶ pending_views_stored
 *                                    └─ stays until it is stored
 *
 * P1  A view is in exactly one of journal, table and batch, or in the batch and (as read, but not
 *     stored) in the journal; a kill then leaves it to the next start.
 * P2  A batch and its journal position do not change until pending_views_stored.
 * P3  The table never has more than `max` pairs. What it may take is `max` less the batch that is
 *     not stored, so that storing that fails for long can't fill the memory.
 * P4  At least a quarter of a table's cells are free, so that a search ends. */
#include "counting/pending_views.h"

#include "store/views.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

enum {
    TABLE_SIZE_MIN = 256,
    BATCH_PAIRS_MAX = 1000000,
    BATCH_RECORDS_MAX = 1000000, /* of the journal, in one transaction */
};

/* Open addressing with linear probing. */
struct count_table {
    struct pending_count *cells; /* article_id 0: free */
    size_t size;                 /* a power of two, or 0 */
    size_t used;
};

struct pending_views {
    struct view_journal *journal; /* NULL without one */
    size_t max;
    pthread_mutex_t lock;     /* guards the table, and what is written of the batch below */
    struct count_table table; /* views that the journal did not take */
    int64_t table_views;
    struct pending_count *batch; /* the writer thread's, as all below */
    size_t batch_len;            /* 0: stored, or none was taken */
    int64_t batch_memory_views;  /* those in the batch that are in no journal */
    int64_t journal_position;    /* the number of the last record in the batch */
};

static size_t hash_pair(int64_t article_id, int64_t begin)
{
    uint64_t mixed =
        ((uint64_t)article_id * 0x9E3779B97F4A7C15u) ^ ((uint64_t)begin * 0xC2B2AE3D27D4EB4Fu);
    return (size_t)(mixed ^ mixed >> 29);
}

/* The cell of a pair, or the free one where it belongs. */
static struct pending_count *cell_of(const struct count_table *table, int64_t article_id,
                                     int64_t begin)
{
    assert(table->used < table->size); /* P4 */
    size_t place = hash_pair(article_id, begin) & (table->size - 1);
    for (;;) {
        struct pending_count *cell = &table->cells[place];
        if (cell->article_id == 0 || (cell->article_id == article_id && cell->begin == begin))
            return cell;
        place = (place + 1) & (table->size - 1);
    }
}

/* Makes room for one more pair (P4). STATUS_FULL without memory. */
static enum status reserve(struct count_table *table)
{
    if (table->used + 1 <= table->size / 4 * 3)
        return STATUS_OK;
    struct count_table larger = {.size = table->size ? table->size * 2 : TABLE_SIZE_MIN,
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

/* Counts a record in a table. STATUS_FULL when its pair would be one more than `max`. */
static enum status add_record(struct count_table *table, size_t max,
                              const struct journal_record *record)
{
    int64_t begin = instant_floor(record->at, VIEW_SLOT_S);
    enum status status = reserve(table);
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

enum status pending_views_open(size_t max, struct pending_views **views)
{
    struct pending_views *opened = calloc(1, sizeof *opened);
    if (!opened)
        return STATUS_NO_MEMORY;
    opened->max = max;
    pthread_mutex_init(&opened->lock, NULL);
    *views = opened;
    return STATUS_OK;
}

void pending_views_close(struct pending_views *views)
{
    if (!views)
        return;
    pthread_mutex_destroy(&views->lock);
    free(views->table.cells);
    free(views->batch);
    free(views);
}

void pending_views_use_journal(struct pending_views *views, struct view_journal *journal,
                               int64_t applied)
{
    assert(views->table.used == 0 && views->batch_len == 0); /* P1, P2 */
    views->journal = journal;
    views->journal_position = applied;
}

enum status pending_views_add(struct pending_views *views, int64_t article_id, enum verdict verdict,
                              int64_t now_s)
{
    const struct journal_record record = {
        .at = instant_limit(now_s), .article_id = article_id, .verdict = verdict};
    if (article_id <= 0 || article_id > JOURNAL_ARTICLE_MAX)
        return STATUS_FAILED;
    if (views->journal && view_journal_append(views->journal, &record) == STATUS_OK)
        return STATUS_OK;
    pthread_mutex_lock(&views->lock);
    size_t room = views->batch_len < views->max ? views->max - views->batch_len : 0;
    enum status status = add_record(&views->table, room, &record);
    views->table_views += status == STATUS_OK;
    assert(views->table.used <= views->max);                 /* P3 */
    assert((size_t)views->table_views >= views->table.used); /* a pair has a view */
    pthread_mutex_unlock(&views->lock);
    return status;
}

/* Under the lock, because serving threads read both for the bound (P3) and for the log. */
static void set_batch(struct pending_views *views, size_t len, int64_t memory_views)
{
    pthread_mutex_lock(&views->lock);
    views->batch_len = len;
    views->batch_memory_views = memory_views;
    pthread_mutex_unlock(&views->lock);
}

static enum status take_record(void *arg, const struct journal_record *record)
{
    return add_record(arg, BATCH_PAIRS_MAX, record);
}

/* Makes what is in the table and in the journal the batch. */
static void take_batch(struct pending_views *views)
{
    pthread_mutex_lock(&views->lock);
    struct count_table taken = views->table;
    int64_t memory_views = views->table_views;
    views->table = (struct count_table){.cells = NULL};
    views->table_views = 0;
    views->batch_memory_views = memory_views; /* they stay visible to pending_views_unjournaled */
    pthread_mutex_unlock(&views->lock);
    int64_t position = views->journal_position;
    if (views->journal)
        position = view_journal_read(views->journal, BATCH_RECORDS_MAX, take_record, &taken);
    assert(position >= views->journal_position); /* P2 */
    views->journal_position = position;
    size_t len = 0;
    for (size_t i = 0; i < taken.size; i++) {
        if (taken.cells[i].article_id != 0)
            taken.cells[len++] = taken.cells[i];
    }
    assert(len == taken.used);
    free(views->batch);
    views->batch = taken.cells;
    set_batch(views, len, memory_views);
}

const struct pending_count *pending_views_batch(struct pending_views *views, size_t *len)
{
    if (views->batch_len == 0)
        take_batch(views);
    assert(views->batch_memory_views == 0 || views->batch_len > 0); /* P1 */
    *len = views->batch_len;
    return views->batch;
}

int64_t pending_views_journal_position(const struct pending_views *views)
{
    return views->journal_position;
}

void pending_views_stored(struct pending_views *views)
{
    set_batch(views, 0, 0);
    if (views->journal)
        view_journal_applied(views->journal, views->journal_position);
}

int64_t pending_views_unjournaled(struct pending_views *views)
{
    pthread_mutex_lock(&views->lock);
    int64_t count = views->batch_memory_views + views->table_views;
    pthread_mutex_unlock(&views->lock);
    return count + (views->journal ? view_journal_behind(views->journal) : 0);
}
