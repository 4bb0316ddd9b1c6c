#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static void check_text(const char *name, const struct buf *buf, const char *expected)
{
    const char *got = buf_string(buf);
    if (strcmp(got, expected) == 0 && buf->len == strlen(expected))
        return;
    print_error("%s: got \"%s\" (%zu bytes), not \"%s\"\n", name, got, buf->len, expected);
    fail();
}

static void check_status(const char *name, const struct buf *buf, enum status expected)
{
    enum status got = buf_status(buf);
    if (got == expected)
        return;
    print_error("%s: got \"%s\", not \"%s\"\n", name, status_text(got), status_text(expected));
    fail();
}

static void a_new_buffer_is_empty_and_fine(void **state)
{
    (void)state;
    struct buf buf;
    buf_init(&buf, 10);
    check_text("new", &buf, "");
    check_status("new", &buf, STATUS_OK);
    assert_null(buf.bytes);
    buf_release(&buf);
    check_text("released", &buf, "");
}

static void an_append_fits_up_to_the_maximum(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        size_t max;
        const char *first, *second;
        const char *expected;
        enum status status;
    } cases[] = {
        {"nothing", 0, "", "", "", STATUS_OK},
        {"a byte where none may be", 0, "a", "", "", STATUS_FULL},
        {"both fit", 10, "abc", "def", "abcdef", STATUS_OK},
        {"both fit exactly", 6, "abc", "def", "abcdef", STATUS_OK},
        {"the second is a byte too long", 5, "abc", "def", "abc", STATUS_FULL},
        {"the first is too long", 2, "abc", "d", "", STATUS_FULL},
        {"an empty one at the maximum", 3, "abc", "", "abc", STATUS_OK},
        {"Bengali", 30, "খবর", "বাংলা", "খবরবাংলা", STATUS_OK},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buf buf;
        buf_init(&buf, cases[i].max);
        buf_text(&buf, cases[i].first);
        buf_add(&buf, cases[i].second, strlen(cases[i].second));
        check_text(cases[i].name, &buf, cases[i].expected);
        check_status(cases[i].name, &buf, cases[i].status);
        buf_release(&buf);
    }
}

static void a_trimmed_buffer_has_its_content_and_no_more_room(void **state)
{
    (void)state;
    struct buf buf;
    buf_init(&buf, 10000);
    buf_trim(&buf);
    check_text("an empty one", &buf, "");
    buf_format(&buf, "%600s", "end");
    buf_trim(&buf);
    assert_int_equal(buf.room, 601);
    assert_int_equal(buf.len, 600);
    buf_text(&buf, "less");
    check_status("it grows again", &buf, STATUS_OK);
    assert_string_equal(buf_string(&buf) + 597, "endless");
    buf_release(&buf);
}

static void a_failure_stays_until_it_is_cleared(void **state)
{
    (void)state;
    struct buf buf;
    buf_init(&buf, 4);
    buf_text(&buf, "abc");
    buf_text(&buf, "de");
    buf_char(&buf, 'd');
    buf_format(&buf, "%d", 1);
    assert_null(buf_reserve(&buf, 0));
    check_text("failed", &buf, "abc");
    check_status("failed", &buf, STATUS_FULL);
    buf_clear(&buf);
    check_text("cleared", &buf, "");
    check_status("cleared", &buf, STATUS_OK);
    buf_text(&buf, "wxyz");
    check_text("after clearing", &buf, "wxyz");
    buf_text(&buf, "!");
    buf_release(&buf);
    check_status("released", &buf, STATUS_OK);
    buf_text(&buf, "wxyz");
    check_text("after releasing", &buf, "wxyz");
    buf_release(&buf);
}

static void a_length_beyond_all_memory_fails(void **state)
{
    (void)state;
    struct buf buf;
    buf_init(&buf, 100);
    buf_char(&buf, 'a');
    assert_null(buf_reserve(&buf, SIZE_MAX));
    check_status("reserve", &buf, STATUS_FULL);
    check_text("reserve", &buf, "a");
    buf_release(&buf);
}

