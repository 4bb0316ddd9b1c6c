/* A lock-free ring of numbered records in a mapped file. Serving threads append, one thread reads.
 *
 * The file, in the byte order of the machine:
 *
 *   offset   bytes
 *        0       8   "KHVIEWS1"
 *        8       8   id of the database that the records belong to
 *       16       8   capacity, in records
 *       24    4072   zero, to the end of the page
 *     4096      32   cell 0: record capacity, then 2 * capacity, ...
 *     4128      32   cell 1: record 1, then capacity + 1, ...
 *      ...
 *
 *   a cell:  0 number | 8 time | 16 article id (bits 0-59), verdict (bits 60-63) | 24 check
 *
 * Record numbers:    stored          read, not stored      written, not read
 *                ... ────── applied ────────────────── read ──────────────── next ...
 *
 * J1  applied <= read < next. All three only rise.
 * J2  next - 1 - applied <= capacity: no record is overwritten before it is stored.
 * J3  Numbers begin at 1, and record n is in cell n % capacity. A cell with another number holds an
 *     older or newer round's record.
 * J4  The check is written last, with release order: a record whose check is right is whole.
 * J5  A record up to `found`, the last one when the journal was opened, is never written again: if
 *     it is not whole it is torn, and reading skips it. A later one that is not whole is being
 *     written: reading stops before it. */
#include "counting/view_journal.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAGIC INT64_C(0x315357454956484b) /* "KHVIEWS1" */

enum {
    HEADER_BYTES = 4096, /* a page of its own */
    VERDICT_SHIFT = 60,
    CAPACITY_MAX = 16777216, /* the largest that the settings allow */
};

struct journal_header {
    int64_t magic, id, capacity;
};

struct journal_cell {
    _Atomic int64_t number;
    _Atomic int64_t at;
    _Atomic int64_t what; /* article id and verdict */
    _Atomic uint64_t check;
};

static_assert(sizeof(struct journal_cell) == JOURNAL_RECORD_BYTES, "the file's layout");

struct view_journal {
    int fd;
    int64_t id;
    int64_t capacity;
    size_t bytes; /* of the mapping */
    void *mapping;
    struct journal_cell *cells;
    _Atomic int64_t next;    /* the number of the next record to be written */
    _Atomic int64_t applied; /* the last that is stored */
    int64_t read;            /* the last that was read; the reading thread's */
    int64_t found;           /* J5 */
    int64_t torn;
    bool damaged;
    int64_t synced;  /* the last that was brought to the disk; the syncing thread's, */
    bool is_settled; /* as this: no record up to `synced` was being written then */
};

/* A hash of a record's other words. It detects halves of two records, not an attacker, who could
 * write the file anyway. */
static uint64_t check_of(int64_t id, int64_t number, int64_t at, int64_t what)
{
    const int64_t words[] = {id, number, at, what};
    uint64_t mixed = UINT64_C(0x9E3779B97F4A7C15);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        mixed = (mixed ^ (uint64_t)words[i]) * UINT64_C(0xFF51AFD7ED558CCD);
        mixed ^= mixed >> 32;
    }
    return mixed;
}

/* The number of the record in a cell; 0 when there is none, or a torn one, or one that belongs into
 * another cell. */
static int64_t read_cell(const struct view_journal *journal, int64_t place,
                         struct journal_record *record)
{
    assert(place >= 0 && place < journal->capacity); /* J3 */
    const struct journal_cell *cell = &journal->cells[place];
    uint64_t check = atomic_load_explicit(&cell->check, memory_order_acquire); /* J4 */
    int64_t number = atomic_load_explicit(&cell->number, memory_order_relaxed);
    record->at = atomic_load_explicit(&cell->at, memory_order_relaxed);
    int64_t what = atomic_load_explicit(&cell->what, memory_order_relaxed);
    record->article_id = what & JOURNAL_ARTICLE_MAX;
    record->verdict = (enum verdict)((uint64_t)what >> VERDICT_SHIFT);
    bool is_whole = check == check_of(journal->id, number, record->at, what) &&
                    number % journal->capacity == place && record->article_id > 0 &&
                    record->verdict < VERDICT__MAX;
    return is_whole ? number : 0;
}

/* Finds the records after `applied` in the mapped file: the last one's number, and how many of
 * those before it are torn. */
