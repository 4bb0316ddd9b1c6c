#include "transfer/import.h"

#include "newsroom/save_article.h"
#include "paper.h"

static struct paper paper;

static int open_paper(void **state)
{
    (void)state;
    paper_open(&paper);
    return 0;
}

static int close_paper(void **state)
{
    (void)state;
    paper_close(&paper);
    return 0;
}

#define SECTION "{\"type\":\"section\",\"slug\":\"s\",\"name\":\"S\"}\n"
#define ARTICLE(slug) ARTICLE_MORE(slug, "")
#define ARTICLE_MORE(slug, more)                                                        \
    "{\"type\":\"article\",\"slug\":\"" slug "\",\"section\":\"s\",\"headline\":\"H\"," \
    "\"body\":\"B\",\"published_at\":\"2024-04-16T10:00:00+06:00\"" more "}\n"
#define VIEWS(slug, count)                                                              \
    "{\"type\":\"views\",\"slug\":\"" slug "\",\"hour\":\"2024-04-16T10:00:00+06:00\"," \
    "\"count\":" count "}\n"
#define REDIRECT(from, to) "{\"type\":\"redirect\",\"from\":\"" from "\",\"to\":\"" to "\"}\n"

struct expected {
    int64_t lines, added, changed, unchanged, faults;
};

static void check_counts(const char *name, const struct import_counts *got,
                         const struct expected *expected)
{
    check_number(name, got->lines, expected->lines);
    check_number(name, got->added, expected->added);
    check_number(name, got->changed, expected->changed);
    check_number(name, got->unchanged, expected->unchanged);
    check_number(name, got->faults, expected->faults);
}

static enum status import(const char *text, bool strict, bool dry_run, struct paper_report *report)
{
    struct import_options options = paper_options(report, PAPER_NOW);
    options.strict = strict;
    options.dry_run = dry_run;
    return paper_import_as(&paper, text, strlen(text), &options, report);
}

static int64_t rows(const char *table)
{
    char sql[64];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", table);
    return paper_number(&paper, sql);
}

/* Imported one after the other into one paper. */
static const struct {
    const char *name;
    const char *input;
    struct expected expected;
    const char *faults;
} imports[] = {
    {"nothing", "", {0, 0, 0, 0, 0}, ""},
    {"blank lines", "\n  \n\t\r\n", {3, 0, 0, 0, 0}, ""},
    {"an article before its section", ARTICLE("a"), {1, 0, 0, 0, 1}, "1:section:"},
    {"a section", SECTION, {1, 1, 0, 0, 0}, ""},
    {"the same section", SECTION, {1, 0, 0, 1, 0}, ""},
    {"another name", "{\"type\":\"section\",\"slug\":\"s\",\"name\":\"T\"}\n", {1, 0, 1, 0, 0}, ""},
    {"views before their article", VIEWS("a", "5"), {1, 0, 0, 0, 1}, "1:slug:"},
    {"a redirect before its article", REDIRECT("/a", "a"), {1, 0, 0, 0, 1}, "1:to:"},
    {"an article", ARTICLE("a"), {1, 1, 0, 0, 0}, ""},
    {"the same article", ARTICLE("a"), {1, 0, 0, 1, 0}, ""},
    {"an article in other words", ARTICLE_MORE("a", ",\"kicker\":\"K\""), {1, 0, 1, 0, 0}, ""},
    {"fields in another order, with null",
     "{\"body\":\"B\",\"headline\":\"H\",\"kicker\":\"K\",\"desk\":null,\"section\":\"s\","
     "\"published_at\":\"2024-04-16T04:00:00Z\",\"slug\":\"a\",\"type\":\"article\"}\n",
     {1, 0, 0, 1, 0},
     ""},
    {"views", VIEWS("a", "5"), {1, 1, 0, 0, 0}, ""},
    {"the same views", VIEWS("a", "5"), {1, 0, 0, 1, 0}, ""},
    {"other views", VIEWS("a", "6"), {1, 0, 1, 0, 0}, ""},
    {"a redirect", REDIRECT("/a", "a"), {1, 1, 0, 0, 0}, ""},
    {"the same redirect", REDIRECT("/a", "a"), {1, 0, 0, 1, 0}, ""},
    {"a byte order mark", "\xEF\xBB\xBF" SECTION, {1, 0, 1, 0, 0}, ""},
    {"a byte order mark in the second line", "\n\xEF\xBB\xBF" SECTION, {2, 0, 0, 0, 1}, "2::"},
    {"no line feed at the end",
     ARTICLE("b") "{\"type\":\"section\",\"slug\":\"t\",\"name\":\"T\"}",
     {2, 2, 0, 0, 0},
     ""},
    {"bad lines among good ones",
     "nothing\n" ARTICLE("c") "{\"type\":\"x\"}\n" ARTICLE("d"),
     {4, 2, 0, 0, 2},
     "1::"},
    {"two spellings of a slug",
     ARTICLE("ব\u09DF") ARTICLE("ব\u09AF\u09BC"),
     {2, 1, 0, 0, 1},
     "2:slug:"},
    {"carriage returns",
     "{\"type\":\"section\",\"slug\":\"u\",\"name\":\"U\"}\r\n\r\n",
     {2, 1, 0, 0, 0},
     ""},
    {"no views where there were none",
     "{\"type\":\"views\",\"slug\":\"b\",\"hour\":\"2024-04-16T10:00:00+06:00\",\"count\":0}\n",
     {1, 0, 0, 1, 0},
     ""},
    {"a redirect to another article", REDIRECT("/a", "b"), {1, 0, 1, 0, 0}, ""},
};

