#include "base/lines.h"

#include "paper.h"

enum {
    MAX = 5,
    READ_BYTES = 65536, /* lines.c reads so much at a time */
};

/* What lines_next gave, one after the other: "1:abc|2:!|" with '!' for a line that is too long.
 * A carriage return is shown as '~'. */
static void read_all(struct lines *lines, struct buf *to)
{
    const char *line;
    size_t len;
    enum status status;
    while ((status = lines_next(lines, &line, &len)) != STATUS_ABSENT) {
        buf_format(to, "%lld:", (long long)lines->number);
        if (status == STATUS_FULL)
            buf_char(to, '!');
        else
            check_status("next", status, STATUS_OK);
        for (size_t i = 0; status == STATUS_OK && i < len; i++)
            buf_char(to, (char)(line[i] == '\r' ? '~' : line[i]));
        buf_char(to, '|');
    }
    check_status("the end again", lines_next(lines, &line, &len), STATUS_ABSENT);
}

static struct input *open_file(const char *path, const char *bytes, size_t len)
{
    struct input *input;
    struct fault fault = {.field = ""};
    file_write(path, bytes, len);
    check_done("open", input_open(path, &input, &fault), &fault);
    return input;
}

static void lines_of_a_file(const char *bytes, size_t len, size_t max, struct buf *to)
{
    struct lines lines;
    char folder[64], path[128];
    folder_make(folder);
    snprintf(path, sizeof path, "%s/lines", folder);
    struct input *input = open_file(path, bytes, len);
    check_status("lines", lines_open(&lines, input, max), STATUS_OK);
    read_all(&lines, to);
    lines_close(&lines);
    input_close(input);
    folder_remove(folder);
}

static const struct {
    const char *name;
    const char *input;
    const char *expected;       /* from a file, lines of at most MAX bytes */
    const char *expected_whole; /* from memory, where no line is too long */
} cases[] = {
    {"empty", "", "", ""},
    {"one line", "abc\n", "1:abc|", "1:abc|"},
    {"no line feed at the end", "abc\nde", "1:abc|2:de|", "1:abc|2:de|"},
    {"one letter", "a", "1:a|", "1:a|"},
    {"a line feed alone", "\n", "1:|", "1:|"},
    {"empty lines", "\n\na\n\n", "1:|2:|3:a|4:|", "1:|2:|3:a|4:|"},
    {"CRLF", "ab\r\ncd\r\n", "1:ab~|2:cd~|", "1:ab~|2:cd~|"},
    {"CR alone ends nothing", "a\rb\n", "1:a~b|", "1:a~b|"},
    {"exactly the most", "abcde\nabcde", "1:abcde|2:abcde|", "1:abcde|2:abcde|"},
    {"one over", "abcdef\n", "1:!|", "1:abcdef|"},
    {"one over at the end", "abcdef", "1:!|", "1:abcdef|"},
    {"over, then good", "abcdef\nab\n", "1:!|2:ab|", "1:abcdef|2:ab|"},
    {"good, over, good", "a\nabcdefghijk\nb", "1:a|2:!|3:b|", "1:a|2:abcdefghijk|3:b|"},
    {"over twice", "abcdef\nabcdef\n\n", "1:!|2:!|3:|", "1:abcdef|2:abcdef|3:|"},
    {"over with CRLF", "abcde\r\n", "1:!|", "1:abcde~|"},
};

static void lines_come_one_after_the_other(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buf got;
        buf_init(&got, 4096);
        lines_of_a_file(cases[i].input, strlen(cases[i].input), MAX, &got);
        check_text(cases[i].name, buf_string(&got), cases[i].expected);
        buf_release(&got);
    }
}

static void lines_in_memory_come_the_same_way(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct lines lines;
        struct buf got;
        int64_t offset = 1, size = 1;
        buf_init(&got, 4096);
        lines_open_memory(&lines, cases[i].input, strlen(cases[i].input));
        check_true(cases[i].name, lines_wait(&lines, 0));
        read_all(&lines, &got);
        check_text(cases[i].name, buf_string(&got), cases[i].expected_whole);
        lines_progress(&lines, &offset, &size);
        check_number("offset", offset, 0);
        check_number("size", size, 0);
        lines_close(&lines);
        buf_release(&got);
    }
}

static void memory_is_only_read(void **state)
{
    (void)state;
    static const char bytes[] = "ab\ncd"; /* in a page that can't be written */
    struct lines lines;
    const char *line;
    size_t len;
    lines_open_memory(&lines, bytes, 4); /* less than the text has */
    check_status("first", lines_next(&lines, &line, &len), STATUS_OK);
    assert_ptr_equal(line, bytes);
    check_number("first", (int64_t)len, 2);
    check_status("second", lines_next(&lines, &line, &len), STATUS_OK);
    assert_ptr_equal(line, bytes + 3);
    check_number("second", (int64_t)len, 1);
    check_status("end", lines_next(&lines, &line, &len), STATUS_ABSENT);
    lines_close(&lines);
}

