/* One table row for each language, with its digits, names and labels, and the functions that write
 * dates and numbers with them. */
#include "language/words.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    NUMBER_BYTES = 24,
    DIGIT_BYTES_MAX = 3, /* in UTF-8 */
};

struct words {
    const char *code;
    const char *digits[10];
    const char *weekdays[7]; /* Sunday first, as in struct civil */
    const char *months[12];
    const char *bangla_months[12];
    size_t first_group; /* digits in the rightmost group of a number */
    size_t next_group;  /* and in each group left of it */
    const char *labels[LABEL__MAX];
};

static const struct words languages[] = {
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
        .labels =
            {
                [LABEL_HOME] = "প্রথম পাতা",
                [LABEL_SKIP] = "মূল লেখায় যান",
                [LABEL_SECTIONS] = "বিভাগ",
                [LABEL_RELATED] = "সম্পর্কিত",
                [LABEL_LATEST] = "সর্বশেষ খবর",
                [LABEL_MOST_READ] = "সর্বাধিক পঠিত",
                [LABEL_ARCHIVE] = "আর্কাইভ",
                [LABEL_UPDATED] = "আপডেট : ",
                [LABEL_OLDER] = "আগের খবর",
                [LABEL_NEWEST] = "সবচেয়ে নতুন",
                [LABEL_PREVIOUS_DAY] = "আগের দিন",
                [LABEL_NEXT_DAY] = "পরের দিন",
                [LABEL_TAGS] = "বিষয়",
                [LABEL_TAG] = "বিষয়",
                [LABEL_AUTHOR] = "লেখক",
                [LABEL_PHOTO] = "ছবি: ",
                [LABEL_VIEWS] = "বার পঠিত",
                [LABEL_WINDOW] = "সময়",
                [LABEL_WINDOW_1H] = "১ ঘণ্টা",
                [LABEL_WINDOW_6H] = "৬ ঘণ্টা",
                [LABEL_WINDOW_24H] = "২৪ ঘণ্টা",
                [LABEL_WINDOW_7D] = "৭ দিন",
                [LABEL_WINDOW_30D] = "৩০ দিন",
                [LABEL_WINDOW_ALL] = "সব সময়",
                [LABEL_FALLBACK] = "এ সময়ে পড়া খবর কম, তাই বাকিগুলো আরও লম্বা সময়ের।",
                [LABEL_EMPTY] = "এখানে এখনো কোনো খবর নেই।",
                [LABEL_FEED] = "ফিড",
                [LABEL_BAD_REQUEST] = "ঠিকানাটি বোঝা যায়নি",
                [LABEL_BAD_REQUEST_TEXT] = "ঠিকানায় এমন কিছু আছে, যা থাকতে পারে না।",
                [LABEL_NOT_FOUND] = "পাতাটি পাওয়া যায়নি",
                [LABEL_NOT_FOUND_TEXT] = "ঠিকানাটি ভুল হতে পারে, অথবা লেখাটি এখনো প্রকাশিত হয়নি।",
                [LABEL_GONE] = "লেখাটি সরিয়ে নেওয়া হয়েছে",
                [LABEL_GONE_TEXT] = "এই ঠিকানার লেখাটি আর প্রকাশিত নেই।",
                [LABEL_METHOD] = "ঠিকানাটি শুধু পড়ার জন্য",
                [LABEL_METHOD_TEXT] = "এই ঠিকানায় কিছু পাঠানো যায় না।",
                [LABEL_FAILURE] = "পাতাটি এখন দেখানো যাচ্ছে না",
                [LABEL_FAILURE_TEXT] = "আমাদের দিকে কিছু একটা গোলমাল হয়েছে। একটু পরে আবার চেষ্টা করুন।",
                [LABEL_WAY_ON] = "এখান থেকে পড়তে পারেন",
            },
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
        .labels =
            {
                [LABEL_HOME] = "Front page",
                [LABEL_SKIP] = "Skip to the content",
                [LABEL_SECTIONS] = "Sections",
                [LABEL_RELATED] = "Related",
                [LABEL_LATEST] = "Latest news",
                [LABEL_MOST_READ] = "Most read",
                [LABEL_ARCHIVE] = "Archive",
                [LABEL_UPDATED] = "Updated: ",
                [LABEL_OLDER] = "Older news",
                [LABEL_NEWEST] = "The newest",
                [LABEL_PREVIOUS_DAY] = "Previous day",
                [LABEL_NEXT_DAY] = "Next day",
                [LABEL_TAGS] = "Topics",
                [LABEL_TAG] = "Topic",
                [LABEL_AUTHOR] = "Author",
                [LABEL_PHOTO] = "Photo: ",
                [LABEL_VIEWS] = "views",
                [LABEL_WINDOW] = "Period",
                [LABEL_WINDOW_1H] = "1 hour",
                [LABEL_WINDOW_6H] = "6 hours",
                [LABEL_WINDOW_24H] = "24 hours",
                [LABEL_WINDOW_7D] = "7 days",
                [LABEL_WINDOW_30D] = "30 days",
                [LABEL_WINDOW_ALL] = "All time",
                [LABEL_FALLBACK] =
                    "Few articles were read in this period; the others are of a longer one.",
                [LABEL_EMPTY] = "There is no news here yet.",
                [LABEL_FEED] = "Feed",
                [LABEL_BAD_REQUEST] = "The address was not understood",
                [LABEL_BAD_REQUEST_TEXT] = "It has something that is not allowed in an address.",
                [LABEL_NOT_FOUND] = "Page not found",
                [LABEL_NOT_FOUND_TEXT] =
                    "The address may be wrong, or the article is not published yet.",
                [LABEL_GONE] = "The article was withdrawn",
                [LABEL_GONE_TEXT] = "What stood at this address is no longer published.",
                [LABEL_METHOD] = "This address can only be read",
                [LABEL_METHOD_TEXT] = "Nothing can be sent to it.",
                [LABEL_FAILURE] = "The page can't be shown now",
                [LABEL_FAILURE_TEXT] =
                    "Something went wrong on our side. Please try again in a moment.",
                [LABEL_WAY_ON] = "You may read on here",
            },
    },
};

