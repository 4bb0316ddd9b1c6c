/* A table of the languages with their digits and names, a table of the labels, and the functions
 * that write dates and numbers with them. A Bangla date is found by counting
 * days since the Bangla new year and taking off one month's length after another. */
#include "language/words.h"

#include <assert.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum {
    LANGUAGES = 2,
    NUMBER_BYTES = 24,
    DIGIT_BYTES_MAX = 3, /* in UTF-8 */
};

enum {
    FIRST_GREGORIAN_YEAR = 1987, /* the first year of the official rule */
    FIRST_REFORMED_YEAR = 1426,  /* a Bangla year: from 14 April 2019 */
    YEARS_BETWEEN = 593,         /* from a Bangla year to the Gregorian year that it begins in */
    NEW_YEAR = 44,               /* 14 April, in days after 1 March */
    FALGUN = 11,
    MONTHS = 12,
};

static const int days_before_reform[MONTHS] = {31, 31, 31, 31, 31, 30, 30, 30, 30, 30, 30, 30};
static const int days_since_reform[MONTHS] = {31, 31, 31, 31, 31, 31, 30, 30, 30, 30, 29, 30};

struct words {
    const char *code;
    const char *digits[10];
    const char *weekdays[7]; /* Sunday first, as in struct civil */
    const char *months[12];
    const char *bangla_months[12];
    size_t first_group; /* digits in the rightmost group of a number */
    size_t next_group;  /* and in each group left of it */
};

static const struct words languages[LANGUAGES] = {
    {
        .code = "bn",
        .digits = {"০", "১", "২", "৩", "৪", "৫", "৬", "৭", "৮", "৯"},
        .weekdays = {"রবিবার", "সোমবার", "মঙ্গলবার", "বুধবার", "বৃহস্পতিবার", "শুক্রবার", "শনিবার"},
        .months = {"জানুয়ারি", "ফেব্রুয়ারি", "মার্চ", "এপ্রিল", "মে", "জুন", "জুলাই", "আগস্ট", "সেপ্টেম্বর",
                   "অক্টোবর", "নভেম্বর", "ডিসেম্বর"},
        .bangla_months = {"বৈশাখ", "জ্যৈষ্ঠ", "আষাঢ়", "শ্রাবণ", "ভাদ্র", "আশ্বিন", "কার্তিক", "অগ্রহায়ণ",
                          "পৌষ", "মাঘ", "ফাল্গুন", "চৈত্র"},
        .first_group = 3,
        .next_group = 2,
    },
    {
        .code = "en",
        .digits = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"},
        .weekdays = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
        .months = {"January", "February", "March", "April", "May", "June", "July", "August",
                   "September", "October", "November", "December"},
        .bangla_months = {"Boishakh", "Jyoishtho", "Asharh", "Shrabon", "Bhadro", "Ashwin",
                          "Kartik", "Ogrohayon", "Poush", "Magh", "Falgun", "Choitro"},
        .first_group = 3,
        .next_group = 3,
    },
};

