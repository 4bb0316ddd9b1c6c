/* Reads the clocks, and converts between instants, civil time (through libc, which knows the zones)
 * and the texts of RFC 3339 and RFC 5322 (by hand, as strptime accepts more than they allow). */
#include "base/clock.h"

#include <assert.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    ZONE_PATH_BYTES = 128,
};

int64_t instant_floor(int64_t at, int64_t step_s)
{
    assert(step_s > 0);
    int64_t rest = at % step_s;
    int64_t below = rest < 0 ? rest + step_s : rest;
    /* The last step above INT64_MIN has no beginning: its end stands for it. */
    return at >= INT64_MIN + below ? at - below : at - rest;
}

int64_t clock_now_s(void)
{
    return (int64_t)time(NULL);
}

int64_t clock_steady_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void clock_sleep_ms(int64_t duration_ms)
{
    struct timespec pause = {.tv_sec = duration_ms / 1000,
                             .tv_nsec = (long)(duration_ms % 1000) * 1000000};
    nanosleep(&pause, NULL);
}

/* Whether a zone's name is a path inside the zone database: it can't lead out of it. */
static bool zone_name_is_safe(const char *name)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                  "0123456789_+-/";
    return name[0] != '\0' && name[0] != '/' && strspn(name, allowed) == strlen(name);
}

/* The zone database also has folders and tables; only a zone begins with "TZif" (RFC 8536 §3). */
static bool is_zone_file(const char *path)
{
    char magic[4];
    FILE *file = fopen(path, "rb");
    if (!file)
        return false;
    bool is_zone = fread(magic, 1, sizeof magic, file) == sizeof magic &&
                   memcmp(magic, "TZif", sizeof magic) == 0;
    fclose(file);
    return is_zone;
}

enum status zone_use(const char *name)
{
    /* libc silently uses UTC for an unknown TZ, so the zone's file is looked for first. */
    if (strcmp(name, "UTC") != 0) {
        char path[ZONE_PATH_BYTES];
        int len = snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", name);
        if (!zone_name_is_safe(name) || len >= (int)sizeof path || !is_zone_file(path))
            return STATUS_ABSENT;
    }
    if (setenv("TZ", name, 1) != 0)
        return STATUS_NO_MEMORY;
    tzset();
    return STATUS_OK;
}

void civil_from_instant(int64_t at, struct civil *civil)
{
    time_t time = (time_t)at;
    struct tm tm;
    localtime_r(&time, &tm);
    *civil = (struct civil){
        .year = tm.tm_year + 1900,
        .month = tm.tm_mon + 1,
        .day = tm.tm_mday,
        .hour = tm.tm_hour,
        .minute = tm.tm_min,
        .second = tm.tm_sec,
        .weekday = tm.tm_wday,
        .offset_s = (int)tm.tm_gmtoff,
    };
}

bool year_is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static bool day_exists(int year, int month, int day)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (year < 1000 || year > 9999 || month < 1 || month > 12 || day < 1)
        return false;
    return day <= days[month - 1] + (month == 2 && year_is_leap(year));
}

