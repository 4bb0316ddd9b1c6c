#include "language/words.h"

#include "base/settings.h"
#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum {
    TEXT_BYTES = 200,
    CODE_BYTES = 8
};

static const struct words *language(const char *code)
{
    const struct words *words = words_of(code);
    assert_non_null(words);
    return words;
}

/* Compares what was written, and forgets it. */
static void check(const char *name, struct buf *buf, const char *expected)
{
    const char *got = buf_string(buf);
    if (strcmp(got, expected) != 0 || buf_status(buf) != STATUS_OK) {
        print_error("%s: got \"%s\", not \"%s\"\n", name, got, expected);
        fail();
    }
    buf_release(buf);
}

static void languages_go_by_their_code(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *input;
        int known;
    } cases[] = {
        {"Bengali", "bn", 1},    {"English", "en", 1},    {"nothing", "", 0},
        {"another", "fr", 0},    {"upper case", "BN", 0}, {"with a region", "bn-BD", 0},
        {"half a code", "b", 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        if ((words_of(cases[i].input) != NULL) != cases[i].known) {
            print_error("%s\n", cases[i].name);
            fail();
        }
    }
    assert_ptr_not_equal(words_of("bn"), words_of("en"));
}

static void days_have_their_weekday(void **state)
{
    (void)state;
    static const struct {
        const char *code;
        struct civil input;
        const char *expected;
    } cases[] = {
        {"bn", {.year = 2024, .month = 4, .day = 16, .weekday = 2}, "মঙ্গলবার, ১৬ এপ্রিল ২০২৪"},
        {"en", {.year = 2024, .month = 4, .day = 16, .weekday = 2}, "Tuesday, 16 April 2024"},
        {"bn", {.year = 2024, .month = 1, .day = 7, .weekday = 0}, "রবিবার, ৭ জানুয়ারি ২০২৪"},
        {"bn", {.year = 2024, .month = 2, .day = 5, .weekday = 1}, "সোমবার, ৫ ফেব্রুয়ারি ২০২৪"},
        {"bn", {.year = 2024, .month = 3, .day = 6, .weekday = 3}, "বুধবার, ৬ মার্চ ২০২৪"},
        {"bn", {.year = 2024, .month = 5, .day = 9, .weekday = 4}, "বৃহস্পতিবার, ৯ মে ২০২৪"},
        {"bn", {.year = 2024, .month = 6, .day = 7, .weekday = 5}, "শুক্রবার, ৭ জুন ২০২৪"},
        {"bn", {.year = 2024, .month = 7, .day = 6, .weekday = 6}, "শনিবার, ৬ জুলাই ২০২৪"},
        {"en", {.year = 2024, .month = 1, .day = 7, .weekday = 0}, "Sunday, 7 January 2024"},
        {"en", {.year = 2024, .month = 7, .day = 6, .weekday = 6}, "Saturday, 6 July 2024"},
        {"bn", {.year = 1000, .month = 1, .day = 1, .weekday = 3}, "বুধবার, ১ জানুয়ারি ১০০০"},
        {"en", {.year = 9999, .month = 12, .day = 31, .weekday = 5}, "Friday, 31 December 9999"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buf buf;
        buf_init(&buf, TEXT_BYTES);
        words_weekday_date(language(cases[i].code), &cases[i].input, &buf);
        check(cases[i].code, &buf, cases[i].expected);
    }
}

static void times_have_two_digits_and_days_as_many_as_needed(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *code;
        struct civil input;
        const char *expected;
    } cases[] = {
        {"Bengali", "bn", {2022, 8, 15, 11, 30, 59, 1, 0}, "১৫ আগস্ট ২০২২, ১১:৩০"},
        {"English", "en", {2022, 8, 15, 11, 30, 59, 1, 0}, "15 August 2022, 11:30"},
        {"zeros in front", "bn", {2022, 9, 5, 9, 5, 0, 1, 0}, "৫ সেপ্টেম্বর ২০২২, ০৯:০৫"},
        {"midnight", "bn", {2022, 10, 1, 0, 0, 0, 6, 0}, "১ অক্টোবর ২০২২, ০০:০০"},
        {"the last minute", "bn", {2022, 11, 30, 23, 59, 59, 3, 0}, "৩০ নভেম্বর ২০২২, ২৩:৫৯"},
        {"December", "bn", {2022, 12, 31, 20, 10, 0, 6, 0}, "৩১ ডিসেম্বর ২০২২, ২০:১০"},
        {"midnight in English", "en", {2022, 10, 1, 0, 0, 0, 6, 0}, "1 October 2022, 00:00"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buf buf;
        buf_init(&buf, TEXT_BYTES);
        words_date_time(language(cases[i].code), &cases[i].input, &buf);
        check(cases[i].name, &buf, cases[i].expected);
    }
}

static void bangla_months_have_names(void **state)
{
    (void)state;
    static const struct {
        struct bangla_date input;
        const char *bengali, *english;
    } cases[] = {
        {{1431, 1, 3}, "৩ বৈশাখ ১৪৩১", "3 Boishakh 1431"},
        {{1431, 2, 31}, "৩১ জ্যৈষ্ঠ ১৪৩১", "31 Jyoishtho 1431"},
        {{1431, 3, 1}, "১ আষা\u09A2\u09BC ১৪৩১", "1 Asharh 1431"},
        {{1431, 4, 10}, "১০ শ্রাবণ ১৪৩১", "10 Shrabon 1431"},
        {{1431, 5, 20}, "২০ ভাদ্র ১৪৩১", "20 Bhadro 1431"},
        {{1431, 6, 30}, "৩০ আশ্বিন ১৪৩১", "30 Ashwin 1431"},
        {{1431, 7, 4}, "৪ কার্তিক ১৪৩১", "4 Kartik 1431"},
        {{1431, 8, 5}, "৫ অগ্রহা\u09AF\u09BCণ ১৪৩১", "5 Ogrohayon 1431"},
        {{1431, 9, 6}, "৬ পৌষ ১৪৩১", "6 Poush 1431"},
        {{1431, 10, 7}, "৭ মাঘ ১৪৩১", "7 Magh 1431"},
        {{1431, 11, 8}, "৮ ফাল্গুন ১৪৩১", "8 Falgun 1431"},
        {{1431, 12, 9}, "৯ চৈত্র ১৪৩১", "9 Choitro 1431"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buf buf;
        buf_init(&buf, TEXT_BYTES);
        words_bangla_date(language("bn"), &cases[i].input, &buf);
        check(cases[i].english, &buf, cases[i].bengali);
        words_bangla_date(language("en"), &cases[i].input, &buf);
        check(cases[i].bengali, &buf, cases[i].english);
    }
}

static void numbers_are_grouped(void **state)
{
    (void)state;
    static const struct {
        int64_t input;
        const char *bengali, *english;
    } cases[] = {
        {0, "০", "0"},
        {7, "৭", "7"},
        {-7, "-৭", "-7"},
        {999, "৯৯৯", "999"},
        {-999, "-৯৯৯", "-999"},
        {1000, "১,০০০", "1,000"},
        {99999, "৯৯,৯৯৯", "99,999"},
        {100000, "১,০০,০০০", "100,000"},
        {1234567, "১২,৩৪,৫৬৭", "1,234,567"},
        {-1234567, "-১২,৩৪,৫৬৭", "-1,234,567"},
        {10000000, "১,০০,০০,০০০", "10,000,000"},
        {1234567890, "১,২৩,৪৫,৬৭,৮৯০", "1,234,567,890"},
        {INT64_MAX, "৯২,২৩,৩৭,২০,৩৬,৮৫,৪৭,৭৫,৮০৭", "9,223,372,036,854,775,807"},
        {INT64_MIN, "-৯২,২৩,৩৭,২০,৩৬,৮৫,৪৭,৭৫,৮০৮", "-9,223,372,036,854,775,808"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buf buf;
        buf_init(&buf, TEXT_BYTES);
        words_number(language("bn"), cases[i].input, &buf);
        check(cases[i].english, &buf, cases[i].bengali);
        words_number(language("en"), cases[i].input, &buf);
        check(cases[i].bengali, &buf, cases[i].english);
    }
}

/* The next of a setting's choices, which are separated by spaces; false after the last. */
static bool next_choice(const char **choices, char code[CODE_BYTES])
{
    size_t len = strcspn(*choices, " ");
    assert_true(len < CODE_BYTES);
    memcpy(code, *choices, len);
    code[len] = '\0';
    *choices += len + strspn(*choices + len, " ");
    return len > 0;
}

static void check_label(const char *code, enum label label)
{
    const char *text = words_label(language(code), label);
    if (text && text[0] != '\0' && utf8_check(text, strlen(text), UTF8_ONE_LINE, NULL) == UTF8_FINE)
        return;
    print_error("%s: %s is \"%s\"\n", code, label_name(label), text ? text : "(none)");
    fail();
}

/* Every language that site.language may be. */
static void every_language_has_every_label(void **state)
{
    (void)state;
    const struct setting *setting = setting_named("site.language");
    assert_non_null(setting);
    const char *choices = setting->choices;
    char code[CODE_BYTES];
    int languages = 0;
    for (; next_choice(&choices, code); languages++) {
        for (int label = 0; label < LABEL__MAX; label++)
            check_label(code, (enum label)label);
    }
    assert_int_equal(languages, 2);
}

/* A label that was copied from the other language, and not translated. */
static void languages_do_not_share_labels(void **state)
{
    (void)state;
    for (int label = 0; label < LABEL__MAX; label++) {
        const char *bengali = words_label(language("bn"), (enum label)label);
        const char *english = words_label(language("en"), (enum label)label);
        assert_true(bengali && english);
        if (strpbrk(bengali, "abcdefghijklmnopqrstuvwxyz0123456789") || (english[0] & 0x80) != 0) {
            print_error("%s: \"%s\", \"%s\"\n", label_name((enum label)label), bengali, english);
            fail();
        }
    }
}

static bool is_lower_snake_case(const char *name)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
    size_t len = strlen(name);
    return len > 0 && name[0] >= 'a' && name[0] <= 'z' && strspn(name, letters) == len &&
           !strstr(name, "__") && name[len - 1] != '_';
}

static void labels_have_names_of_their_own(void **state)
{
    (void)state;
    for (int label = 0; label < LABEL__MAX; label++) {
        const char *name = label_name((enum label)label);
        assert_non_null(name);
        if (!is_lower_snake_case(name)) {
            print_error("\"%s\" can't be a name in JSON\n", name);
            fail();
        }
        for (int other = 0; other < label; other++)
            assert_string_not_equal(label_name((enum label)other), name);
    }
}

static void labels_are_found_by_what_they_mean(void **state)
{
    (void)state;
    static const struct {
        enum label label;
        const char *name, *bengali, *english;
    } cases[] = {
        {LABEL_HOME, "home", "প্রথম পাতা", "Front page"},
        {LABEL_MOST_READ, "most_read", "সর্বাধিক পঠিত", "Most read"},
        {LABEL_WINDOW_1H, "window_1h", "১ ঘণ্টা", "1 hour"},
        {LABEL_WINDOW_6H, "window_6h", "৬ ঘণ্টা", "6 hours"},
        {LABEL_WINDOW_24H, "window_24h", "২৪ ঘণ্টা", "24 hours"},
        {LABEL_WINDOW_7D, "window_7d", "৭ দিন", "7 days"},
        {LABEL_WINDOW_30D, "window_30d", "৩০ দিন", "30 days"},
        {LABEL_WINDOW_ALL, "window_all", "সব সম\u09AF\u09BC", "All time"},
        {LABEL_FEED, "feed", "ফিড", "Feed"},
        {LABEL_ARCHIVE, "archive", "আর্কাইভ", "Archive"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_string_equal(label_name(cases[i].label), cases[i].name);
        assert_string_equal(words_label(language("bn"), cases[i].label), cases[i].bengali);
        assert_string_equal(words_label(language("en"), cases[i].label), cases[i].english);
    }
}

static void a_full_buffer_is_told(void **state)
{
    (void)state;
    struct buf buf;
    buf_init(&buf, 8);
    words_number(language("bn"), 1234567, &buf);
    assert_int_equal(buf_status(&buf), STATUS_FULL);
    buf_release(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(languages_go_by_their_code),
        cmocka_unit_test(days_have_their_weekday),
        cmocka_unit_test(times_have_two_digits_and_days_as_many_as_needed),
        cmocka_unit_test(bangla_months_have_names),
        cmocka_unit_test(numbers_are_grouped),
        cmocka_unit_test(every_language_has_every_label),
        cmocka_unit_test(languages_do_not_share_labels),
        cmocka_unit_test(labels_have_names_of_their_own),
        cmocka_unit_test(labels_are_found_by_what_they_mean),
        cmocka_unit_test(a_full_buffer_is_told),
    };
    return cmocka_run_group_tests_name("language/words", tests, NULL, NULL);
}
