#include "counting/view_journal.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAGIC INT64_C(0x315357454956484b) /* "KHVIEWS1" */

enum {
    HEADER_BYTES = 4096, /* a page of its own */
    VERDICT_SHIFT = 60,
    RECORDS_MAX = 16777216, /* as many as the settings allow */
};

/* The file is a header and a ring. Records are numbered from 1; number n has the place
 * n % capacity, and an older one in its place is known by its number. */
struct header {
    int64_t magic, id, capacity;
};

struct cell {
    _Atomic int64_t number;
    _Atomic int64_t at;
    _Atomic int64_t what;   /* the article's id, and from VERDICT_SHIFT on the verdict */
    _Atomic uint64_t check; /* of the others, written last: half a record has another */
};

struct view_journal {
    int fd;
    size_t bytes;
    struct header *header;
    struct cell *cells;
    int64_t capacity;
    _Atomic int64_t next;    /* the number of the record to come */
    _Atomic int64_t applied; /* the last that is stored */
    int64_t read;            /* the last that was read */
    int64_t found;           /* the last that was there when the journal was opened */
    int64_t torn;
    bool damaged;
    int64_t synced; /* the last that was brought to the disk, by the one thread that does so, */
    bool settled;   /* and all records up to it were whole then */
};

/* Not against an enemy, who could write the file anyway: against halves of two records. */
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

/* The record in a cell and its number; 0 when there is none, or half of one. */
static int64_t read_cell(const struct view_journal *journal, const struct cell *cell,
                         struct journal_record *record)
{
    uint64_t check = atomic_load_explicit(&cell->check, memory_order_acquire);
    int64_t number = atomic_load_explicit(&cell->number, memory_order_relaxed);
    record->at = atomic_load_explicit(&cell->at, memory_order_relaxed);
    int64_t what = atomic_load_explicit(&cell->what, memory_order_relaxed);
    record->article_id = what & ((INT64_C(1) << VERDICT_SHIFT) - 1);
    record->verdict = (enum verdict)(what >> VERDICT_SHIFT);
    bool is_whole = check == check_of(journal->header->id, number, record->at, what);
    return is_whole && record->verdict < VERDICT__MAX ? number : 0;
}

/* What is in the file behind `applied`: the last number, and how many before it are torn. */
static void recover(struct view_journal *journal, int64_t applied)
{
    int64_t whole = 0;
    journal->found = applied;
    for (int64_t i = 0; i < journal->capacity; i++) {
        struct journal_record record;
        int64_t number = read_cell(journal, &journal->cells[i], &record);
        if (number <= applied || number > applied + journal->capacity)
            continue;
        whole++;
        if (number > journal->found)
            journal->found = number;
    }
    journal->torn = journal->found - applied - whole;
    journal->read = applied;
    atomic_init(&journal->applied, applied);
    atomic_init(&journal->next, journal->found + 1);
}

/* Maps the file with room for `capacity` records. The room is taken at once: a page of a sparse
 * file that can't be written for want of a block would end the process. */
static enum status map(struct view_journal *journal, int64_t capacity, struct fault *fault)
{
    int code;
    journal->capacity = capacity;
    journal->bytes = HEADER_BYTES + (size_t)capacity * sizeof(struct cell);
    do
        code = posix_fallocate(journal->fd, 0, (off_t)journal->bytes);
    while (code == EINTR);
    void *at = MAP_FAILED;
    if (code == 0)
        at = mmap(NULL, journal->bytes, PROT_READ | PROT_WRITE, MAP_SHARED, journal->fd, 0);
    if (at == MAP_FAILED)
        return fault_set(fault, STATUS_FULL, "", "the journal of views can't have %zu bytes: %s",
                         journal->bytes, strerror(code ? code : errno));
    journal->header = at;
    journal->cells = (struct cell *)(void *)((char *)at + HEADER_BYTES);
    return STATUS_OK;
}

static void unmap(struct view_journal *journal)
{
    if (journal->header)
        munmap(journal->header, journal->bytes);
    journal->header = NULL;
}

/* Begins a journal anew; what was in the file is another database's, or stored. */
static enum status begin(struct view_journal *journal, int64_t capacity, int64_t id,
                         struct fault *fault)
{
    unmap(journal);
    if (ftruncate(journal->fd, 0) != 0)
        return fault_set(fault, STATUS_FAILED, "", "the journal of views can't be emptied: %s",
                         strerror(errno));
    enum status status = map(journal, capacity, fault);
    if (status == STATUS_OK)
        *journal->header = (struct header){.magic = MAGIC, .id = id, .capacity = capacity};
    return status;
}

/* Whether the file is this database's, and how many records it has room for. One that was cut, or
 * grew, is read as far as its records are whole. */
