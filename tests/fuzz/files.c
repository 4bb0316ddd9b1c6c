/* Targets that take the bytes of a file: a configuration, a journal of views, a stored ranking, an
 * import that may be gzip. */
#include "base/compress.h"
#include "base/lines.h"
#include "counting/view_journal.h"
#include "fuzz.h"
#include "paper.h"
#include "store/rankings.h"

enum {
    JOURNAL_ID = 7,
    JOURNAL_CELLS = 16,
    JOURNAL_CELL_BYTES = 32,
    JOURNAL_HEADER_BYTES = 4096,
    LINE_BYTES_MAX = 4096,
    INPUT_BYTES_MAX = 16 * 1024 * 1024,
};

/* A folder of the process, made at the first call and removed at its end. */
static char folder[64];

static void remove_folder(void)
{
    folder_remove(folder);
}

static const char *file_in_folder(const char *name, const void *bytes, size_t len)
{
    static char path[128];
    if (!folder[0]) {
        folder_make(folder);
        atexit(remove_folder);
    }
    snprintf(path, sizeof path, "%s/%s", folder, name);
    file_write(path, bytes, len);
    return path;
}

void fuzz_config(char *bytes, size_t len)
{
    static struct config config;
    struct fault fault = {.field = ""};
    struct buf shown;
    const char *path = file_in_folder("khobor.ini", bytes, len);
    config_init(&config);
    enum status status = config_read_file(&config, path, &fault);
    if (status != STATUS_OK)
        check_true("a fault in words", fault.text[0] != '\0');
    buf_init(&shown, 1024 * 1024);
    config_print(&config, &shown);
    check_status("printed", buf_status(&shown), STATUS_OK);
    buf_release(&shown);
}

static enum status take(void *arg, const struct journal_record *record)
{
    int64_t *count = arg;
    check_true("an article's id",
               record->article_id >= 1 && record->article_id <= JOURNAL_ARTICLE_MAX);
    ++*count;
    return STATUS_OK;
}

/* Opens the journal that the file is, reads it, adds a record, and opens it again. */
static void use_journal(const char *database, int64_t applied)
{
    struct fault fault = {.field = ""};
    struct view_journal *journal = NULL;
    const struct journal_record record = {.at = PAPER_NOW, .article_id = 5};
    int64_t count = 0, missing;
    enum status status =
        view_journal_open(database, JOURNAL_CELLS, JOURNAL_ID, applied, &journal, &fault);
    if (status != STATUS_OK) {
        check_true("a fault in words", fault.text[0] != '\0');
        return;
    }
    int64_t waiting = view_journal_waiting(journal);
    int64_t last = view_journal_read(journal, INT64_MAX, take, &count);
    check_true("no more than wait", count <= waiting && waiting >= 0);
    check_true("the position does not fall", last >= applied || count == 0);
    view_journal_applied(journal, last);
    check_done("compared", view_journal_check(journal, &missing, &fault), &fault);
    check_status("added", view_journal_append(journal, &record), STATUS_OK);
    view_journal_close(journal);

    check_done("again",
               view_journal_open(database, JOURNAL_CELLS, JOURNAL_ID, last, &journal, &fault),
               &fault);
    count = 0;
    (void)view_journal_read(journal, INT64_MAX, take, &count);
    check_number("what was added is there", count, 1);
    view_journal_close(journal);
}

/* A damaged journal. Bytes that are no more than a header's worth are laid over a journal that has
 * records, from the place that the first two bytes say: a fuzzer does not guess checksums. */
void fuzz_journal(char *bytes, size_t len)
{
    static char good[JOURNAL_HEADER_BYTES + JOURNAL_CELLS * JOURNAL_CELL_BYTES];
    static char database[100];
    if (len < 2)
        return;
    if (!database[0]) {
        struct view_journal *journal;
        struct fault fault = {.field = ""};
        (void)file_in_folder("paper.db", "", 0);
        snprintf(database, sizeof database, "%s/paper.db", folder);
        check_done("a journal",
                   view_journal_open(database, JOURNAL_CELLS, JOURNAL_ID, 0, &journal, &fault),
                   &fault);
        for (int64_t i = 1; i <= JOURNAL_CELLS / 2; i++) {
            const struct journal_record record = {.at = PAPER_NOW + i, .article_id = i};
            check_status("a record", view_journal_append(journal, &record), STATUS_OK);
        }
        view_journal_close(journal);
        size_t good_len;
        char path[128];
        snprintf(path, sizeof path, "%s-views", database);
        char *made = file_read(path, &good_len);
        check_number("its size", (int64_t)good_len, sizeof good);
        memcpy(good, made, sizeof good);
        free(made);
    }
    size_t at = ((unsigned char)bytes[0] | (size_t)(unsigned char)bytes[1] << 8) % sizeof good;
    char file[sizeof good];
    memcpy(file, good, sizeof file);
    bytes += 2, len -= 2;
    if (at + len > sizeof file) {
        (void)file_in_folder("paper.db-views", bytes, len);
    } else {
        memcpy(file + at, bytes, len);
        (void)file_in_folder("paper.db-views", file, sizeof file);
    }
    use_journal(database, 0);
}