/* Lines of these lengths: which letter each has, how long it is, whether it is too long. */
static void check_lengths(const char *name, const size_t *lens, size_t count, size_t max,
                          bool feed_at_end)
{
    struct lines lines;
    struct buf text;
    char folder[64], path[128];
    const char *line;
    size_t len;
    buf_init(&text, 16 * 1024 * 1024);
    for (size_t i = 0; i < count; i++) {
        char *room = buf_reserve(&text, lens[i]);
        assert_non_null(room);
        memset(room, 'a' + (int)i % 26, lens[i]);
        buf_grew(&text, lens[i]);
        if (i + 1 < count || feed_at_end)
            buf_char(&text, '\n');
    }
    folder_make(folder);
    snprintf(path, sizeof path, "%s/lines", folder);
    struct input *input = open_file(path, text.bytes, text.len);
    check_status(name, lines_open(&lines, input, max), STATUS_OK);
    for (size_t i = 0; i < count; i++) {
        bool fits = lens[i] <= max;
        check_status(name, lines_next(&lines, &line, &len), fits ? STATUS_OK : STATUS_FULL);
        check_number(name, lines.number, (int64_t)i + 1);
        for (size_t at = 0; fits && at < len; at++)
            assert_int_equal(line[at], 'a' + (int)i % 26);
        if (fits)
            check_number(name, (int64_t)len, (int64_t)lens[i]);
    }
    check_status(name, lines_next(&lines, &line, &len), STATUS_ABSENT);
    check_number(name, lines.number, (int64_t)count);
    lines_close(&lines);
    input_close(input);
    buf_release(&text);
    folder_remove(folder);
}

static void lines_may_be_longer_than_one_reading(void **state)
{
    (void)state;
    const size_t read = READ_BYTES;
    const size_t sizes[] = {read - 1, read, read + 1, 2 * read - 1, 2 * read, 2 * read + 1};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        const size_t most = sizes[i];
        const size_t lens[] = {most, most + 1, 3, 0, most - 1, most + 5 * read, most, 7, most};
        check_lengths("a line feed at the end", lens, COUNT(lens), most, true);
        check_lengths("none at the end", lens, COUNT(lens), most, false);
        check_lengths("too long at the end", lens, COUNT(lens) - 3, most, false);
        check_lengths("short lines only", lens, COUNT(lens), 8, true);
    }
}

static void random_lengths_are_kept(void **state)
{
    (void)state;
    struct random random = random_seeded(77);
    for (int turn = 0; turn < 20; turn++) {
        size_t lens[40], max = (size_t)random_below(&random, 100000) + 1;
        for (size_t i = 0; i < COUNT(lens); i++)
            lens[i] = (size_t)random_below(&random, i % 5 ? 50 : 200000) + 1;
        check_lengths("random", lens, COUNT(lens), max, turn % 2 == 0);
    }
}

static void nul_is_a_byte_like_others(void **state)
{
    (void)state;
    struct buf got;
    struct lines lines;
    const char *line;
    size_t len;
    buf_init(&got, 64);
    lines_open_memory(&lines, "a\0b\nc", 5);
    check_status("first", lines_next(&lines, &line, &len), STATUS_OK);
    check_number("length", (int64_t)len, 3);
    assert_memory_equal(line, "a\0b", 3);
    lines_close(&lines);
    buf_release(&got);
}

static void progress_is_that_of_the_file(void **state)
{
    (void)state;
    struct lines lines;
    char folder[64], path[128];
    const char *line;
    size_t len;
    int64_t offset, size;
    folder_make(folder);
    snprintf(path, sizeof path, "%s/lines", folder);
    struct input *input = open_file(path, "ab\ncd\n", 6);
    check_status("lines", lines_open(&lines, input, MAX), STATUS_OK);
    lines_progress(&lines, &offset, &size);
    check_number("offset at first", offset, 0);
    check_number("size", size, 6);
    check_true("a file never keeps waiting", lines_wait(&lines, 0));
    while (lines_next(&lines, &line, &len) == STATUS_OK)
        ;
    lines_progress(&lines, &offset, &size);
    check_number("offset at the end", offset, 6);
    check_true("at the end", lines_wait(&lines, 0));
    lines_close(&lines);
    input_close(input);
    folder_remove(folder);
}

static void damage_comes_out_behind_the_good_lines(void **state)
{
    (void)state;
    struct buf packed;
    struct lines lines;
    char folder[64], path[128];
    const char *line;
    size_t len;
    buf_init(&packed, 1024);
    check_status("gzip", compress_gzip("abc\nde\nf", 8, &packed), STATUS_OK);
    folder_make(folder);
    snprintf(path, sizeof path, "%s/lines", folder);
    struct input *input = open_file(path, packed.bytes, packed.len - 8);
    check_status("lines", lines_open(&lines, input, MAX), STATUS_OK);
    check_status("first", lines_next(&lines, &line, &len), STATUS_OK);
    check_status("second", lines_next(&lines, &line, &len), STATUS_OK);
    assert_memory_equal(line, "de", 2);
    check_status("damage", lines_next(&lines, &line, &len), STATUS_INVALID);
    lines_close(&lines);
    input_close(input);
    buf_release(&packed);
    folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_come_one_after_the_other),
        cmocka_unit_test(lines_in_memory_come_the_same_way),
        cmocka_unit_test(memory_is_only_read),
        cmocka_unit_test(lines_may_be_longer_than_one_reading),
        cmocka_unit_test(random_lengths_are_kept),
        cmocka_unit_test(nul_is_a_byte_like_others),
        cmocka_unit_test(progress_is_that_of_the_file),
        cmocka_unit_test(damage_comes_out_behind_the_good_lines),
    };
    return cmocka_run_group_tests_name("base/lines", tests, NULL, NULL);
}