static void an_import_counts_what_it_did(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(imports); i++) {
        struct paper_report report;
        check_status(imports[i].name, import(imports[i].input, false, false, &report), STATUS_OK);
        check_counts(imports[i].name, &report.counts, &imports[i].expected);
        check_number(imports[i].name, report.counts.committed, imports[i].expected.lines);
        check_holds(imports[i].name, buf_string(&report.faults), imports[i].faults);
        check_number(imports[i].name, report.faults.len > 0, imports[i].expected.faults > 0);
        paper_report_release(&report);
    }
}

static int64_t revision(const char *slug)
{
    struct query *row;
    check_status(slug, article_row(paper.db, paper_id(&paper, slug), PAPER_NOW, &row), STATUS_OK);
    int64_t revision = query_number(row, "revision");
    check_status(slug, query_end(row, STATUS_OK), STATUS_OK);
    return revision;
}

static void an_article_that_says_the_same_makes_no_revision(void **state)
{
    (void)state;
    static const struct {
        const char *name, *input;
        int64_t expected;
    } cases[] = {
        {"new", ARTICLE("a"), 1},
        {"the same", ARTICLE("a"), 1},
        {"another body", ARTICLE_MORE("a", ",\"tags\":[\"t\"]"), 2},
        {"an image", ARTICLE_MORE("a", ",\"image\":{\"url\":\"/i\",\"alt\":\"A\"}"), 3},
        {"the image in another order",
         ARTICLE_MORE("a", ",\"image\":{\"alt\":\"A\",\"url\":\"/i\"}"), 3},
        {"the image with null",
         ARTICLE_MORE("a", ",\"image\":{\"alt\":\"A\",\"credit\":null,\"url\":\"/i\"}"), 3},
        {"without the image", ARTICLE("a"), 4},
        {"views", VIEWS("a", "9"), 4},
    };
    paper_import(&paper, SECTION);
    for (size_t i = 0; i < COUNT(cases); i++) {
        paper_import(&paper, cases[i].input);
        check_number(cases[i].name, revision("a"), cases[i].expected);
    }
}

static const char good_and_bad[] =
    SECTION ARTICLE("a") VIEWS("a", "5") REDIRECT("/x", "a") "bad\n" ARTICLE("b");

static void check_nothing_stored(const char *name)
{
    static const char *const tables[] = {"sections",   "articles",   "terms",       "redirects",
                                         "view_hours", "view_slots", "view_totals", "changes"};
    for (size_t i = 0; i < COUNT(tables); i++)
        check_number(name, rows(tables[i]), 0);
}

static void strict_stops_at_the_first_bad_line(void **state)
{
    (void)state;
    struct paper_report report;
    check_status("strict", import(good_and_bad, true, false, &report), STATUS_INVALID);
    check_counts("strict", &report.counts, &(struct expected){5, 4, 0, 0, 1});
    check_number("committed", report.counts.committed, 0);
    paper_report_release(&report);
    check_nothing_stored("strict");
    check_status("good", import(SECTION ARTICLE("a"), true, false, &report), STATUS_OK);
    check_number("committed", report.counts.committed, 2);
    paper_report_release(&report);
    check_number("articles", rows("articles"), 1);
}

static void a_dry_run_tries_all_and_stores_nothing(void **state)
{
    (void)state;
    struct paper_report report;
    check_status("dry", import(good_and_bad, false, true, &report), STATUS_OK);
    check_counts("dry", &report.counts, &(struct expected){6, 5, 0, 0, 1});
    paper_report_release(&report);
    check_nothing_stored("dry");
    check_status("strict too", import(good_and_bad, true, true, &report), STATUS_INVALID);
    paper_report_release(&report);
    check_nothing_stored("strict too");
}

