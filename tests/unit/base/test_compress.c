/* The decoders are zlib's and brotli's own. Khobor is not linked with brotli's, so it is opened
 * here. */
#include "base/compress.h"

#include "paper.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <zlib.h>

enum {
    LARGE_BYTES = 300000,
    BROTLI_DONE = 1,
};

typedef int brotli_decompress(size_t len, const uint8_t *bytes, size_t *out_len, uint8_t *out);

static void gunzip(const char *name, const struct buf *packed, const char *expected, size_t len)
{
    z_stream stream = {0};
    char *out = malloc(len + 16);
    assert_non_null(out);
    assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK);
    stream.next_in = (Bytef *)packed->bytes;
    stream.avail_in = (uInt)packed->len;
    stream.next_out = (Bytef *)out;
    stream.avail_out = (uInt)len + 16;
    check_number(name, inflate(&stream, Z_FINISH), Z_STREAM_END);
    check_number(name, stream.avail_in, 0);
    check_number(name, (int64_t)stream.total_out, (int64_t)len);
    assert_memory_equal(out, expected, len);
    inflateEnd(&stream);
    free(out);
}

static void unbrotli(const char *name, const struct buf *packed, const char *expected, size_t len)
{
    void *library = dlopen("libbrotlidec.so.1", RTLD_NOW);
    assert_non_null(library);
    brotli_decompress *decompress;
    *(void **)&decompress = dlsym(library, "BrotliDecoderDecompress");
    assert_non_null(decompress);
    size_t out_len = len + 16;
    char *out = malloc(out_len);
    assert_non_null(out);
    check_number(name,
                 decompress(packed->len, (const uint8_t *)packed->bytes, &out_len, (uint8_t *)out),
                 BROTLI_DONE);
    check_number(name, (int64_t)out_len, (int64_t)len);
    assert_memory_equal(out, expected, len);
    free(out);
    dlclose(library);
}

static void check_both(const char *name, const char *bytes, size_t len)
{
    struct buf packed;
    buf_init(&packed, 2 * len + 1024);
    check_status(name, compress_gzip(bytes, len, &packed), STATUS_OK);
    gunzip(name, &packed, bytes, len);
    buf_clear(&packed);
    check_status(name, compress_brotli(bytes, len, &packed), STATUS_OK);
    unbrotli(name, &packed, bytes, len);
    buf_release(&packed);
}

static char *large(bool noise)
{
    struct random random = random_seeded(2024);
    char *bytes = malloc(LARGE_BYTES + 1);
    assert_non_null(bytes);
    for (size_t i = 0; i < LARGE_BYTES; i++)
        bytes[i] = (char)(noise ? random_below(&random, 256) : "খবর বাংলা "[i % 26]);
    bytes[LARGE_BYTES] = '\0';
    return bytes;
}

static void what_is_encoded_decodes_to_the_same(void **state)
{
    (void)state;
    static const struct {
        const char *name, *input;
    } cases[] = {
        {"nothing", ""},
        {"a letter", "a"},
        {"Bengali", "খবর বাংলা"},
        {"much alike",
         "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        check_both(cases[i].name, cases[i].input, strlen(cases[i].input));
    for (int noise = 0; noise < 2; noise++) {
        char *bytes = large(noise);
        check_both(noise ? "noise" : "a long text", bytes, LARGE_BYTES);
        free(bytes);
    }
}

static void text_becomes_small(void **state)
{
    (void)state;
    struct buf packed;
    char *bytes = large(false);
    buf_init(&packed, 2 * LARGE_BYTES);
    check_status("gzip", compress_gzip(bytes, LARGE_BYTES, &packed), STATUS_OK);
    check_at_most("gzip", (int64_t)packed.len, LARGE_BYTES / 50);
    buf_clear(&packed);
    check_status("brotli", compress_brotli(bytes, LARGE_BYTES, &packed), STATUS_OK);
    check_at_most("brotli", (int64_t)packed.len, LARGE_BYTES / 50);
    buf_release(&packed);
    free(bytes);
}

static void the_same_gives_the_same_bytes(void **state)
{
    (void)state;
    struct buf once, again;
    buf_init(&once, 1024);
    buf_init(&again, 1024);
    check_status("once", compress_gzip("খবর", 9, &once), STATUS_OK);
    check_status("again", compress_gzip("খবর", 9, &again), STATUS_OK);
    check_number("length", (int64_t)again.len, (int64_t)once.len);
    assert_memory_equal(again.bytes, once.bytes, once.len);
    buf_release(&once);
    buf_release(&again);
}

static void encoding_appends(void **state)
{
    (void)state;
    struct buf to;
    buf_init(&to, 1024);
    buf_text(&to, "head");
    check_status("gzip", compress_gzip("abc", 3, &to), STATUS_OK);
    assert_memory_equal(to.bytes, "head\x1f\x8b", 6);
    buf_release(&to);
}

static void what_does_not_fit_is_full(void **state)
{
    (void)state;
    struct buf to;
    buf_init(&to, 8);
    check_status("gzip", compress_gzip("abcdefgh", 8, &to), STATUS_FULL);
    check_number("gzip", (int64_t)to.len, 0);
    buf_clear(&to);
    check_status("brotli", compress_brotli("abcdefgh", 8, &to), STATUS_FULL);
    check_number("brotli", (int64_t)to.len, 0);
    buf_release(&to);
}

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
        cmocka_unit_test(what_is_encoded_decodes_to_the_same),
        cmocka_unit_test(text_becomes_small),
        cmocka_unit_test(the_same_gives_the_same_bytes),
        cmocka_unit_test(encoding_appends),
        cmocka_unit_test(what_does_not_fit_is_full),
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
    return cmocka_run_group_tests_name("base/compress", tests, NULL, NULL);
}
