/* Dates and numbers as a reader of the site's language writes them.
 *
 * Adding a language is adding a row to the table in words.c.
 */
#ifndef KHOBOR_LANGUAGE_WORDS_H
#define KHOBOR_LANGUAGE_WORDS_H

#include "base/buf.h"
#include "base/clock.h"
#include "language/calendar.h"

#include <stdint.h>

/* A language's words and forms; opaque, static, never freed. */
struct words;

/* The words of a language by its code ("bn", "en"); NULL when there are none. */
const struct words *words_of(const char *code);

/* মঙ্গলবার, ১৬ এপ্রিল ২০২৪ · Tuesday, 16 April 2024 */
void words_weekday_date(const struct words *words, const struct civil *civil, struct buf *to);

/* ১৫ আগস্ট ২০২২, ১১:৩০ · 15 August 2022, 11:30 */
void words_date_time(const struct words *words, const struct civil *civil, struct buf *to);

/* ৩ বৈশাখ ১৪৩১ · 3 Boishakh 1431 */
void words_bangla_date(const struct words *words, const struct bangla_date *date, struct buf *to);

/* A count with its groups: ১২,৩৪,৫৬৭ · 1,234,567 (lakh and crore in Bengali). */
void words_number(const struct words *words, int64_t number, struct buf *to);

#endif
