#include "language/calendar.h"

#include <assert.h>
#include <stdbool.h>

enum {
    FIRST_GREGORIAN_YEAR = 1987, /* the first year of the official rule */
    FIRST_REFORMED_YEAR = 1426,  /* Bangla, from 14 April 2019 */
    YEARS_BEHIND = 593,
    NEW_YEAR = 44, /* 14 April in days after 1 March */
    FALGUN = 11,
    MONTHS = 12,
};

static const int days_before_reform[MONTHS] = {31, 31, 31, 31, 31, 30, 30, 30, 30, 30, 30, 30};
static const int days_since_reform[MONTHS] = {31, 31, 31, 31, 31, 31, 30, 30, 30, 30, 29, 30};

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* Days since the last 1 March. Years counted from March have their leap day at the end, where it
 * moves no other date. */
static int days_after_march(int month, int day)
{
    int months = (month + 9) % 12;
    return (153 * months + 2) / 5 + day - 1;
}

/* How long a month is in the Bangla year that begins in April of the Gregorian year `spring`. */
static int days_in_month(int spring, int month)
{
    bool reformed = spring - YEARS_BEHIND >= FIRST_REFORMED_YEAR;
    const int *days = reformed ? days_since_reform : days_before_reform;
    return days[month - 1] + (month == FALGUN && is_leap(spring + 1));
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
        after_march += 365 + is_leap(year);
    }
    int left = after_march - NEW_YEAR;
    int bangla_month = 1;
    while (left >= days_in_month(spring, bangla_month))
        left -= days_in_month(spring, bangla_month++);
    *date = (struct bangla_date){spring - YEARS_BEHIND, bangla_month, left + 1};
    return STATUS_OK;
}
