#include "transfer/export.h"

#include "base/file.h"
#include "paper.h"

#include <sys/resource.h>

/* Everything that a line can say, in the words and order of the export. */
static const char lines[] =
    "{\"type\":\"section\",\"slug\":\"zebra\",\"name\":\"Z\",\"position\":9}\n"
    "{\"type\":\"section\",\"slug\":\"দেশ\",\"name\":\"দেশ \\\"বিদেশ\\\"\",\"position\":2}\n"
    "{\"type\":\"article\",\"slug\":\"a\",\"section\":\"দেশ\",\"kicker\":\"K\",\"headline\":\"H "
    "\\\\ /\","
    "\"standfirst\":\"S\",\"desk\":\"D\",\"authors\":[\"A\",\"B\"],\"credits\":[\"এলকে\"],"
    "\"tags\":[\"কর\",\"ত\\\"া\"],\"body\":\"এক\\n\\tদুই\\r\\n\u200D\u2028</"
    "script>\",\"language\":\"en-GB\","
    "\"status\":\"published\",\"published_at\":\"2022-08-15T11:30:00+06:00\","
    "\"updated_at\":\"2022-08-16T11:30:01+06:00\",\"image\":{\"url\":\"/i.jpg\",\"width\":1200,"
    "\"height\":null,\"alt\":\"A\",\"caption\":null,\"credit\":\"C\"},\"related\":[\"b\",\"নেই\"],"
    "\"most_read\":false,\"lead\":true}\n"
    "{\"type\":\"article\",\"slug\":\"b\",\"section\":\"zebra\",\"kicker\":null,\"headline\":\"H\","
    "\"standfirst\":null,\"desk\":null,\"authors\":[],\"credits\":[],\"tags\":[],\"body\":\"\","
    "\"language\":\"bn\",\"status\":\"draft\",\"published_at\":null,\"updated_at\":null,"
    "\"image\":null,\"related\":[],\"most_read\":true,\"lead\":false}\n"
    "{\"type\":\"article\",\"slug\":\"0-old\",\"section\":\"zebra\",\"kicker\":null,\"headline\":"
    "\"H\","
    "\"standfirst\":null,\"desk\":null,\"authors\":[],\"credits\":[],\"tags\":[],\"body\":\"B\","
    "\"language\":\"bn\",\"status\":\"withdrawn\",\"published_at\":\"1971-12-16T16:31:00+06:00\","
    "\"updated_at\":null,\"image\":null,\"related\":[],\"most_read\":true,\"lead\":false}\n"
    "{\"type\":\"article\",\"slug\":\"c\",\"section\":\"zebra\",\"kicker\":null,\"headline\":\"H\","
    "\"standfirst\":null,\"desk\":null,\"authors\":[],\"credits\":[],\"tags\":[],\"body\":\"B\","
    "\"language\":\"bn\",\"status\":\"scheduled\",\"published_at\":\"2032-01-01T00:00:00+06:00\","
    "\"updated_at\":null,\"image\":null,\"related\":[],\"most_read\":true,\"lead\":false}\n"
    "{\"type\":\"views\",\"slug\":\"a\",\"hour\":\"2024-04-15T10:00:00+06:00\",\"count\":5}\n"
    "{\"type\":\"views\",\"slug\":\"a\",\"hour\":\"2024-04-16T11:00:00+06:00\",\"count\":120}\n"
    "{\"type\":\"views\",\"slug\":\"0-old\",\"hour\":\"2024-04-16T10:00:00+06:00\",\"count\":7}\n"
    "{\"type\":\"redirect\",\"from\":\"/old/ক\",\"to\":\"a\"}\n"
    "{\"type\":\"redirect\",\"from\":\"/older\",\"to\":\"0-old\"}\n";

static char *exported(struct db *db, const char *folder)
{
    char path[128];
    size_t len;
    snprintf(path, sizeof path, "%s/export.ndjson", folder);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    enum status status = export_run(db, file);
    fclose(file);
    check_status("export", status, STATUS_OK);
    return file_read(path, &len);
}

/* Exports, imports into a new paper, exports that; both must be the same bytes. */
static void check_round_trip(const char *name, struct paper *paper)
{
    struct paper other;
    char *first = exported(paper->db, paper->folder);
    paper_open(&other);
    paper_import(&other, first);
    char *second = exported(other.db, other.folder);
    int64_t ids = paper_number(&other, "SELECT sum(id * id) FROM articles");
    paper_close(&other);
    check_text(name, second, first);
    check_number(name, ids, paper_number(paper, "SELECT sum(id * id) FROM articles"));
    free(first);
    free(second);
}

static void what_was_imported_is_exported_as_it_was(void **state)
{
    (void)state;
    struct paper paper;
    paper_open(&paper);
    paper_import(&paper, lines);
    char *text = exported(paper.db, paper.folder);
    check_round_trip("all kinds of lines", &paper);
    paper_close(&paper);
    check_text("all kinds of lines", text, lines);
    free(text);
}

static void an_empty_paper_exports_nothing(void **state)
{
    (void)state;
    struct paper paper;
    paper_open(&paper);
    char *text = exported(paper.db, paper.folder);
    paper_close(&paper);
    check_text("empty", text, "");
    free(text);
}