static const char *const label_names[LABEL__MAX] = {
    [LABEL_HOME] = "home",
    [LABEL_SKIP] = "skip",
    [LABEL_SECTIONS] = "sections",
    [LABEL_RELATED] = "related",
    [LABEL_LATEST] = "latest",
    [LABEL_MOST_READ] = "most_read",
    [LABEL_ARCHIVE] = "archive",
    [LABEL_UPDATED] = "updated",
    [LABEL_OLDER] = "older",
    [LABEL_NEWEST] = "newest",
    [LABEL_PREVIOUS_DAY] = "previous_day",
    [LABEL_NEXT_DAY] = "next_day",
    [LABEL_TAGS] = "tags",
    [LABEL_TAG] = "tag",
    [LABEL_AUTHOR] = "author",
    [LABEL_PHOTO] = "photo",
    [LABEL_VIEWS] = "views",
    [LABEL_WINDOW] = "window",
    [LABEL_WINDOW_1H] = "window_1h",
    [LABEL_WINDOW_6H] = "window_6h",
    [LABEL_WINDOW_24H] = "window_24h",
    [LABEL_WINDOW_7D] = "window_7d",
    [LABEL_WINDOW_30D] = "window_30d",
    [LABEL_WINDOW_ALL] = "window_all",
    [LABEL_FALLBACK] = "fallback",
    [LABEL_EMPTY] = "empty",
    [LABEL_FEED] = "feed",
    [LABEL_BAD_REQUEST] = "bad_request",
    [LABEL_BAD_REQUEST_TEXT] = "bad_request_text",
    [LABEL_NOT_FOUND] = "not_found",
    [LABEL_NOT_FOUND_TEXT] = "not_found_text",
    [LABEL_GONE] = "gone",
    [LABEL_GONE_TEXT] = "gone_text",
    [LABEL_METHOD] = "method",
    [LABEL_METHOD_TEXT] = "method_text",
    [LABEL_FAILURE] = "failure",
    [LABEL_FAILURE_TEXT] = "failure_text",
    [LABEL_WAY_ON] = "way_on",
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

static void put_civil_date(const struct words *words, const struct civil *civil, struct buf *to)
{
    assert(civil->month >= 1 && civil->month <= 12);
    put_date(words, civil->day, words->months[civil->month - 1], civil->year, to);
}

/* Whether a comma goes before the last `left` digits of a longer number. */
static bool group_begins(const struct words *words, size_t left)
{
    return left >= words->first_group && (left - words->first_group) % words->next_group == 0;
}

const struct words *words_of(const char *code)
{
    for (size_t i = 0; i < sizeof languages / sizeof languages[0]; i++)
        if (strcmp(languages[i].code, code) == 0)
            return &languages[i];
    return NULL;
}

void words_weekday_date(const struct words *words, const struct civil *civil, struct buf *to)
{
    assert(civil->weekday >= 0 && civil->weekday <= 6);
    buf_text(to, words->weekdays[civil->weekday]);
    buf_text(to, ", ");
    put_civil_date(words, civil, to);
}

void words_date_time(const struct words *words, const struct civil *civil, struct buf *to)
{
    put_civil_date(words, civil, to);
    buf_text(to, ", ");
    put_plain(words, civil->hour, 2, to);
    buf_char(to, ':');
    put_plain(words, civil->minute, 2, to);
}

void words_bangla_date(const struct words *words, const struct bangla_date *date, struct buf *to)
{
    assert(date->month >= 1 && date->month <= 12);
    put_date(words, date->day, words->bangla_months[date->month - 1], date->year, to);
}

void words_number(const struct words *words, int64_t number, struct buf *to)
{
    /* The negative of INT64_MIN is no int64_t, so the magnitude is computed without a sign. */
    uint64_t magnitude = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    char ascii[NUMBER_BYTES];
    size_t len = (size_t)snprintf(ascii, sizeof ascii, "%" PRIu64, magnitude);
    if (number < 0)
        buf_char(to, '-');
    for (size_t i = 0; i < len; i++) {
        if (i > 0 && group_begins(words, len - i))
            buf_char(to, ',');
        put_digits(words, ascii + i, 1, to);
    }
}

const char *label_name(enum label label)
{
    assert(label < LABEL__MAX);
    return label_names[label];
}

const char *words_label(const struct words *words, enum label label)
{
    assert(label < LABEL__MAX);
    return words->labels[label];
}