/* The texts of a label are in the order of the table of languages. */
static const struct {
    const char *name;
    const char *texts[LANGUAGES];
} labels[LABEL__MAX] = {
    [LABEL_HOME] = {"home", {"প্রথম পাতা", "Front page"}},
    [LABEL_SKIP] = {"skip", {"মূল লেখায় যান", "Skip to the content"}},
    [LABEL_SECTIONS] = {"sections", {"বিভাগ", "Sections"}},
    [LABEL_RELATED] = {"related", {"সম্পর্কিত", "Related"}},
    [LABEL_LATEST] = {"latest", {"সর্বশেষ খবর", "Latest news"}},
    [LABEL_MOST_READ] = {"most_read", {"সর্বাধিক পঠিত", "Most read"}},
    [LABEL_ARCHIVE] = {"archive", {"আর্কাইভ", "Archive"}},
    [LABEL_UPDATED] = {"updated", {"আপডেট : ", "Updated: "}},
    [LABEL_OLDER] = {"older", {"আগের খবর", "Older news"}},
    [LABEL_NEWEST] = {"newest", {"সবচেয়ে নতুন", "The newest"}},
    [LABEL_PREVIOUS_DAY] = {"previous_day", {"আগের দিন", "Previous day"}},
    [LABEL_NEXT_DAY] = {"next_day", {"পরের দিন", "Next day"}},
    [LABEL_TAGS] = {"tags", {"বিষয়", "Topics"}},
    [LABEL_TAG] = {"tag", {"বিষয়", "Topic"}},
    [LABEL_AUTHOR] = {"author", {"লেখক", "Author"}},
    [LABEL_PHOTO] = {"photo", {"ছবি: ", "Photo: "}},
    [LABEL_VIEWS] = {"views", {"বার পঠিত", "views"}},
    [LABEL_WINDOW] = {"window", {"সময়", "Period"}},
    [LABEL_WINDOW_1H] = {"window_1h", {"১ ঘণ্টা", "1 hour"}},
    [LABEL_WINDOW_6H] = {"window_6h", {"৬ ঘণ্টা", "6 hours"}},
    [LABEL_WINDOW_24H] = {"window_24h", {"২৪ ঘণ্টা", "24 hours"}},
    [LABEL_WINDOW_7D] = {"window_7d", {"৭ দিন", "7 days"}},
    [LABEL_WINDOW_30D] = {"window_30d", {"৩০ দিন", "30 days"}},
    [LABEL_WINDOW_ALL] = {"window_all", {"সব সময়", "All time"}},
    [LABEL_FALLBACK] = {"fallback",
                        {"এ সময়ে পড়া খবর কম, তাই বাকিগুলো আরও লম্বা সময়ের।",
                         "Few articles were read in this period; the others are of a longer one."}},
    [LABEL_EMPTY] = {"empty", {"এখানে এখনো কোনো খবর নেই।", "There is no news here yet."}},
    [LABEL_FEED] = {"feed", {"ফিড", "Feed"}},
    [LABEL_BAD_REQUEST] = {"bad_request",
                           {"ঠিকানাটি বোঝা যায়নি", "The address was not understood"}},
    [LABEL_BAD_REQUEST_TEXT] = {"bad_request_text",
                                {"ঠিকানায় এমন কিছু আছে, যা থাকতে পারে না।",
                                 "It has something that is not allowed in an address."}},
    [LABEL_NOT_FOUND] = {"not_found", {"পাতাটি পাওয়া যায়নি", "Page not found"}},
    [LABEL_NOT_FOUND_TEXT] = {"not_found_text",
                              {"ঠিকানাটি ভুল হতে পারে, অথবা লেখাটি এখনো প্রকাশিত হয়নি।",
                               "The address may be wrong, or the article is not published yet."}},
    [LABEL_GONE] = {"gone", {"লেখাটি সরিয়ে নেওয়া হয়েছে", "The article was withdrawn"}},
    [LABEL_GONE_TEXT] = {"gone_text",
                         {"এই ঠিকানার লেখাটি আর প্রকাশিত নেই।",
                          "What stood at this address is no longer published."}},
    [LABEL_METHOD] = {"method", {"ঠিকানাটি শুধু পড়ার জন্য", "This address can only be read"}},
    [LABEL_METHOD_TEXT] = {"method_text",
                           {"এই ঠিকানায় কিছু পাঠানো যায় না।", "Nothing can be sent to it."}},
    [LABEL_FAILURE] = {"failure", {"পাতাটি এখন দেখানো যাচ্ছে না", "The page can't be shown now"}},
    [LABEL_FAILURE_TEXT] = {"failure_text",
                            {"আমাদের দিকে কিছু একটা গোলমাল হয়েছে। একটু পরে আবার চেষ্টা করুন।",
                             "Something went wrong on our side. Please try again in a moment."}},
    [LABEL_WAY_ON] = {"way_on", {"এখান থেকে পড়তে পারেন", "You may read on here"}},
};

/* Appends ASCII digits as the digits of the language. */
static void put_digits(const struct words *words, const char *ascii, size_t len, struct buf *to)
{
    char *begin = buf_reserve(to, len * DIGIT_BYTES_MAX);
    if (!begin)
        return;
    char *end = begin;
    for (size_t i = 0; i < len; i++) {
        assert(ascii[i] >= '0' && ascii[i] <= '9');
        for (const char *byte = words->digits[ascii[i] - '0']; *byte; byte++)
            *end++ = *byte;
    }
    buf_grew(to, (size_t)(end - begin));
}

