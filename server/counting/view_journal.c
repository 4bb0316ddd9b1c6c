/* A lock-free ring of numbered records in memory, each written to the journal's file before it is
 * published in memory. Serving threads append, one thread reads. The file is read when the journal
 * is opened only: it is what a process that was killed leaves.
 *
 *   a cell:  number | time | article id (bits 0-59), verdict (bits 60-63) | check
 *
 * Record numbers:    stored          read, not stored      written, not read
 *                ... ────── applied ────────────────── read ──────────────── next ...
 *
 * J1  applied <= read < next. All three only rise.
 * J2  next - 1 - applied <= capacity: no record is overwritten before it is stored.
 * J3  Numbers begin at 1, and record n is in cell n % capacity. A cell with another number holds an
 *     older or newer round's record.
 * J4  In memory the check is written last, with release order: a record whose check is right is
 *     whole, and was written to the file before.
 * J5  A record up to `found`, the last one when the journal was opened, is never written again: if
 *     it is not whole it is torn, and reading skips it. A later one that is not whole is being
 *     written: reading stops before it.
 * J6  has_failed is set when a record could not be written to the file. Until the records up to
 *     behind_to have been read and written again, the file may lack some of them. */
#include "counting/view_journal.h"

#include "base/clock.h"

#include <assert.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum {
    VERDICT_SHIFT = 60,
    CELLS_AT_ONCE = 2048, /* that are read from the file, or compared with it */
};

/* A struct journal_cell in memory. */
struct memory_cell {
    _Atomic int64_t number;
    _Atomic int64_t at;
    _Atomic int64_t what;
    _Atomic uint64_t check;
};

static_assert(sizeof(struct journal_cell) == JOURNAL_RECORD_BYTES, "the file's layout");

