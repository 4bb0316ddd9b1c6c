/* Encoding. The decoders are zlib's and brotli's own. Khobor is not linked with brotli's, so it is
 * opened here. */
#include "large_text.h"

#include "base/compress.h"
#include "paper.h"

#include <dlfcn.h>
#include <zlib.h>

enum {
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_encoded_decodes_to_the_same), cmocka_unit_test(text_becomes_small),
        cmocka_unit_test(the_same_gives_the_same_bytes),       cmocka_unit_test(encoding_appends),
        cmocka_unit_test(what_does_not_fit_is_full),
    };
    return cmocka_run_group_tests_name("base/compress", tests, NULL, NULL);
}
