/* A ring of lines between the reader thread, which fills slots, and the import, which takes them.
 * A mutex guards the counters; a slot's content is its owner's alone and is read without it.
 *
 *        taken_count             put_count
 *            |                       |
 *     free   | lent | ready | ready  |  being read   free
 *     -------+------+-------+--------+-------------+------
 *             import   nobody          reader thread
 *
 * I1  0 <= put_count - taken_count <= SLOTS.
 * I2  Only the reader thread writes slot put_count, and without the lock: the ring has a free slot
 *     then, and the import never looks at a slot from put_count on.
 * I3  Only the import looks at slot taken_count while it is lent; the reader thread reaches that
 *     slot again only after taken_count has grown.
 * I4  ahead_bytes is the sum of text_bytes of the slots from taken_count to put_count.
 * I5  at_end is set after the last line was put, and never cleared.
 */
#include "transfer/import_reader.h"

#include <assert.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    SLOTS = 64,
    AHEAD_BYTES_MAX = 8 * 1024 * 1024, /* text of the lines in the ring */
    POLL_MS = 100,                     /* how often a silent pipe's reader checks is_closing */
    WAKE_LINES = SLOTS / 4,            /* the other thread is woken for so many lines or slots */
};

static const char byte_order_mark[] = "\xEF\xBB\xBF";

struct import_reader {
    struct lines *lines; /* the reader thread's */
    const struct import_rules *rules;
    pthread_t thread;
    struct import_reader_line slots[SLOTS];
    pthread_mutex_t lock; /* guards all below */
    pthread_cond_t changed;
    size_t text_bytes[SLOTS];
    size_t put_count, taken_count; /* slot numbers modulo SLOTS */
    size_t ahead_bytes;
    bool is_lent; /* slot taken_count is with the import */
    bool at_end, is_closing;
};

static bool is_blank(const char *text, size_t len)
{
    size_t at = 0;
    while (at < len && (text[at] == ' ' || text[at] == '\t' || text[at] == '\r'))
        at++;
    return at == len;
}

static enum status parse(const struct import_reader *reader, struct import_reader_line *line,
                         const char *text, size_t len)
{
    size_t mark_len = sizeof byte_order_mark - 1;
    if (line->number == 1 && len >= mark_len && memcmp(text, byte_order_mark, mark_len) == 0) {
        text += mark_len;
        len -= mark_len;
    }
    if (is_blank(text, len))
        return STATUS_ABSENT;
    enum status status = import_line_parse(&line->line, text, len, reader->rules, &line->fault);
    if (status != STATUS_OK)
        import_line_clear(&line->line);
    return status;
}

/* Reads the next line of the file into a slot; false at its end. */
static bool read_line(struct import_reader *reader, struct import_reader_line *line,
                      size_t *text_len)
{
    const char *text;
    enum status status;
    *text_len = 0;
    line->fault = (struct fault){.field = ""};
    do /* STATUS_BUSY: a signal interrupted the read */
        status = lines_next(reader->lines, &text, text_len);
    while (status == STATUS_BUSY);
    line->number = reader->lines->number;
    lines_progress(reader->lines, &line->offset, &line->size);
    if (status == STATUS_OK)
        line->status = parse(reader, line, text, *text_len);
    else if (status == STATUS_FULL)
        line->status = fault_set(&line->fault, STATUS_INVALID, "",
                                 "the line is longer than %d bytes", IMPORT_LINE_BYTES_MAX);
    else if (status == STATUS_INVALID)
        line->status =
            fault_set(&line->fault, STATUS_UNUSABLE, "", "the gzip data is damaged or ends early");
    else
        line->status = fault_set(&line->fault, STATUS_FAILED, "", "the file can't be read");
    return status != STATUS_ABSENT;
}

/* Lines in the ring; with the lock held. */
static size_t held_lines(const struct import_reader *reader)
{
    size_t held = reader->put_count - reader->taken_count;
    assert(held <= SLOTS); /* I1 */
    return held;
}

/* With the lock held. */
static bool is_full(const struct import_reader *reader)
{
    return held_lines(reader) == SLOTS || reader->ahead_bytes > AHEAD_BYTES_MAX;
}

/* Waits for a free slot; false when the reader is closing. */
static bool wait_for_slot(struct import_reader *reader)
{
    pthread_mutex_lock(&reader->lock);
    while (!reader->is_closing && is_full(reader))
        pthread_cond_wait(&reader->changed, &reader->lock);
    bool is_open = !reader->is_closing;
    pthread_mutex_unlock(&reader->lock);
    return is_open;
}

/* Waits until a line can be read without blocking, so that a silent pipe can't keep
 * import_reader_close waiting; false when the reader is closing. */
static bool wait_for_input(struct import_reader *reader)
{
    bool is_closing = false;
    while (!is_closing && !lines_wait(reader->lines, POLL_MS)) {
        pthread_mutex_lock(&reader->lock);
        is_closing = reader->is_closing;
        pthread_mutex_unlock(&reader->lock);
    }
    return !is_closing;
}

