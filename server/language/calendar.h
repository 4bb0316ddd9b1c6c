/* The Bangla calendar of Bangladesh.
 *
 * The year begins on 14 April (1 বৈশাখ). A Bangla year is the Gregorian year minus 593 from that
 * day on, and minus 594 before it. From Bangla year 1426 (2019), months 1 to 6 have 31 days, month
 * 11 has 29, and the others have 30 (Bangla Academy). Before that, months 1 to 5 had 31 days and
 * the others 30 (the Shahidullah committee of 1966, official from 1987). The reform does not change
 * earlier dates. Month 11, ফাল্গুন, has one day more in a Gregorian leap year.
 */
#ifndef KHOBOR_LANGUAGE_CALENDAR_H
#define KHOBOR_LANGUAGE_CALENDAR_H

#include "base/status.h"

struct bangla_date {
    int year;
    int month; /* 1 is বৈশাখ */
    int day;
};

/* The Bangla date of a Gregorian date, which must exist; the day begins at midnight. STATUS_ABSENT
 * before 1987, when there was no single rule. */
enum status bangla_date_from(int year, int month, int day, struct bangla_date *date) MUST_CHECK;

#endif