static void ids_stay_whatever_was_changed_on_the_way(void **state)
{
    (void)state;
    struct paper paper;
    struct paper_report report;
    struct import_options options = paper_options(&report, PAPER_NOW);
    paper_open(&paper);
    paper_import(&paper, lines);
    options.strict = true;
    static const char refused[] = "{\"type\":\"article\",\"slug\":\"x\",\"section\":\"zebra\","
                                  "\"headline\":\"H\",\"body\":\"\","
                                  "\"status\":\"draft\"}\nbad\n";
    check_status("refused", paper_import_as(&paper, refused, strlen(refused), &options, &report),
                 STATUS_INVALID);
    paper_report_release(&report);
    paper_import(
        &paper,
        "{\"type\":\"section\",\"slug\":\"new\",\"name\":\"N\"}\n"
        "{\"type\":\"article\",\"slug\":\"a\",\"section\":\"new\",\"headline\":\"H\",\"body\":\"\","
        "\"status\":\"draft\"}\n"
        "{\"type\":\"article\",\"slug\":\"y\",\"section\":\"new\",\"headline\":\"H\",\"body\":\"\","
        "\"status\":\"draft\"}\n"
        "{\"type\":\"views\",\"slug\":\"a\",\"hour\":\"2024-04-15T10:00:00+06:00\",\"count\":0}\n");
    check_round_trip("after changes", &paper);
    paper_close(&paper);
}

/* A zone had minutes and seconds of its own before railways; an instant must not move by them. */
static void old_times_come_back_to_the_second(void **state)
{
    (void)state;
    static const char *const times[] = {
        "1000-01-02T00:00:00Z", "1800-01-01T00:00:00Z", "1889-12-31T12:00:00Z",
        "1941-09-30T20:00:00Z", "1942-05-15T00:00:30Z", "1951-09-30T00:00:00Z",
        "2009-06-19T17:00:00Z", "9999-12-30T23:59:59Z",
    };
    struct paper paper;
    char line[400];
    paper_open(&paper);
    paper_import(&paper, "{\"type\":\"section\",\"slug\":\"s\",\"name\":\"S\"}\n");
    for (size_t i = 0; i < COUNT(times); i++) {
        snprintf(line, sizeof line,
                 "{\"type\":\"article\",\"slug\":\"a%zu\",\"section\":\"s\",\"headline\":\"H\","
                 "\"body\":\"\",\"published_at\":\"%s\"}\n",
                 i, times[i]);
        paper_import(&paper, line);
    }
    char *first = exported(paper.db, paper.folder);
    int64_t sum = paper_number(&paper, "SELECT sum(published_at) FROM articles");
    paper_import(&paper, first);
    check_number("instants", paper_number(&paper, "SELECT sum(published_at) FROM articles"), sum);
    check_number("revisions", paper_number(&paper, "SELECT max(revision) FROM articles"), 1);
    check_round_trip("old times", &paper);
    paper_close(&paper);
    free(first);
}

static void the_demo_edition_comes_back_as_it_is(void **state)
{
    (void)state;
    struct paper paper;
    paper_open(&paper);
    paper_import(&paper, embedded_demo.begin);
    check_true("articles", paper_number(&paper, "SELECT count(*) FROM articles") > 10);
    check_round_trip("the demo", &paper);
    paper_close(&paper);
}

/* An export reads one snapshot of the database, whatever is written during it. */
static void an_export_is_one_snapshot(void **state)
{
    (void)state;
    struct paper paper;
    char path[128];
    size_t len;
    paper_open(&paper);
    paper_import(&paper, lines);
    struct db *reader = paper_reader(&paper);
    char *before = exported(reader, paper.folder);
    /* A transaction that export_run left open would keep the reader in the past. */
    paper_import(&paper, "{\"type\":\"redirect\",\"from\":\"/x\",\"to\":\"a\"}\n");
    char *after = exported(reader, paper.folder);
    check_holds("the next export", after, "\"/x\"");
    check_lacks("the one before", before, "\"/x\"");
    snprintf(path, sizeof path, "%s/export.ndjson", paper.folder);
    char *file = file_read(path, &len);
    check_text("the file", file, after);
    free(file);
    free(before);
    free(after);
    db_close(reader);
    paper_close(&paper);
}

static void a_full_disk_is_told(void **state)
{
    (void)state;
    struct paper paper;
    paper_open(&paper);
    paper_import(&paper, lines);
    FILE *full = fopen("/dev/full", "wb");
    assert_non_null(full);
    enum status status = export_run(paper.db, full);
    fclose(full);
    paper_close(&paper);
    check_status("full", status, STATUS_FULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_imported_is_exported_as_it_was),
        cmocka_unit_test(an_empty_paper_exports_nothing),
        cmocka_unit_test(ids_stay_whatever_was_changed_on_the_way),
        cmocka_unit_test(old_times_come_back_to_the_second),
        cmocka_unit_test(the_demo_edition_comes_back_as_it_is),
        cmocka_unit_test(an_export_is_one_snapshot),
        cmocka_unit_test(a_full_disk_is_told),
    };
    return cmocka_run_group_tests_name("store/export", tests, NULL, NULL);
}