static void put(struct import_reader *reader, size_t text_len)
{
    pthread_mutex_lock(&reader->lock);
    assert(!reader->at_end && held_lines(reader) < SLOTS); /* I1, I5 */
    reader->text_bytes[reader->put_count % SLOTS] = text_len;
    reader->ahead_bytes += text_len; /* I4 */
    reader->put_count++;
    /* Waking the import for every line would cost more than parsing some lines. */
    if (held_lines(reader) == WAKE_LINES || is_full(reader))
        pthread_cond_broadcast(&reader->changed);
    pthread_mutex_unlock(&reader->lock);
}

static void *run_thread(void *arg)
{
    struct import_reader *reader = arg;
    bool is_readable = true;
    while (is_readable && wait_for_slot(reader) && wait_for_input(reader)) {
        size_t text_len;
        /* Only this thread changes put_count, so it reads it without the lock. */
        struct import_reader_line *line = &reader->slots[reader->put_count % SLOTS]; /* I2 */
        if (!read_line(reader, line, &text_len))
            break;
        is_readable = line->status == STATUS_OK || line->status == STATUS_INVALID ||
                      line->status == STATUS_ABSENT;
        put(reader, text_len);
    }
    pthread_mutex_lock(&reader->lock);
    reader->at_end = true; /* I5 */
    pthread_cond_broadcast(&reader->changed);
    pthread_mutex_unlock(&reader->lock);
    return NULL;
}

enum status import_reader_open(struct lines *lines, const struct import_rules *rules,
                               struct import_reader **reader)
{
    struct import_reader *opened = calloc(1, sizeof *opened);
    if (!opened)
        return STATUS_NO_MEMORY;
    opened->lines = lines;
    opened->rules = rules;
    for (size_t i = 0; i < SLOTS; i++)
        import_line_init(&opened->slots[i].line);
    pthread_mutex_init(&opened->lock, NULL);
    /* Waits are measured by the steady clock: the other may be set while a batch is open. */
    pthread_condattr_t steady;
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    pthread_cond_init(&opened->changed, &steady);
    pthread_condattr_destroy(&steady);
    if (pthread_create(&opened->thread, NULL, run_thread, opened) != 0) {
        free(opened);
        return STATUS_FAILED;
    }
    *reader = opened;
    return STATUS_OK;
}

void import_reader_close(struct import_reader *reader)
{
    pthread_mutex_lock(&reader->lock);
    reader->is_closing = true;
    pthread_cond_broadcast(&reader->changed);
    pthread_mutex_unlock(&reader->lock);
    pthread_join(reader->thread, NULL);
    assert(reader->at_end); /* I5 */
    for (size_t i = 0; i < SLOTS; i++)
        import_line_release(&reader->slots[i].line);
    pthread_cond_destroy(&reader->changed);
    pthread_mutex_destroy(&reader->lock);
    free(reader);
}

static struct timespec deadline_in(int64_t wait_ms)
{
    struct timespec deadline;
    clock_gettime(CLOCK_MONOTONIC, &deadline);
    int64_t nanoseconds = deadline.tv_nsec + wait_ms % 1000 * 1000000;
    deadline.tv_sec += wait_ms / 1000 + nanoseconds / 1000000000;
    deadline.tv_nsec = nanoseconds % 1000000000;
    return deadline;
}

/* Frees the slot that was handed out last; with the lock held. */
static void return_lent(struct import_reader *reader)
{
    if (!reader->is_lent)
        return;
    size_t slot = reader->taken_count % SLOTS;
    assert(held_lines(reader) > 0);                          /* I3 */
    assert(reader->ahead_bytes >= reader->text_bytes[slot]); /* I4 */
    reader->is_lent = false;
    import_line_clear(&reader->slots[slot].line);
    reader->ahead_bytes -= reader->text_bytes[slot];
    reader->taken_count++;
    assert(held_lines(reader) > 0 || reader->ahead_bytes == 0); /* I4 */
    if (held_lines(reader) <= SLOTS - WAKE_LINES)
        pthread_cond_broadcast(&reader->changed);
}

enum status import_reader_next(struct import_reader *reader, int64_t wait_ms,
                               struct import_reader_line **line)
{
    struct timespec deadline = deadline_in(wait_ms);
    int error = 0;
    pthread_mutex_lock(&reader->lock);
    return_lent(reader);
    /* An empty ring is waited on until it has several lines: see put. */
    bool was_empty = held_lines(reader) == 0;
    while (was_empty && held_lines(reader) < WAKE_LINES && !is_full(reader) && !reader->at_end &&
           error == 0)
        error = pthread_cond_timedwait(&reader->changed, &reader->lock, &deadline);
    enum status status = reader->at_end ? STATUS_ABSENT : STATUS_BUSY;
    if (held_lines(reader) > 0) {
        *line = &reader->slots[reader->taken_count % SLOTS]; /* I3 */
        reader->is_lent = true;
        status = STATUS_OK;
    }
    pthread_mutex_unlock(&reader->lock);
    return status;
}
