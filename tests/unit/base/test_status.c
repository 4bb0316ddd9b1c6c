#include "base/status.h"

#include "base/utf8.h"
#include "check.h"

#include <stdio.h>

enum {
    FIELD_BYTES = sizeof((struct fault *)0)->field - 1,
    TEXT_BYTES = sizeof((struct fault *)0)->text - 1,
};

static void every_status_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (int i = 0; i < STATUS__MAX; i++) {
        const char *name = status_text((enum status)i);
        assert_non_null(name);
        check_true(name, name[0] != '\0');
        for (int other = 0; other < i; other++)
            assert_string_not_equal(name, status_text((enum status)other));
    }
    check_text("behind the last", status_text(STATUS__MAX), "unknown");
}

static void a_fault_says_what_was_written(void **state)
{
    (void)state;
    struct fault fault = {.field = "before", .text = "before"};
    fault_fill(&fault, "limit", "must be from %d to %d, got \"%s\"", 1, 100, "দশ");
    check_text("field", fault.field, "limit");
    check_text("text", fault.text, "must be from 1 to 100, got \"দশ\"");
    fault_fill(&fault, "", "%s", "");
    check_text("empty field", fault.field, "");
    check_text("empty text", fault.text, "");
    fault_fill(NULL, "limit", "%s", "nobody asks");
}

static enum status counted(int *calls, enum status status)
{
    ++*calls;
    return status;
}

static void fault_set_is_the_status(void **state)
{
    (void)state;
    struct fault fault;
    for (int i = 0; i < STATUS__MAX; i++) {
        int calls = 0;
        enum status status = (enum status)i;
        check_status("with a fault", fault_set(&fault, counted(&calls, status), "f", "%d", i),
                     status);
        check_number("calls", calls, 1);
        check_status("without one", fault_set(NULL, status, "f", "%d", i), status);
    }
}

/* "a" `front` times, then `tail`, written as a field and as a text; what is left must be whole
 * characters, as many as fit. */
static void check_cut(const char *name, size_t front, const char *tail)
{
    struct fault fault;
    char text[1024];
    memset(text, 'a', front);
    snprintf(text + front, sizeof text - front, "%s", tail);
    size_t len = strlen(text);
    fault_fill(&fault, text, "%s", text);
    check_number(name, (int64_t)strlen(fault.field), (int64_t)utf8_cut(text, len, FIELD_BYTES));
    check_number(name, (int64_t)strlen(fault.text), (int64_t)utf8_cut(text, len, TEXT_BYTES));
    check_true(name, strncmp(fault.field, text, strlen(fault.field)) == 0);
    check_true(name, strncmp(fault.text, text, strlen(fault.text)) == 0);
    check_number(name, utf8_check(fault.field, strlen(fault.field), UTF8_ONE_LINE, NULL),
                 UTF8_FINE);
    check_number(name, utf8_check(fault.text, strlen(fault.text), UTF8_ONE_LINE, NULL), UTF8_FINE);
}

static void a_long_fault_is_cut_between_characters(void **state)
{
    (void)state;
    static const size_t most[] = {FIELD_BYTES, TEXT_BYTES};
    for (size_t i = 0; i < COUNT(most); i++) {
        check_cut("as long as may be", most[i], "");
        check_cut("a letter too long", most[i], "b");
        for (size_t before = 1; before < 8; before++) {
            check_cut("Bengali", most[i] - before, "কখগঘ");
            check_cut("two bytes", most[i] - before, "éééé");
            check_cut("emoji", most[i] - before, "😀😀");
        }
    }
}

static void what_is_not_utf8_does_not_get_into_a_fault(void **state)
{
    (void)state;
    static const struct {
        const char *name, *input, *expected;
    } cases[] = {
        {"broken in the middle", "a\xFFz", "az"},
        {"cut short", "খ\xE0\xA6", "খ"},
        {"a lone continuation", "\x80খ", "খ"},
        {"all of it", "\xFF\xFE", ""},
    };
    struct fault fault;
    for (size_t i = 0; i < COUNT(cases); i++) {
        fault_fill(&fault, cases[i].input, "%s", cases[i].input);
        check_text(cases[i].name, fault.field, cases[i].expected);
        check_text(cases[i].name, fault.text, cases[i].expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_status_has_a_name_of_its_own),
        cmocka_unit_test(a_fault_says_what_was_written),
        cmocka_unit_test(fault_set_is_the_status),
        cmocka_unit_test(a_long_fault_is_cut_between_characters),
        cmocka_unit_test(what_is_not_utf8_does_not_get_into_a_fault),
    };
    return cmocka_run_group_tests_name("base/status", tests, NULL, NULL);
}