static void recover(struct view_journal *journal, int64_t applied)
{
    int64_t whole = 0;
    journal->found = applied;
    for (int64_t place = 0; place < journal->capacity; place++) {
        struct journal_record record;
        int64_t number = read_cell(journal, place, &record);
        if (number <= applied || number > applied + journal->capacity)
            continue;
        whole++;
        if (number > journal->found)
            journal->found = number;
    }
    journal->torn = journal->found - applied - whole;
    assert(journal->torn >= 0); /* J3: no number is in two cells */
    journal->read = applied;
    atomic_init(&journal->applied, applied);
    atomic_init(&journal->next, journal->found + 1);
    assert(journal->found - applied <= journal->capacity); /* J2 */
}

/* Maps the file with room for `capacity` records. The room is allocated at once: writing a page of
 * a sparse file ends the process (SIGBUS) when the disk has no block for it. */
static enum status map(struct view_journal *journal, int64_t capacity, struct fault *fault)
{
    assert(!journal->mapping && capacity > 0 && capacity <= CAPACITY_MAX);
    int code;
    journal->capacity = capacity;
    journal->bytes = HEADER_BYTES + (size_t)capacity * sizeof(struct journal_cell);
    do
        code = posix_fallocate(journal->fd, 0, (off_t)journal->bytes);
    while (code == EINTR);
    void *mapping = MAP_FAILED;
    if (code == 0)
        mapping = mmap(NULL, journal->bytes, PROT_READ | PROT_WRITE, MAP_SHARED, journal->fd, 0);
    if (mapping == MAP_FAILED)
        return fault_set(fault, STATUS_FULL, "", "the journal of views can't have %zu bytes: %s",
                         journal->bytes, strerror(code ? code : errno));
    journal->mapping = mapping;
    journal->cells = (struct journal_cell *)(void *)((char *)mapping + HEADER_BYTES);
    return STATUS_OK;
}

static void unmap(struct view_journal *journal)
{
    if (journal->mapping)
        munmap(journal->mapping, journal->bytes);
    journal->mapping = NULL;
}

/* Empties the file: what it held is another database's, or stored. */
static enum status reset(struct view_journal *journal, int64_t capacity, struct fault *fault)
{
    unmap(journal);
    if (ftruncate(journal->fd, 0) != 0)
        return fault_set(fault, STATUS_FAILED, "", "the journal of views can't be emptied: %s",
                         strerror(errno));
    enum status status = map(journal, capacity, fault);
    if (status != STATUS_OK)
        return status;
    assert(journal->mapping && journal->capacity == capacity);
    *(struct journal_header *)journal->mapping =
        (struct journal_header){.magic = MAGIC, .id = journal->id, .capacity = capacity};
    return STATUS_OK;
}

/* The capacity that the file's header says; 0 when it is no journal of this database. *is_whole
 * gets whether the file has the size that goes with it. A file that was cut, or grew, is still read
 * as far as its records are whole. */
static int64_t read_header(const struct view_journal *journal, bool *is_whole)
{
    struct journal_header header;
    struct stat stat;
    *is_whole = false;
    if (pread(journal->fd, &header, sizeof header, 0) != (ssize_t)sizeof header ||
        header.magic != MAGIC || header.id != journal->id || header.capacity <= 0 ||
        header.capacity > CAPACITY_MAX)
        return 0;
    int64_t bytes = HEADER_BYTES + header.capacity * JOURNAL_RECORD_BYTES;
    *is_whole = fstat(journal->fd, &stat) == 0 && stat.st_size == bytes;
    return header.capacity;
}

static enum status open_file(struct view_journal *journal, const char *path, int64_t capacity,
                             int64_t applied, struct fault *fault)
{
    bool is_whole;
    journal->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (journal->fd < 0)
        return fault_set(fault, STATUS_UNUSABLE, "", "the journal of views can't be opened: %s",
                         strerror(errno));
    int64_t found_capacity = read_header(journal, &is_whole);
    journal->damaged = applied > 0 && !is_whole;
    if (found_capacity > 0) {
        enum status status = map(journal, found_capacity, fault);
        if (status != STATUS_OK)
            return status;
        recover(journal, applied);
        /* Only an empty journal gets another size. */
        if (found_capacity == capacity || journal->found > applied)
            return STATUS_OK;
    }
    enum status status = reset(journal, capacity, fault);
    if (status == STATUS_OK)
        recover(journal, applied);
    return status;
}

