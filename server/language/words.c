#include "language/words.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    NUMBER_BYTES = 24
};

struct words {
    const char *code;
    const char *digits[10];
    const char *weekdays[7]; /* Sunday first, as in struct civil */
    const char *months[12];
    const char *bangla_months[12];
    size_t first_group; /* digits in the rightmost group of a number */
    size_t next_group;  /* and in each group left of it */
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

static void put_digit(const struct words *words, char ascii, struct buf *to)
{
    buf_text(to, words->digits[ascii - '0']);
}

/* A number without groups, with zeros in front up to `width` digits. */
static void put_plain(const struct words *words, int number, int width, struct buf *to)
{
    assert(number >= 0);
    char ascii[NUMBER_BYTES];
    snprintf(ascii, sizeof ascii, "%0*d", width, number);
    for (const char *digit = ascii; *digit; digit++)
        put_digit(words, *digit, to);
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

/* Whether a comma stands in front of the last `left` digits of a longer number. */
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
    /* The least int64_t has no positive twin, so its size is taken without a sign. */
    uint64_t size = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    char ascii[NUMBER_BYTES];
    size_t len = (size_t)snprintf(ascii, sizeof ascii, "%" PRIu64, size);
    if (number < 0)
        buf_char(to, '-');
    for (size_t i = 0; i < len; i++) {
        if (i > 0 && group_begins(words, len - i))
            buf_char(to, ',');
        put_digit(words, ascii[i], to);
    }
}
