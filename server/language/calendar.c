/* Counts days since the Bangla new year, 14 April, and takes off one month's length after another,
 * by the table of lengths that was in force. */
#include "language/calendar.h"

#include "base/clock.h"

#include <assert.h>
#include <stdbool.h>

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