static void growth_keeps_every_byte_and_ends_in_nul(void **state)
{
    (void)state;
    enum {
        BYTES = 5000
    };
    struct buf buf;
    buf_init(&buf, BYTES);
    for (size_t i = 0; i < BYTES; i++) {
        buf_char(&buf, (char)('a' + i % 26));
        assert_int_equal(buf.bytes[buf.len], '\0');
    }
    check_status("grown", &buf, STATUS_OK);
    assert_int_equal(buf.len, BYTES);
    for (size_t i = 0; i < BYTES; i++)
        assert_int_equal(buf.bytes[i], 'a' + i % 26);
    buf_release(&buf);
}

static void format_writes_like_printf(void **state)
{
    (void)state;
    struct buf buf;
    buf_init(&buf, 2000);
    buf_format(&buf, "%s-%03d", "খবর", 7);
    buf_format(&buf, "%s", "");
    check_text("short", &buf, "খবর-007");
    buf_clear(&buf);
    buf_format(&buf, "%1000d", 5);
    assert_int_equal(buf.len, 1000);
    assert_int_equal(buf.bytes[999], '5');
    buf_format(&buf, "%1001d", 5);
    check_status("too long", &buf, STATUS_FULL);
    assert_int_equal(buf.len, 1000);
    buf_release(&buf);
}

static void numbers_are_written_like_printf(void **state)
{
    (void)state;
    static const int64_t numbers[] = {0, 1, 9, 10, -1, 42, -7, 1713247200, INT64_MAX, INT64_MIN};
    struct buf buf, expected;
    buf_init(&buf, 100);
    buf_init(&expected, 100);
    for (size_t i = 0; i < COUNT(numbers); i++) {
        buf_clear(&buf);
        buf_clear(&expected);
        buf_number(&buf, numbers[i]);
        buf_format(&expected, "%lld", (long long)numbers[i]);
        check_text("number", &buf, buf_string(&expected));
        for (int width = 0; width <= 12; width++) {
            buf_clear(&buf);
            buf_clear(&expected);
            buf_padded(&buf, (unsigned)numbers[i], width);
            buf_format(&expected, "%0*u", width, (unsigned)numbers[i]);
            check_text("padded", &buf, buf_string(&expected));
        }
    }
    buf_release(&buf);
    buf_release(&expected);
    buf_init(&buf, 3);
    buf_number(&buf, 1000);
    check_status("too long", &buf, STATUS_FULL);
    buf_release(&buf);
}

static void reserved_room_counts_once_it_is_filled(void **state)
{
    (void)state;
    struct buf buf;
    buf_init(&buf, 8);
    char *room = buf_reserve(&buf, 8);
    assert_non_null(room);
    check_text("reserved", &buf, "");
    memset(room, 'a', 3);
    buf_grew(&buf, 3);
    check_text("grew", &buf, "aaa");
    assert_non_null(buf_reserve(&buf, 5));
    assert_null(buf_reserve(&buf, 6));
    buf_release(&buf);
}

static void bytes_are_kept_with_nul_among_them(void **state)
{
    (void)state;
    struct buf buf;
    buf_init(&buf, 8);
    buf_add(&buf, "a\0b", 3);
    buf_add(&buf, NULL, 0);
    assert_int_equal(buf.len, 3);
    assert_memory_equal(buf.bytes, "a\0b", 4);
    buf_release(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_buffer_is_empty_and_fine),
        cmocka_unit_test(an_append_fits_up_to_the_maximum),
        cmocka_unit_test(a_trimmed_buffer_has_its_content_and_no_more_room),
        cmocka_unit_test(a_failure_stays_until_it_is_cleared),
        cmocka_unit_test(a_length_beyond_all_memory_fails),
        cmocka_unit_test(growth_keeps_every_byte_and_ends_in_nul),
        cmocka_unit_test(format_writes_like_printf),
        cmocka_unit_test(numbers_are_written_like_printf),
        cmocka_unit_test(reserved_room_counts_once_it_is_filled),
        cmocka_unit_test(bytes_are_kept_with_nul_among_them),
    };
    return cmocka_run_group_tests_name("base/buf", tests, NULL, NULL);
}
