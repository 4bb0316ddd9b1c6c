/* The Bangla calendar of Bangladesh.
 *
 * The year begins on 14 April (1 বৈশাখ); a Bangla year is the Gregorian year less 593 from then
 * on, less 594 before. From Bangla year 1426 (2019) months 1 to 6 have 31 days, 11 has 29, the
 * rest 30 (Bangla Academy). Before, months 1 to 5 had 31 days and the rest 30 (the Shahidullah
 * committee of 1966, official from 1987). ফাল্গুন, month 11, has a day more when the Gregorian
 * year it lies in is a leap year. The change was not retroactive.
 */
#ifndef KHOBOR_LANGUAGE_CALENDAR_H
#define KHOBOR_LANGUAGE_CALENDAR_H

#include "base/status.h"

struct bangla_date {
    int year;
    int month; /* 1 is বৈশাখ */
    int day;
};

/* The Bangla date of a Gregorian one. STATUS_ABSENT before 1987, when no one rule was in force.
 * The day begins at midnight. The Gregorian date must exist. */
enum status bangla_date_from(int year, int month, int day, struct bangla_date *date) MUST_CHECK;

#endif