enum status view_journal_open(const char *path, int64_t capacity, int64_t id, int64_t applied,
                              struct view_journal **journal, struct fault *fault)
{
    if (applied < 0 || applied > INT64_MAX / 2) /* it comes from the database */
        return fault_set(fault, STATUS_INVALID, "",
                         "the database's position in the journal of views is damaged");
    struct view_journal *opened = calloc(1, sizeof *opened);
    if (!opened)
        return fault_set(fault, STATUS_NO_MEMORY, "", "there is no memory for the journal");
    opened->fd = -1;
    opened->id = id;
    enum status status = open_file(opened, path, capacity, applied, fault);
    if (status != STATUS_OK) {
        view_journal_close(opened);
        return status;
    }
    assert(opened->read == applied && opened->found >= applied); /* J1 */
    *journal = opened;
    return STATUS_OK;
}

void view_journal_close(struct view_journal *journal)
{
    if (!journal)
        return;
    assert(!journal->mapping || journal->fd >= 0);
    unmap(journal);
    if (journal->fd >= 0)
        close(journal->fd);
    free(journal);
}

/* Takes the next number; 0 when the ring is full (J2). */
static int64_t take_number(struct view_journal *journal)
{
    int64_t number = atomic_load_explicit(&journal->next, memory_order_relaxed);
    do {
        if (number - atomic_load_explicit(&journal->applied, memory_order_acquire) >
            journal->capacity)
            return 0;
    } while (!atomic_compare_exchange_weak_explicit(&journal->next, &number, number + 1,
                                                    memory_order_relaxed, memory_order_relaxed));
    assert(number > 0); /* J3 */
    assert(number - atomic_load_explicit(&journal->applied, memory_order_relaxed) <=
           journal->capacity); /* J2 */
    return number;
}

enum status view_journal_append(struct view_journal *journal, const struct journal_record *record)
{
    assert(record->article_id > 0 && record->article_id <= JOURNAL_ARTICLE_MAX);
    assert(record->verdict < VERDICT__MAX);
    int64_t number = take_number(journal);
    if (number == 0)
        return STATUS_FULL;
    struct journal_cell *cell = &journal->cells[number % journal->capacity];
    atomic_store_explicit(&cell->number, number, memory_order_relaxed);
    atomic_store_explicit(&cell->at, record->at, memory_order_relaxed);
    int64_t what = record->article_id | (int64_t)record->verdict << VERDICT_SHIFT;
    atomic_store_explicit(&cell->what, what, memory_order_relaxed);
    atomic_store_explicit(&cell->check, check_of(journal->id, number, record->at, what),
                          memory_order_release); /* J4 */
    return STATUS_OK;
}

int64_t view_journal_read(struct view_journal *journal, int64_t most,
                          enum status (*take)(void *arg, const struct journal_record *record),
                          void *arg)
{
    int64_t end = atomic_load_explicit(&journal->next, memory_order_relaxed);
    assert(journal->read < end); /* J1 */
    assert(end - 1 - atomic_load_explicit(&journal->applied, memory_order_relaxed) <=
           journal->capacity); /* J2 */
    if (end - journal->read - 1 > most)
        end = journal->read + 1 + most;
    for (int64_t number = journal->read + 1; number < end; number++) {
        struct journal_record record;
        bool is_whole = read_cell(journal, number % journal->capacity, &record) == number;
        if (!is_whole && number > journal->found) /* J5 */
            break;
        if (is_whole && take(arg, &record) != STATUS_OK)
            break;
        journal->read = number;
    }
    return journal->read;
}

void view_journal_applied(struct view_journal *journal, int64_t last)
{
    assert(last >= atomic_load_explicit(&journal->applied, memory_order_relaxed) &&
           last <= journal->read); /* J1 */
    atomic_store_explicit(&journal->applied, last, memory_order_release);
}

enum status view_journal_sync(struct view_journal *journal)
{
    int64_t last = atomic_load_explicit(&journal->next, memory_order_acquire) - 1;
    assert(last >= journal->synced); /* J1 */
    /* A number is taken before its record is written, so the last records are synced twice. */
    bool is_second = last == journal->synced;
    if (is_second && journal->is_settled)
        return STATUS_OK;
    if (msync(journal->mapping, journal->bytes, MS_SYNC) != 0)
        return STATUS_FAILED;
    assert(last < atomic_load_explicit(&journal->next, memory_order_relaxed)); /* J1 */
    journal->synced = last;
    journal->is_settled = is_second;
    return STATUS_OK;
}

int64_t view_journal_waiting(const struct view_journal *journal)
{
    return journal->found - atomic_load(&journal->applied);
}

bool view_journal_damaged(const struct view_journal *journal)
{
    return journal->damaged;
}

int64_t view_journal_torn(const struct view_journal *journal)
{
    return journal->torn;
}