static void put_articles(struct buf *lines, int from, int count)
{
    for (int i = from; i < from + count; i++)
        buf_format(lines,
                   "{\"type\":\"article\",\"slug\":\"a%d\",\"section\":\"s\",\"headline\":\"H\","
                   "\"body\":\"B\",\"published_at\":\"2024-04-16T10:00:00+06:00\"}\n",
                   i);
}

/* Who watches an import: how much of it a reader sees, and what it does on the way. */
struct watch {
    struct paper_report report; /* first: on_fault takes it for its context */
    struct db *reader;
    struct paper *other;
    int64_t seen, batches, most_in_batch;
    volatile sig_atomic_t stop;
    int64_t stop_at;
};

static void look(void *arg, const struct import_counts *counts)
{
    struct watch *watch = arg;
    int64_t articles;
    check_status("look", db_number(watch->reader, "SELECT count(*) FROM articles", &articles),
                 STATUS_OK);
    if (articles != watch->seen) {
        watch->batches++;
        if (articles - watch->seen > watch->most_in_batch)
            watch->most_in_batch = articles - watch->seen;
        watch->seen = articles;
    }
    if (watch->stop_at && counts->lines >= watch->stop_at)
        watch->stop = 1;
}

static enum status import_watched(const struct buf *lines, struct watch *watch,
                                  void (*on_progress)(void *, const struct import_counts *),
                                  bool strict)
{
    struct import_options options = paper_options(&watch->report, PAPER_NOW);
    options.on_progress = on_progress;
    options.arg = watch;
    options.stop = &watch->stop;
    options.strict = strict;
    return paper_import_as(&paper, lines->bytes, lines->len, &options, &watch->report);
}

static void a_batch_is_at_most_a_thousand_lines(void **state)
{
    (void)state;
    struct buf lines;
    struct watch watch = {.reader = paper_reader(&paper)};
    buf_init(&lines, 10 * 1024 * 1024);
    paper_import(&paper, SECTION);
    put_articles(&lines, 0, 5500);
    check_status("import", import_watched(&lines, &watch, look, false), STATUS_OK);
    check_number("articles", rows("articles"), 5500);
    check_true("batches were seen on the way", watch.batches >= 5);
    check_at_most("in a batch", watch.most_in_batch, 1000);
    paper_report_release(&watch.report);
    buf_release(&lines);
    db_close(watch.reader);
}

static void strict_shows_nothing_on_the_way(void **state)
{
    (void)state;
    struct buf lines;
    struct watch watch = {.reader = paper_reader(&paper)};
    buf_init(&lines, 10 * 1024 * 1024);
    paper_import(&paper, SECTION);
    put_articles(&lines, 0, 2500);
    check_status("import", import_watched(&lines, &watch, look, true), STATUS_OK);
    check_number("batches", watch.batches, 0);
    check_number("articles", rows("articles"), 2500);
    paper_report_release(&watch.report);
    buf_release(&lines);
    db_close(watch.reader);
}

static void a_stop_keeps_whole_batches(void **state)
{
    (void)state;
    struct buf lines;
    struct watch watch = {.reader = paper_reader(&paper), .stop_at = 3300};
    buf_init(&lines, 10 * 1024 * 1024);
    paper_import(&paper, SECTION);
    put_articles(&lines, 0, 6000);
    check_status("import", import_watched(&lines, &watch, look, false), STATUS_BUSY);
    check_number("stopped at", watch.report.counts.lines, 3300);
    check_number("stored", rows("articles"), watch.report.counts.committed);
    check_true("batches", watch.report.counts.committed >= 2000);
    check_at_most("batches", watch.report.counts.committed, 3300);
    paper_report_release(&watch.report);
    watch.stop_at = 3300;
    watch.stop = 0;
    buf_clear(&lines);
    put_articles(&lines, 6000, 6000);
    int64_t before = rows("articles");
    check_status("strict", import_watched(&lines, &watch, look, true), STATUS_BUSY);
    check_number("strict stores nothing", rows("articles"), before);
    paper_report_release(&watch.report);
    buf_release(&lines);
    db_close(watch.reader);
}

/* A server beside the import stores views between two batches. Behind each line comes a blank one,
 * which opens no batch: when the line before it ended one, the lock is free then. */
static void write_meanwhile(void *arg, const struct import_counts *counts)
{
    struct watch *watch = arg;
    (void)counts;
    if (transaction_begin(watch->other->transaction) != STATUS_OK)
        return;
    check_status("note", article_note_change(watch->other->db, 1), STATUS_OK);
    paper_commit(watch->other);
    watch->batches++;
}

