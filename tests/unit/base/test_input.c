/* Files and pipes as `struct input` reads them: plain, compressed, cut short or damaged. */
#include "large_text.h"

#include "base/compress.h"
#include "paper.h"

#include <fcntl.h>
#include <zlib.h>

/* Reads an input to its end, `room` bytes at a time. */
static enum status read_all(struct input *input, size_t room, struct buf *to)
{
    size_t got = 0;
    enum status status;
    do {
        char *at = buf_reserve(to, room);
        assert_non_null(at);
        status = input_read(input, at, room, &got);
        if (status == STATUS_OK)
            buf_grew(to, got);
    } while (status == STATUS_OK && got > 0);
    return status;
}

/* What reading a file of these bytes gives. */
static enum status read_file(const char *bytes, size_t len, size_t room, struct buf *to)
{
    struct input *input;
    struct fault fault = {.field = ""};
    char folder[64], path[128];
    folder_make(folder);
    snprintf(path, sizeof path, "%s/file", folder);
    file_write(path, bytes, len);
    check_done("open", input_open(path, &input, &fault), &fault);
    enum status status = read_all(input, room, to);
    input_close(input);
    folder_remove(folder);
    return status;
}

static void check_file(const char *name, const char *bytes, size_t len, const char *expected,
                       size_t expected_len)
{
    static const size_t rooms[] = {1, 7, 100000};
    for (size_t i = 0; i < COUNT(rooms); i++) {
        struct buf got;
        buf_init(&got, 2 * LARGE_BYTES);
        check_status(name, read_file(bytes, len, rooms[i], &got), STATUS_OK);
        check_number(name, (int64_t)got.len, (int64_t)expected_len);
        if (expected_len > 0)
            assert_memory_equal(got.bytes, expected, expected_len);
        buf_release(&got);
    }
}