struct view_journal {
    struct journal_file file;
    int64_t id;
    int64_t capacity;
    struct memory_cell *cells;
    _Atomic int64_t next;    /* the number of the next record to be written */
    _Atomic int64_t applied; /* the last that is stored */
    atomic_bool has_failed;  /* J6 */
    int64_t behind_to;       /* J6 */
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

/* The cell in memory as it is in the file. */
static struct journal_cell copy_of(const struct memory_cell *cell)
{
    struct journal_cell copy = {
        .check = atomic_load_explicit(&cell->check, memory_order_acquire)}; /* J4 */
    copy.number = atomic_load_explicit(&cell->number, memory_order_relaxed);
    copy.at = atomic_load_explicit(&cell->at, memory_order_relaxed);
    copy.what = atomic_load_explicit(&cell->what, memory_order_relaxed);
    return copy;
}

static void set_cell(struct memory_cell *cell, const struct journal_cell *to)
{
    atomic_store_explicit(&cell->number, to->number, memory_order_relaxed);
    atomic_store_explicit(&cell->at, to->at, memory_order_relaxed);
    atomic_store_explicit(&cell->what, to->what, memory_order_relaxed);
    atomic_store_explicit(&cell->check, to->check, memory_order_release); /* J4 */
}

/* The number of the record in a cell; 0 when there is none, or a torn one, or one that belongs into
 * another cell. */
static int64_t read_cell(const struct view_journal *journal, int64_t place,
                         struct journal_record *record)
{
    assert(place >= 0 && place < journal->capacity); /* J3 */
    const struct journal_cell cell = copy_of(&journal->cells[place]);
    record->at = instant_limit(cell.at);
    record->article_id = cell.what & JOURNAL_ARTICLE_MAX;
    record->verdict = (enum verdict)((uint64_t)cell.what >> VERDICT_SHIFT);
    bool is_whole = cell.check == check_of(journal->id, cell.number, cell.at, cell.what) &&
                    cell.number % journal->capacity == place && record->article_id > 0 &&
                    record->verdict < VERDICT__MAX;
    return is_whole ? cell.number : 0;
}

/* Finds the records after `applied`: the last one's number, and how many of those before it are
 * torn. */
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

/* Gives the ring in memory `capacity` empty cells. */
static enum status make_ring(struct view_journal *journal, int64_t capacity, struct fault *fault)
{
    assert(capacity > 0 && capacity <= JOURNAL_CAPACITY_MAX);
    free(journal->cells);
    journal->cells = calloc((size_t)capacity, sizeof *journal->cells);
    if (!journal->cells)
        return fault_set(fault, STATUS_NO_MEMORY, "", "there is no memory for the journal");
    journal->capacity = capacity;
    return STATUS_OK;
}

/* Fills the ring from the file. */
static void load_ring(struct view_journal *journal)
{
    struct journal_cell cells[CELLS_AT_ONCE];
    assert(journal->capacity == journal->file.capacity);
    for (int64_t place = 0; place < journal->capacity; place += CELLS_AT_ONCE) {
        int64_t left = journal->capacity - place;
        size_t count = left < CELLS_AT_ONCE ? (size_t)left : CELLS_AT_ONCE;
        journal_file_read(&journal->file, place, count, cells);
        for (size_t i = 0; i < count; i++)
            set_cell(&journal->cells[place + (int64_t)i], &cells[i]);
    }
}

static enum status open_file(struct view_journal *journal, const char *database, int64_t capacity,
                             int64_t applied, struct fault *fault)
{
    bool is_whole;
    enum status status =
        journal_file_open(database, journal->id, capacity, &journal->file, &is_whole, fault);
    if (status != STATUS_OK)
        return status;
    journal->damaged = applied > 0 && !is_whole;
    if (journal->file.capacity > 0) {
        status = make_ring(journal, journal->file.capacity, fault);
        if (status != STATUS_OK)
            return status;
        load_ring(journal);
        recover(journal, applied);
        /* Only an empty journal gets another size. */
        if (journal->found > applied || (journal->capacity == capacity && is_whole))
            return is_whole ? STATUS_OK
                            : journal_file_make(&journal->file, journal->capacity, false, fault);
    }
    status = make_ring(journal, capacity, fault);
    if (status == STATUS_OK)
        status = journal_file_make(&journal->file, capacity, true, fault);
    if (status == STATUS_OK)
        recover(journal, applied);
    return status;
}

enum status view_journal_open(const char *database, int64_t capacity, int64_t id, int64_t applied,
                              struct view_journal **journal, struct fault *fault)
{
    if (applied < 0 || applied > JOURNAL_NUMBER_MAX) /* it comes from the database */
        return fault_set(fault, STATUS_FAILED, "",
                         "the database's position in the journal of views is damaged");
    struct view_journal *opened = calloc(1, sizeof *opened);
    if (!opened)
        return fault_set(fault, STATUS_NO_MEMORY, "", "there is no memory for the journal");
    opened->file.fd = -1;
    opened->id = id;
    enum status status = open_file(opened, database, capacity, applied, fault);
    if (status != STATUS_OK) {
        view_journal_close(opened);
        return status;
    }
    assert(opened->read == applied && opened->found >= applied); /* J1 */
    *journal = opened;
    return STATUS_OK;
}

enum status view_journal_peek(const char *database, int64_t id, int64_t applied,
                              enum status (*take)(void *arg, const struct journal_record *record),
                              void *arg)
{
    struct fault fault;
    struct view_journal journal = {.id = id, .file = {.fd = -1}};
    if (applied < 0 || applied > JOURNAL_NUMBER_MAX) /* it comes from the database */
        return STATUS_UNUSABLE;
    enum status status = journal_file_open_reading(database, id, &journal.file);
    if (status != STATUS_OK)
        return status == STATUS_ABSENT ? STATUS_OK : status;
    status = make_ring(&journal, journal.file.capacity, &fault);
    if (status == STATUS_OK)
        load_ring(&journal);
    for (int64_t place = 0; place < journal.capacity && status == STATUS_OK; place++) {
        struct journal_record record;
        int64_t number = read_cell(&journal, place, &record);
        if (number > applied + journal.capacity)
            status = STATUS_BUSY;
        else if (number > applied)
            status = take(arg, &record);
    }
    journal_file_close(&journal.file);
    free(journal.cells);
    return status;
}

void view_journal_close(struct view_journal *journal)
{
    if (!journal)
        return;
    journal_file_close(&journal->file);
    free(journal->cells);
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
    int64_t place = number % journal->capacity;
    struct journal_cell cell = {.number = number,
                                .at = record->at,
                                .what = record->article_id | (int64_t)record->verdict
                                                                 << VERDICT_SHIFT};
    cell.check = check_of(journal->id, number, cell.at, cell.what);
    if (!journal_file_write(&journal->file, place, &cell))
        atomic_store(&journal->has_failed, true); /* J6 */
    set_cell(&journal->cells[place], &cell);      /* J4 */
    return STATUS_OK;
}

/* Whether the file has the records from `first` to `last`, whole in memory; those that it does not
 * have are written again. *missing counts them. False when that fails. */
static bool repair_file(const struct view_journal *journal, int64_t first, int64_t last,
                        int64_t *missing)
{
    struct journal_cell cells[CELLS_AT_ONCE];
    assert(last <= journal->read && last - first < journal->capacity); /* J1, J2 */
    while (first <= last) {
        int64_t place = first % journal->capacity, count = last - first + 1;
        if (count > CELLS_AT_ONCE)
            count = CELLS_AT_ONCE;
        if (count > journal->capacity - place)
            count = journal->capacity - place;
        journal_file_read(&journal->file, place, (size_t)count, cells);
        for (int64_t i = 0; i < count; i++) {
            const struct journal_cell cell = copy_of(&journal->cells[place + i]);
            if (memcmp(&cell, &cells[i], sizeof cell) == 0)
                continue;
            ++*missing;
            if (!journal_file_write(&journal->file, place + i, &cell))
                return false;
        }
        first += count;
    }
    return true;
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

enum status view_journal_check(struct view_journal *journal, int64_t *missing, struct fault *fault)
{
    bool is_new;
    *missing = 0;
    enum status status = journal_file_check(&journal->file, &is_new, fault);
    if (status != STATUS_OK)
        return status;
    /* Before the file is compared: a record that fails from here on sets it again. */
    if (atomic_exchange(&journal->has_failed, false) || is_new)
        journal->behind_to = atomic_load(&journal->next) - 1;
    if (!repair_file(journal, atomic_load(&journal->applied) + 1, journal->read, missing)) {
        atomic_store(&journal->has_failed, true);
        return fault_set(fault, STATUS_FULL, "", "the journal of views can't be written: %s",
                         strerror(errno));
    }
    assert(journal->behind_to < atomic_load(&journal->next)); /* J6 */
    return STATUS_OK;
}

int64_t view_journal_behind(const struct view_journal *journal)
{
    assert(journal->read >= atomic_load(&journal->applied)); /* J1 */
    if (!atomic_load(&journal->has_failed) && journal->read >= journal->behind_to)
        return 0;
    return atomic_load(&journal->next) - 1 - atomic_load(&journal->applied);
}

enum status view_journal_sync(struct view_journal *journal)
{
    int64_t last = atomic_load_explicit(&journal->next, memory_order_acquire) - 1;
    assert(last >= journal->synced); /* J1 */
    /* A number is taken before its record is written, so the last records are synced twice. */
    bool is_second = last == journal->synced;
    if (is_second && journal->is_settled)
        return STATUS_OK;
    if (journal_file_sync(&journal->file) != STATUS_OK)
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