static bool is_ours(const struct view_journal *journal, int64_t id, int64_t *capacity)
{
    struct header header;
    if (pread(journal->fd, &header, sizeof header, 0) != (ssize_t)sizeof header ||
        header.magic != MAGIC || header.id != id)
        return false;
    *capacity = header.capacity;
    return header.capacity > 0 && header.capacity <= RECORDS_MAX;
}

static bool is_whole(const struct view_journal *journal, int64_t capacity)
{
    struct stat stat;
    size_t bytes = HEADER_BYTES + (size_t)capacity * sizeof(struct cell);
    return fstat(journal->fd, &stat) == 0 && (size_t)stat.st_size == bytes;
}

static enum status open_file(struct view_journal *journal, const char *path, int64_t capacity,
                             int64_t id, int64_t applied, struct fault *fault)
{
    int64_t own;
    enum status status = STATUS_OK;
    journal->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (journal->fd < 0)
        return fault_set(fault, STATUS_UNUSABLE, "", "the journal of views can't be opened: %s",
                         strerror(errno));
    bool ours = is_ours(journal, id, &own);
    journal->damaged = applied > 0 && !(ours && is_whole(journal, own));
    if (ours)
        status = map(journal, own, fault);
    if (ours && status == STATUS_OK)
        recover(journal, applied);
    /* It gets another size only when nothing is in it. */
    if (!ours || (status == STATUS_OK && own != capacity && journal->found == applied)) {
        status = begin(journal, capacity, id, fault);
        if (status == STATUS_OK)
            recover(journal, applied);
    }
    return status;
}

enum status view_journal_open(const char *path, int64_t capacity, int64_t id, int64_t applied,
                              struct view_journal **journal, struct fault *fault)
{
    struct view_journal *opened = calloc(1, sizeof *opened);
    if (!opened)
        return fault_set(fault, STATUS_NO_MEMORY, "", "there is no memory for the journal");
    opened->fd = -1;
    enum status status = open_file(opened, path, capacity, id, applied, fault);
    if (status != STATUS_OK) {
        view_journal_close(opened);
        return status;
    }
    *journal = opened;
    return STATUS_OK;
}

void view_journal_close(struct view_journal *journal)
{
    if (!journal)
        return;
    unmap(journal);
    if (journal->fd >= 0)
        close(journal->fd);
    free(journal);
}

/* Takes the next number; 0 when the ring is full. */
static int64_t take_number(struct view_journal *journal)
{
    int64_t number = atomic_load_explicit(&journal->next, memory_order_relaxed);
    do {
        if (number - atomic_load_explicit(&journal->applied, memory_order_acquire) >
            journal->capacity)
            return 0;
    } while (!atomic_compare_exchange_weak_explicit(&journal->next, &number, number + 1,
                                                    memory_order_relaxed, memory_order_relaxed));
    return number;
}

enum status view_journal_append(struct view_journal *journal, const struct journal_record *record)
{
    int64_t number = take_number(journal);
    if (number == 0)
        return STATUS_FULL;
    struct cell *cell = &journal->cells[number % journal->capacity];
    atomic_store_explicit(&cell->number, number, memory_order_relaxed);
    atomic_store_explicit(&cell->at, record->at, memory_order_relaxed);
    int64_t what = record->article_id | (int64_t)record->verdict << VERDICT_SHIFT;
    atomic_store_explicit(&cell->what, what, memory_order_relaxed);
    atomic_store_explicit(&cell->check, check_of(journal->header->id, number, record->at, what),
                          memory_order_release);
    return STATUS_OK;
}

int64_t view_journal_read(struct view_journal *journal, int64_t most,
                          enum status (*take)(void *arg, const struct journal_record *record),
                          void *arg)
{
    int64_t end = atomic_load_explicit(&journal->next, memory_order_relaxed);
    if (end - journal->read - 1 > most)
        end = journal->read + 1 + most;
    for (int64_t number = journal->read + 1; number < end; number++) {
        struct journal_record record;
        bool is_whole =
            read_cell(journal, &journal->cells[number % journal->capacity], &record) == number;
        /* Of a process that ended, half a record stays one; of this one it is being written now. */
        if (!is_whole && number > journal->found)
            break;
        if (is_whole && take(arg, &record) != STATUS_OK)
            break;
        journal->read = number;
    }
    return journal->read;
}

void view_journal_applied(struct view_journal *journal, int64_t last)
{
    assert(last <= journal->read);
    atomic_store_explicit(&journal->applied, last, memory_order_release);
}

enum status view_journal_sync(struct view_journal *journal)
{
    int64_t last = atomic_load_explicit(&journal->next, memory_order_acquire) - 1;
    /* Once more when nothing came: a number is taken before its record is written. */
    bool again = last == journal->synced;
    if (again && journal->settled)
        return STATUS_OK;
    if (msync(journal->header, journal->bytes, MS_SYNC) != 0)
        return STATUS_FAILED;
    journal->synced = last;
    journal->settled = again;
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