static void a_plain_file_is_read_as_it_is(void **state)
{
    (void)state;
    static const struct {
        const char *name, *input;
        size_t len;
    } cases[] = {
        {"empty", "", 0},
        {"a letter", "a", 1},
        {"lines", "{\"a\":1}\n{}\n", 11},
        {"half of gzip's mark", "\x1f", 1},
        {"something like gzip's mark", "\x1f\x8a\x08", 3},
        {"NUL", "a\0b", 3},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        check_file(cases[i].name, cases[i].input, cases[i].len, cases[i].input, cases[i].len);
    char *bytes = large(true);
    bytes[0] = 'n';
    check_file("noise", bytes, LARGE_BYTES, bytes, LARGE_BYTES);
    free(bytes);
}

static void a_gzip_file_is_decompressed(void **state)
{
    (void)state;
    struct buf packed;
    char *bytes = large(false);
    buf_init(&packed, 2 * LARGE_BYTES);
    check_status("gzip", compress_gzip(bytes, LARGE_BYTES, &packed), STATUS_OK);
    check_file("one member", packed.bytes, packed.len, bytes, LARGE_BYTES);
    buf_clear(&packed);
    check_status("gzip", compress_gzip("", 0, &packed), STATUS_OK);
    check_file("nothing in it", packed.bytes, packed.len, "", 0);
    check_status("gzip", compress_gzip("ab", 2, &packed), STATUS_OK);
    check_status("gzip", compress_gzip("cd", 2, &packed), STATUS_OK);
    check_file("members one after the other", packed.bytes, packed.len, "abcd", 4);
    buf_release(&packed);
    free(bytes);
}

static void a_gzip_file_cut_anywhere_is_invalid(void **state)
{
    (void)state;
    static const char text[] = "{\"type\":\"section\",\"slug\":\"national\",\"name\":\"জাতীয়\"}\n";
    struct buf packed;
    buf_init(&packed, 1024);
    check_status("gzip", compress_gzip(text, sizeof text - 1, &packed), STATUS_OK);
    for (size_t len = 2; len < packed.len; len++) {
        char name[64];
        struct buf got;
        snprintf(name, sizeof name, "%zu of %zu bytes", len, packed.len);
        buf_init(&got, 65536);
        check_status(name, read_file(packed.bytes, len, 4096, &got), STATUS_INVALID);
        buf_release(&got);
    }
    buf_release(&packed);
}

static void a_damaged_gzip_file_is_invalid(void **state)
{
    (void)state;
    struct buf packed;
    char *bytes = large(false);
    buf_init(&packed, 2 * LARGE_BYTES);
    check_status("gzip", compress_gzip(bytes, LARGE_BYTES, &packed), STATUS_OK);
    const size_t places[] = {2, packed.len / 2, packed.len - 8, packed.len - 1};
    for (size_t i = 0; i < COUNT(places); i++) {
        struct buf got;
        buf_init(&got, 4 * LARGE_BYTES);
        packed.bytes[places[i]] ^= 0x55;
        check_status("damaged", read_file(packed.bytes, packed.len, 4096, &got), STATUS_INVALID);
        packed.bytes[places[i]] ^= 0x55;
        buf_release(&got);
    }
    buf_release(&packed);
    free(bytes);
}

static void what_cannot_be_opened_is_absent(void **state)
{
    (void)state;
    struct input *input = NULL;
    struct fault fault;
    char folder[64], path[128];
    folder_make(folder);
    snprintf(path, sizeof path, "%s/none", folder);
    const struct {
        const char *name, *path, *expected;
    } cases[] = {
        {"missing", path, "No such file"},
        {"a folder", folder, "directory"},
        {"no path", "", "can't be read"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        check_status(cases[i].name, input_open(cases[i].path, &input, &fault), STATUS_ABSENT);
        check_holds(cases[i].name, fault.text, cases[i].expected);
        check_true(cases[i].name, strncmp(cases[i].path, fault.field, strlen(fault.field)) == 0);
        assert_null(input);
    }
    folder_remove(folder);
    input_close(NULL);
}

static int open_descriptors(void)
{
    int count = 0;
    for (int fd = 0; fd < 256; fd++)
        count += fcntl(fd, F_GETFD) != -1;
    return count;
}

static void no_descriptor_is_left_open(void **state)
{
    (void)state;
    struct buf got;
    struct input *input = NULL;
    struct fault fault;
    int before = open_descriptors();
    buf_init(&got, 4096);
    check_status("folder", input_open("/", &input, &fault), STATUS_ABSENT);
    check_status("file", read_file("abc", 3, 16, &got), STATUS_OK);
    check_number("open", open_descriptors(), before);
    buf_release(&got);
}

static void progress_counts_the_bytes_of_the_file(void **state)
{
    (void)state;
    struct buf packed, got;
    struct input *input;
    struct fault fault = {.field = ""};
    int64_t offset, size;
    char folder[64], path[128], *bytes = large(true);
    buf_init(&packed, 2 * LARGE_BYTES);
    buf_init(&got, 2 * LARGE_BYTES);
    check_status("gzip", compress_gzip(bytes, LARGE_BYTES, &packed), STATUS_OK);
    folder_make(folder);
    snprintf(path, sizeof path, "%s/file.gz", folder);
    file_write(path, packed.bytes, packed.len);
    check_done("open", input_open(path, &input, &fault), &fault);
    input_progress(input, &offset, &size);
    check_number("offset at first", offset, 0);
    check_number("size", size, (int64_t)packed.len);
    check_status("read", read_all(input, 4096, &got), STATUS_OK);
    input_progress(input, &offset, &size);
    check_number("offset at the end", offset, (int64_t)packed.len);
    input_close(input);
    buf_release(&packed);
    buf_release(&got);
    folder_remove(folder);
    free(bytes);
}

static void a_pipe_is_waited_for(void **state)
{
    (void)state;
    int ends[2];
    char path[64];
    struct buf got;
    struct input *input;
    struct fault fault = {.field = ""};
    int64_t offset, size;
    assert_int_equal(pipe(ends), 0);
    snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
    check_done("open", input_open(path, &input, &fault), &fault);
    input_progress(input, &offset, &size);
    check_number("size of a pipe", size, 0);
    check_true("nothing to read yet", !input_wait(input, 0));
    assert_int_equal(write(ends[1], "abc", 3), 3);
    check_true("bytes to read", input_wait(input, 0));
    close(ends[1]);
    buf_init(&got, 1024);
    check_status("read", read_all(input, 16, &got), STATUS_OK);
    check_text("read", buf_string(&got), "abc");
    check_true("the end", input_wait(input, 0));
    buf_release(&got);
    input_close(input);
    close(ends[0]);
}

/* A read takes what there is: it must not wait until a buffer is full, or the pipe is closed. */
static void a_pipe_gives_what_was_written_so_far(void **state)
{
    (void)state;
    struct buf packed;
    buf_init(&packed, 1024);
    check_status("gzip", compress_gzip("de\n", 3, &packed), STATUS_OK);
    const struct {
        const char *name, *bytes;
        size_t len;
        const char *expected;
    } cases[] = {
        {"plain", "abc\n", 4, "abc\n"},
        {"gzip", packed.bytes, packed.len, "de\n"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        int ends[2];
        size_t got;
        char path[64], bytes[64];
        struct input *input;
        struct fault fault = {.field = ""};
        assert_int_equal(pipe(ends), 0);
        snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
        check_done("open", input_open(path, &input, &fault), &fault);
        for (int turn = 0; turn < 3; turn++) {
            assert_int_equal(write(ends[1], cases[i].bytes, cases[i].len), cases[i].len);
            alarm(20); /* else a read that waits would wait for ever */
            check_status(cases[i].name, input_read(input, bytes, sizeof bytes, &got), STATUS_OK);
            alarm(0);
            check_number(cases[i].name, (int64_t)got, (int64_t)strlen(cases[i].expected));
            assert_memory_equal(bytes, cases[i].expected, got);
            check_true(cases[i].name, !input_wait(input, 0));
        }
        close(ends[1]);
        check_status("the end", input_read(input, bytes, sizeof bytes, &got), STATUS_OK);
        check_number("the end", (int64_t)got, 0);
        input_close(input);
        close(ends[0]);
    }
    buf_release(&packed);
}

static void a_hyphen_is_standard_input(void **state)
{
    (void)state;
    int ends[2], stdin_before = dup(STDIN_FILENO);
    struct buf got;
    struct input *input;
    struct fault fault = {.field = ""};
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "abc", 3), 3);
    close(ends[1]);
    assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
    close(ends[0]);
    check_done("open", input_open("-", &input, &fault), &fault);
    buf_init(&got, 1024);
    check_status("read", read_all(input, 16, &got), STATUS_OK);
    check_text("read", buf_string(&got), "abc");
    input_close(input);
    check_true("standard input stays open", fcntl(STDIN_FILENO, F_GETFD) != -1);
    if (stdin_before >= 0) {
        dup2(stdin_before, STDIN_FILENO);
        close(stdin_before);
    }
    buf_release(&got);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plain_file_is_read_as_it_is),
        cmocka_unit_test(a_gzip_file_is_decompressed),
        cmocka_unit_test(a_gzip_file_cut_anywhere_is_invalid),
        cmocka_unit_test(a_damaged_gzip_file_is_invalid),
        cmocka_unit_test(what_cannot_be_opened_is_absent),
        cmocka_unit_test(no_descriptor_is_left_open),
        cmocka_unit_test(progress_counts_the_bytes_of_the_file),
        cmocka_unit_test(a_pipe_is_waited_for),
        cmocka_unit_test(a_pipe_gives_what_was_written_so_far),
        cmocka_unit_test(a_hyphen_is_standard_input),
    };
    return cmocka_run_group_tests_name("base/input", tests, NULL, NULL);
}