static void another_process_writes_between_batches(void **state)
{
    (void)state;
    struct buf lines;
    struct fault fault;
    struct paper other = paper;
    struct watch watch = {.other = &other};
    check_done("other", transaction_open(&paper.config, &other.transaction, NULL, &fault), &fault);
    other.db = transaction_db(other.transaction);
    transaction_set_timeout(other.transaction, 0); /* so that it is refused while a batch is open */
    buf_init(&lines, 10 * 1024 * 1024);
    paper_import(&paper, SECTION);
    for (int i = 0; i < 4000; i++) {
        put_articles(&lines, i, 1);
        buf_char(&lines, '\n');
    }
    enum status status = import_watched(&lines, &watch, write_meanwhile, false);
    check_done("import", status, &watch.report.fault);
    paper_report_release(&watch.report);
    transaction_close(other.transaction);
    buf_release(&lines);
    check_true("wrote between", watch.batches >= 3);
    check_number("articles", rows("articles"), 4000);
}

/* A line that is too long, or a file that ends early, is no reason to lose the rest. */
static void a_line_over_the_maximum_is_one_fault(void **state)
{
    (void)state;
    char path[128];
    struct buf text;
    struct input *input;
    struct lines lines;
    struct paper_report report;
    struct import_options options = paper_options(&report, PAPER_NOW);
    buf_init(&text, 6 * 1024 * 1024);
    buf_text(&text, SECTION);
    char *room = buf_reserve(&text, IMPORT_LINE_BYTES_MAX + 1);
    assert_non_null(room);
    memset(room, ' ', IMPORT_LINE_BYTES_MAX + 1);
    buf_grew(&text, IMPORT_LINE_BYTES_MAX + 1);
    buf_text(&text, "\n" ARTICLE("a"));
    snprintf(path, sizeof path, "%s/long.ndjson", paper.folder);
    file_write(path, text.bytes, text.len);
    buf_release(&text);
    report = (struct paper_report){.fault = {.field = ""}};
    buf_init(&report.faults, 10000);
    check_status("input", input_open(path, &input, &report.fault), STATUS_OK);
    check_status("lines", lines_open(&lines, input, IMPORT_LINE_BYTES_MAX), STATUS_OK);
    enum status status =
        import_run(paper.transaction, &lines, &options, &report.counts, &report.fault);
    lines_close(&lines);
    input_close(input);
    check_status("import", status, STATUS_OK);
    check_counts("import", &report.counts, &(struct expected){3, 2, 0, 0, 1});
    check_holds("import", buf_string(&report.faults), "2::");
    paper_report_release(&report);
}

static void a_busy_database_ends_the_import(void **state)
{
    (void)state;
    struct paper_report report;
    struct fault fault;
    struct paper other = paper;
    check_done("other", transaction_open(&paper.config, &other.transaction, NULL, &fault), &fault);
    paper_import(&paper, SECTION);
    paper_begin_write(&other);
    transaction_set_timeout(paper.transaction, 10);
    check_status("busy", import(ARTICLE("a"), false, false, &report), STATUS_BUSY);
    check_text("field", report.fault.field, "database");
    check_number("committed", report.counts.committed, 0);
    paper_report_release(&report);
    transaction_rollback(other.transaction);
    check_status("free", import(ARTICLE("a"), false, false, &report), STATUS_OK);
    paper_report_release(&report);
    transaction_close(other.transaction);
    check_number("articles", rows("articles"), 1);
}

/* What the server is told: the articles whose rows or counts changed, and no others. */
static void changes_are_noted_for_the_server(void **state)
{
    (void)state;
    paper_import(&paper, SECTION ARTICLE("a") ARTICLE("b"));
    check_number("new articles", rows("changes"), 2);
    paper_import(&paper, SECTION ARTICLE("a"));
    check_number("the same", rows("changes"), 2);
    paper_import(&paper, VIEWS("b", "5") REDIRECT("/b", "b"));
    check_number("views", rows("changes"), 3);
    check_number("which", paper_number(&paper, "SELECT article_id FROM changes WHERE seq = 3"), 2);
}

int main(void)
{
#define WITH_PAPER(test) cmocka_unit_test_setup_teardown(test, open_paper, close_paper)
    const struct CMUnitTest tests[] = {
        WITH_PAPER(an_import_counts_what_it_did),
        WITH_PAPER(an_article_that_says_the_same_makes_no_revision),
        WITH_PAPER(strict_stops_at_the_first_bad_line),
        WITH_PAPER(a_dry_run_tries_all_and_stores_nothing),
        WITH_PAPER(a_batch_is_at_most_a_thousand_lines),
        WITH_PAPER(strict_shows_nothing_on_the_way),
        WITH_PAPER(a_stop_keeps_whole_batches),
        WITH_PAPER(another_process_writes_between_batches),
        WITH_PAPER(a_line_over_the_maximum_is_one_fault),
        WITH_PAPER(a_busy_database_ends_the_import),
        WITH_PAPER(changes_are_noted_for_the_server),
    };
    return cmocka_run_group_tests_name("store/import", tests, NULL, NULL);
}