/* Appends a number without groups, with leading zeros up to `width` digits. */
static void put_plain(const struct words *words, int number, int width, struct buf *to)
{
    assert(number >= 0 && width < NUMBER_BYTES);
    char ascii[NUMBER_BYTES], *end = ascii + sizeof ascii, *begin = end;
    do
        *--begin = (char)('0' + number % 10);
    while ((number /= 10) > 0 || end - begin < width);
    put_digits(words, begin, (size_t)(end - begin), to);
}

static void put_date(const struct words *words, int day, const char *month, int year,
                     struct buf *to)
{
    put_plain(words, day, 1, to);
    buf_char(to, ' ');
    buf_text(to, month);
    buf_char(to, ' ');
    put_plain(words, year, 1, to);
}

const struct words *words_of(const char *code)
{
    for (size_t i = 0; i < LANGUAGES; i++)
        if (strcmp(languages[i].code, code) == 0)
            return &languages[i];
    return NULL;
}

void words_weekday_date(const struct words *words, const struct civil *civil, struct buf *to)
{
    assert(civil->weekday >= 0 && civil->weekday <= 6 && civil->month >= 1 && civil->month <= 12);
    buf_text(to, words->weekdays[civil->weekday]);
    buf_text(to, ", ");
    put_date(words, civil->day, words->months[civil->month - 1], civil->year, to);
}

void words_date_time(const struct words *words, const struct civil *civil, struct buf *to)
{
    assert(civil->month >= 1 && civil->month <= 12);
    put_date(words, civil->day, words->months[civil->month - 1], civil->year, to);
    buf_text(to, ", ");
    put_plain(words, civil->hour, 2, to);
    buf_char(to, ':');
    put_plain(words, civil->minute, 2, to);
}

/* The length of a month of the Bangla year that begins in April of the Gregorian year `spring`. */
static int days_in_month(int spring, int month)
{
    assert(month >= 1 && month <= MONTHS);
    bool is_reformed = spring - YEARS_BETWEEN >= FIRST_REFORMED_YEAR;
    const int *days = is_reformed ? days_since_reform : days_before_reform;
    return days[month - 1] + (month == FALGUN && year_is_leap(spring + 1));
}

enum status bangla_date_from(int year, int month, int day, struct bangla_date *date)
{
    assert(month >= 1 && month <= 12 && day >= 1 && day <= 31);
    if (year < FIRST_GREGORIAN_YEAR)
        return STATUS_ABSENT;
    int after_march = days_after_march(month, day);
    int spring = month <= 2 ? year - 1 : year;
    if (after_march < NEW_YEAR) {
        spring--;
        after_march += 365 + year_is_leap(year);
    }
    int days = after_march - NEW_YEAR; /* since the new year */
    int bangla_month = 1;
    while (days >= days_in_month(spring, bangla_month))
        days -= days_in_month(spring, bangla_month++);
    *date = (struct bangla_date){spring - YEARS_BETWEEN, bangla_month, days + 1};
    return STATUS_OK;
}

void words_bangla_date(const struct words *words, const struct bangla_date *date, struct buf *to)
{
    assert(date->month >= 1 && date->month <= 12 && date->day >= 1 && date->day <= 31);
    put_date(words, date->day, words->bangla_months[date->month - 1], date->year, to);
}

void words_number(const struct words *words, int64_t number, struct buf *to)
{
    /* The negative of INT64_MIN is no int64_t, so the magnitude is computed without a sign. */
    uint64_t magnitude = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    char ascii[NUMBER_BYTES];
    size_t len = (size_t)snprintf(ascii, sizeof ascii, "%" PRIu64, magnitude);
    assert(len > 0 && len < sizeof ascii);
    if (number < 0)
        buf_char(to, '-');
    for (size_t i = 0; i < len; i++) {
        size_t left = len - i;
        if (i > 0 && left >= words->first_group &&
            (left - words->first_group) % words->next_group == 0)
            buf_char(to, ',');
        put_digits(words, ascii + i, 1, to);
    }
}

const char *label_name(enum label label)
{
    assert(label < LABEL__MAX);
    return labels[label].name;
}

const char *words_label(const struct words *words, enum label label)
{
    assert(label < LABEL__MAX && words >= languages && words < languages + LANGUAGES);
    return labels[label].texts[words - languages];
}