/* A stored chart whose entries are these bytes. */
void fuzz_rankings(char *bytes, size_t len)
{
    static struct paper paper;
    struct stored_rank ranks[RANKINGS_MAX];
    size_t ranks_len = 0;
    struct buf sql;
    if (!paper.transaction)
        paper_open(&paper);
    buf_init(&sql, 8 * 1024 * 1024);
    buf_format(&sql,
               "INSERT OR REPLACE INTO rankings (section_id, chart, hour, entries) "
               "VALUES (0, '24h', %lld, x'",
               (long long)PAPER_NOW);
    for (size_t i = 0; i < len; i++)
        buf_format(&sql, "%02x", (unsigned char)bytes[i]);
    buf_text(&sql, "')");
    paper_begin_write(&paper);
    check_status("a row", db_run(paper.db, buf_string(&sql)), STATUS_OK);
    check_status("read", rankings_read(paper.db, PAPER_NOW, 0, "24h", ranks, &ranks_len),
                 STATUS_OK);
    check_true("at most as many", ranks_len <= RANKINGS_MAX);
    for (size_t i = 0; i < ranks_len; i++)
        check_true("numbers over 0", ranks[i].article_id > 0 && ranks[i].views > 0);
    transaction_rollback(paper.transaction);
    buf_release(&sql);
}

/* The lines of a file, plain or gzip. */
static void read_lines(const char *path, struct buf *text, enum status *ended)
{
    struct fault fault = {.field = ""};
    struct input *input = NULL;
    struct lines lines;
    const char *line;
    size_t len;
    check_done("open", input_open(path, &input, &fault), &fault);
    check_status("lines", lines_open(&lines, input, LINE_BYTES_MAX), STATUS_OK);
    do {
        *ended = lines_next(&lines, &line, &len);
        if (*ended == STATUS_OK) {
            check_at_most("a line", (int64_t)len, LINE_BYTES_MAX);
            buf_add(text, line, len);
            buf_char(text, '\n');
        }
    } while ((*ended == STATUS_OK || *ended == STATUS_FULL) && text->len < INPUT_BYTES_MAX / 2);
    lines_close(&lines);
    input_close(input);
}

/* A file that may be gzip is read to its end or to its damage; compressed, it gives the same lines
 * as uncompressed. */
void fuzz_gzip(char *bytes, size_t len)
{
    struct buf plain, packed, unpacked;
    enum status plain_end, unpacked_end;
    bool is_gzip = len >= 2 && bytes[0] == '\x1f' && bytes[1] == '\x8b';
    buf_init(&plain, INPUT_BYTES_MAX);
    buf_init(&packed, INPUT_BYTES_MAX);
    buf_init(&unpacked, INPUT_BYTES_MAX);
    read_lines(file_in_folder("lines", bytes, len), &plain, &plain_end);
    if (!is_gzip) {
        check_status("packed", compress_gzip(bytes, len, &packed), STATUS_OK);
        read_lines(file_in_folder("lines.gz", packed.bytes, packed.len), &unpacked, &unpacked_end);
        check_number("the same end", unpacked_end, plain_end);
        check_text("the same lines", buf_string(&unpacked), buf_string(&plain));
        buf_clear(&unpacked);
        read_lines(file_in_folder("lines.gz", packed.bytes, packed.len - 1), &unpacked,
                   &unpacked_end);
        check_status("one that ends early is damaged", unpacked_end, STATUS_INVALID);
    }
    buf_release(&plain);
    buf_release(&packed);
    buf_release(&unpacked);
}
