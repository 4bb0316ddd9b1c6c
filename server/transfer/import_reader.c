#include "transfer/import_reader.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    RING = 64,                         /* lines read ahead, */
    AHEAD_BYTES_MAX = 8 * 1024 * 1024, /* but no more than so many bytes of them */
    LOOK_MS = 100,    /* how often a silent pipe's reader looks whether it shall end */
    FLOCK = RING / 4, /* lines worth waking the other thread for */
};

static const char byte_order_mark[] = "\xEF\xBB\xBF";

struct import_reader {
    struct lines *lines;
    const struct import_rules *rules;
    pthread_t thread;
    pthread_mutex_t lock; /* guards all below but the lines between `taken` and `put` */
    pthread_cond_t moved;
    struct import_reader_line ring[RING];
    size_t bytes[RING];
    size_t put, taken; /* lines ever put in, and ever handed back */
    size_t ahead_bytes;
    bool lent; /* ring[taken] is with the caller */
    bool at_end, closing;
};

static bool is_blank(const char *text, size_t len)
{
    size_t at = 0;
    while (at < len && (text[at] == ' ' || text[at] == '\t' || text[at] == '\r'))
        at++;
    return at == len;
}

static enum status parse(struct import_reader *intake, struct import_reader_line *line,
                         const char *text, size_t len)
{
    size_t mark = sizeof byte_order_mark - 1;
    if (line->number == 1 && len >= mark && memcmp(text, byte_order_mark, mark) == 0) {
        text += mark;
        len -= mark;
    }
    if (is_blank(text, len))
        return STATUS_ABSENT;
    enum status status = import_line_parse(&line->record, text, len, intake->rules, &line->fault);
    if (status != STATUS_OK)
        import_line_clear(&line->record);
    return status;
}

/* Reads the next line into a free place; false at the end of the file. */
static bool read_line(struct import_reader *intake, struct import_reader_line *line, size_t *len)
{
    const char *text;
    enum status status;
    *len = 0;
    line->fault = (struct fault){.field = ""};
    do /* a signal that ends nothing may interrupt a read */
        status = lines_next(intake->lines, &text, len);
    while (status == STATUS_BUSY);
    line->number = intake->lines->number;
    lines_progress(intake->lines, &line->offset, &line->size);
    if (status == STATUS_OK)
        line->status = parse(intake, line, text, *len);
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

/* With the lock held. */
static size_t held(const struct import_reader *intake)
{
    return intake->put - intake->taken;
}

static bool is_full(const struct import_reader *intake)
{
    return held(intake) == RING || intake->ahead_bytes > AHEAD_BYTES_MAX;
}

/* Waits for a place in the ring; false when the intake closes. */
static bool wait_for_place(struct import_reader *intake)
{
    pthread_mutex_lock(&intake->lock);
    while (!intake->closing && is_full(intake))
        pthread_cond_wait(&intake->moved, &intake->lock);
    bool open = !intake->closing;
    pthread_mutex_unlock(&intake->lock);
    return open;
}

/* Waits until a line can be read without blocking: a silent pipe must not keep us from ending. */
static bool wait_for_line(struct import_reader *intake)
{
    bool closing = false;
    while (!closing && !lines_wait(intake->lines, LOOK_MS)) {
        pthread_mutex_lock(&intake->lock);
        closing = intake->closing;
        pthread_mutex_unlock(&intake->lock);
    }
    return !closing;
}

static void publish(struct import_reader *intake, bool is_line, size_t len)
{
    pthread_mutex_lock(&intake->lock);
    if (is_line) {
        intake->bytes[intake->put % RING] = len;
        intake->ahead_bytes += len;
        intake->put++;
    } else {
        intake->at_end = true;
    }
    /* Waking for each single line would cost more than parsing some. */
    if (!is_line || held(intake) == FLOCK || is_full(intake))
        pthread_cond_broadcast(&intake->moved);
    pthread_mutex_unlock(&intake->lock);
}

static bool is_readable(const struct import_reader_line *line)
{
    return line->status == STATUS_OK || line->status == STATUS_INVALID ||
           line->status == STATUS_ABSENT;
}

static void *work(void *arg)
{
    struct import_reader *intake = arg;
    bool goes_on = true;
    while (goes_on && wait_for_place(intake) && wait_for_line(intake)) {
        size_t len;
        struct import_reader_line *line = &intake->ring[intake->put % RING];
        bool is_line = read_line(intake, line, &len);
        goes_on = is_line && is_readable(line);
        publish(intake, is_line, len);
    }
    publish(intake, false, 0);
    return NULL;
}

enum status import_reader_open(struct lines *lines, const struct import_rules *rules,
                               struct import_reader **intake)
{
    struct import_reader *opened = calloc(1, sizeof *opened);
    if (!opened)
        return STATUS_NO_MEMORY;
    opened->lines = lines;
    opened->rules = rules;
    for (size_t i = 0; i < RING; i++)
        import_line_init(&opened->ring[i].record);
    pthread_mutex_init(&opened->lock, NULL);
    pthread_cond_init(&opened->moved, NULL);
    if (pthread_create(&opened->thread, NULL, work, opened) != 0) {
        free(opened);
        return STATUS_FAILED;
    }
    *intake = opened;
    return STATUS_OK;
}

void import_reader_close(struct import_reader *intake)
{
    pthread_mutex_lock(&intake->lock);
    intake->closing = true;
    pthread_cond_broadcast(&intake->moved);
    pthread_mutex_unlock(&intake->lock);
    pthread_join(intake->thread, NULL);
    for (size_t i = 0; i < RING; i++)
        import_line_release(&intake->ring[i].record);
    pthread_cond_destroy(&intake->moved);
    pthread_mutex_destroy(&intake->lock);
    free(intake);
}

static struct timespec in_ms(int64_t wait_ms)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += wait_ms / 1000;
    until.tv_nsec += (long)(wait_ms % 1000) * 1000000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    return until;
}

/* With the lock held: the line that was handed out last is done with. */
static void take_back(struct import_reader *intake)
{
    if (!intake->lent)
        return;
    intake->lent = false;
    import_line_clear(&intake->ring[intake->taken % RING].record);
    intake->ahead_bytes -= intake->bytes[intake->taken % RING];
    intake->taken++;
    if (held(intake) <= RING - FLOCK)
        pthread_cond_broadcast(&intake->moved);
}

enum status import_reader_next(struct import_reader *intake, int64_t wait_ms,
                               struct import_reader_line **line)
{
    struct timespec until = in_ms(wait_ms);
    int error = 0;
    pthread_mutex_lock(&intake->lock);
    take_back(intake);
    bool was_empty = held(intake) == 0;
    while (was_empty && held(intake) < FLOCK && !is_full(intake) && !intake->at_end && error == 0)
        error = pthread_cond_timedwait(&intake->moved, &intake->lock, &until);
    enum status status = intake->at_end ? STATUS_ABSENT : STATUS_BUSY;
    if (held(intake) > 0) {
        *line = &intake->ring[intake->taken % RING];
        intake->lent = true;
        status = STATUS_OK;
    }
    pthread_mutex_unlock(&intake->lock);
    return status;
}
