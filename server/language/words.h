/* Dates, numbers and labels in the language of the site.
 *
 * To add a language, add a row to the table of languages in words.c, a text to each row of the
 * table of labels there, and the code to the setting site.language.
 */
#ifndef KHOBOR_LANGUAGE_WORDS_H
#define KHOBOR_LANGUAGE_WORDS_H

#include "base/buf.h"
#include "base/clock.h"
#include "base/status.h"

#include <stdint.h>

/* The words of one language; static, never freed. */
struct words;

/* The words of a language by its code ("bn", "en"); NULL when the code is unknown. */
const struct words *words_of(const char *code);

/* The Bangla calendar of Bangladesh.
 *
 * The year begins on 14 April (1 বৈশাখ). A Bangla year is the Gregorian year minus 593 from that
 * day on, and minus 594 before it. From Bangla year 1426 (2019), months 1 to 6 have 31 days, month
 * 11 has 29, and the others have 30 (Bangla Academy). Before that, months 1 to 5 had 31 days and
 * the others 30 (the Shahidullah committee of 1966, official from 1987). The reform does not change
 * earlier dates. Month 11, ফাল্গুন, has one day more in a Gregorian leap year.
 */
struct bangla_date {
    int year;
    int month; /* 1 is বৈশাখ */
    int day;
};

/* The Bangla date of a Gregorian date, which must exist; the day begins at midnight. STATUS_ABSENT
 * before 1987, when there was no single rule. */
enum status bangla_date_from(int year, int month, int day, struct bangla_date *date) MUST_CHECK;

/* These append to `to`; an example for each in Bengali and English. The dates must exist. */

/* মঙ্গলবার, ১৬ এপ্রিল ২০২৪ · Tuesday, 16 April 2024 */
void words_weekday_date(const struct words *words, const struct civil *civil, struct buf *to);

/* ১৫ আগস্ট ২০২২, ১১:৩০ · 15 August 2022, 11:30 */
void words_date_time(const struct words *words, const struct civil *civil, struct buf *to);

/* ৩ বৈশাখ ১৪৩১ · 3 Boishakh 1431 */
void words_bangla_date(const struct words *words, const struct bangla_date *date, struct buf *to);

/* A number with its digits in groups: ১২,৩৪,৫৬৭ (lakh and crore in Bengali) · 1,234,567 */
void words_number(const struct words *words, int64_t number, struct buf *to);

/* The texts of the site itself, around its articles. */
enum label {
    LABEL_HOME,
    LABEL_SKIP,
    LABEL_SECTIONS,
    LABEL_RELATED,
    LABEL_LATEST,
    LABEL_MOST_READ,
    LABEL_ARCHIVE,
    LABEL_UPDATED,
    LABEL_OLDER,
    LABEL_NEWEST,
    LABEL_PREVIOUS_DAY,
    LABEL_NEXT_DAY,
    LABEL_TAGS,
    LABEL_TAG,
    LABEL_AUTHOR,
    LABEL_PHOTO,
    LABEL_VIEWS,
    LABEL_WINDOW,
    LABEL_WINDOW_1H,
    LABEL_WINDOW_6H,
    LABEL_WINDOW_24H,
    LABEL_WINDOW_7D,
    LABEL_WINDOW_30D,
    LABEL_WINDOW_ALL,
    LABEL_FALLBACK,
    LABEL_EMPTY,
    LABEL_FEED,
    LABEL_BAD_REQUEST,
    LABEL_BAD_REQUEST_TEXT,
    LABEL_NOT_FOUND,
    LABEL_NOT_FOUND_TEXT,
    LABEL_GONE,
    LABEL_GONE_TEXT,
    LABEL_METHOD,
    LABEL_METHOD_TEXT,
    LABEL_FAILURE,
    LABEL_FAILURE_TEXT,
    LABEL_WAY_ON,
    LABEL__MAX
};

/* The name of a label in templates, such as "most_read"; static. */
const char *label_name(enum label label);

/* A label in a language, such as সর্বাধিক পঠিত · Most read; static, never empty. */
const char *words_label(const struct words *words, enum label label);

#endif