/* `count` ASCII digits at text[at] as a number, or -1. */
static int digits_at(const char *text, size_t at, size_t count)
{
    int value = 0;
    for (size_t i = at; i < at + count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

enum status day_parse(const char *text, size_t len, struct civil *day)
{
    if (len != 10 || text[4] != '-' || text[7] != '-')
        return STATUS_INVALID;
    struct civil read = {.year = digits_at(text, 0, 4),
                         .month = digits_at(text, 5, 2),
                         .day = digits_at(text, 8, 2)};
    if (!day_exists(read.year, read.month, read.day))
        return STATUS_INVALID;
    *day = read;
    return STATUS_OK;
}

enum status instant_from_day(int year, int month, int day, int64_t *at)
{
    if (!day_exists(year, month, day))
        return STATUS_INVALID;
    struct tm tm = {.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day, .tm_isdst = -1};
    *at = (int64_t)mktime(&tm);
    /* Where the clocks are set back at midnight, there are two midnights, and mktime returns
     * either: the day begins at the first. */
    struct civil hour_before;
    civil_from_instant(*at - HOUR_S, &hour_before);
    if (hour_before.day == day)
        *at -= HOUR_S;
    return STATUS_OK;
}

/* "Z" or "+hh:mm" as seconds east of UTC; false when it is neither. */
static bool offset_parse(const char *text, size_t len, int *offset_s)
{
    if (len == 1 && (text[0] == 'Z' || text[0] == 'z')) {
        *offset_s = 0;
        return true;
    }
    if (len != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':')
        return false;
    int hours = digits_at(text, 1, 2), minutes = digits_at(text, 4, 2);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
        return false;
    *offset_s = (text[0] == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
    return true;
}

/* "hh:mm:ss" at text[11], without a leap second. */
static bool time_of_day_parse(const char *text, int *second_of_day)
{
    int hour = digits_at(text, 11, 2);
    int minute = digits_at(text, 14, 2);
    int second = digits_at(text, 17, 2);
    if (text[13] != ':' || text[16] != ':' || hour < 0 || hour > 23 || minute < 0 || minute > 59 ||
        second < 0 || second > 59)
        return false;
    *second_of_day = hour * 3600 + minute * 60 + second;
    return true;
}

/* Skips ".123" after the seconds; returns where the zone begins, 0 when the fraction is empty. */
static size_t after_fraction(const char *text, size_t len)
{
    size_t at = 19;
    if (at >= len || text[at] != '.')
        return at;
    do
        at++;
    while (at < len && text[at] >= '0' && text[at] <= '9');
    return at > 20 ? at : 0;
}

int days_after_march(int month, int day)
{
    int months = (month + 9) % 12;
    int days = (153 * months + 2) / 5 + day - 1;
    assert(days >= 0 && days <= 365);
    return days;
}

/* Days from 1970-01-01 to a date of the Gregorian calendar. */
static int64_t days_from_epoch(int year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    return 365 * y + y / 4 - y / 100 + y / 400 + days_after_march(month, day) - 719468;
}

enum status instant_parse(const char *text, size_t len, int64_t *at)
{
    struct civil day;
    int second_of_day, offset_s;
    if (len < 20 || (text[10] != 'T' && text[10] != 't') ||
        day_parse(text, 10, &day) != STATUS_OK || !time_of_day_parse(text, &second_of_day))
        return STATUS_INVALID;
    size_t zone = after_fraction(text, len);
    if (zone == 0 || !offset_parse(text + zone, len - zone, &offset_s))
        return STATUS_INVALID;
    int64_t day_start = days_from_epoch(day.year, day.month, day.day) * DAY_S;
    int64_t instant = day_start + second_of_day - offset_s;
    if (instant < INSTANT_LEAST || instant > INSTANT_MOST)
        return STATUS_INVALID;
    *at = instant;
    return STATUS_OK;
}

void instant_format(int64_t at, struct buf *to)
{
    struct civil c;
    civil_from_instant(at, &c);
    /* The offset of local mean time, before zones, has seconds, which RFC 3339 can't write: the
     * wall clock is shifted by them, so that the text still means this instant. */
    if (c.offset_s % 60 != 0)
        civil_from_instant(at - c.offset_s % 60, &c);
    int offset_min = abs(c.offset_s) / 60;
    const struct {
        int number, width;
        char separator; /* after the number */
    } parts[] = {
        {c.year, 4, '-'},          {c.month, 2, '-'},  {c.day, 2, 'T'},
        {c.hour, 2, ':'},          {c.minute, 2, ':'}, {c.second, 2, c.offset_s < 0 ? '-' : '+'},
        {offset_min / 60, 2, ':'},
    };
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        buf_padded(to, (unsigned)parts[i].number, parts[i].width);
        buf_char(to, parts[i].separator);
    }
    buf_padded(to, (unsigned)offset_min % 60, 2);
}

void instant_format_mail(int64_t at, struct buf *to)
{
    static const char weekdays[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct civil c;
    civil_from_instant(at, &c);
    assert(c.weekday >= 0 && c.weekday <= 6 && c.month >= 1 && c.month <= 12);
    int offset_min = c.offset_s / 60;
    /* As in instant_format: an offset is written in whole minutes. */
    if (c.offset_s % 60 != 0)
        civil_from_instant(at - c.offset_s % 60, &c);
    buf_format(to, "%s, %02d %s %04d %02d:%02d:%02d %c%02d%02d", weekdays[c.weekday], c.day,
               months[c.month - 1], c.year, c.hour, c.minute, c.second, offset_min < 0 ? '-' : '+',
               abs(offset_min) / 60, abs(offset_min) % 60);
}

int64_t day_end(int64_t begin)
{
    struct civil next;
    int64_t end;
    civil_from_instant(begin + 36 * 3600, &next); /* somewhere in the next day */
    if (instant_from_day(next.year, next.month, next.day, &end) != STATUS_OK)
        end = begin + 24 * 3600; /* of the last day that there is */
    assert(end > begin);
    return end;
}
