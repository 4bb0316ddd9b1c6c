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

int64_t instant_limit(int64_t at)
{
    if (at < INSTANT_LEAST)
        return INSTANT_LEAST;
    return at > INSTANT_MOST ? INSTANT_MOST : at;
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

enum status zone_use(const char *name)
{
    /* The name is a path inside the zone database: these characters can't lead out of it. */
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                  "0123456789_+-/";
    /* libc silently uses UTC for an unknown TZ, so the zone's file is looked for first. The
     * database has folders and tables, too; only a zone begins with "TZif" (RFC 8536 §3). */
    if (strcmp(name, "UTC") != 0) {
        char path[ZONE_PATH_BYTES], magic[4];
        int len = snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", name);
        if (name[0] == '/' || name[strspn(name, allowed)] != '\0' || len >= (int)sizeof path)
            return STATUS_ABSENT;
        FILE *file = fopen(path, "rbe");
        bool is_zone = file && fread(magic, 1, sizeof magic, file) == sizeof magic &&
                       memcmp(magic, "TZif", sizeof magic) == 0;
        if (file)
            fclose(file);
        if (!is_zone)
            return STATUS_ABSENT;
    }
    if (setenv("TZ", name, 1) != 0)
        return STATUS_NO_MEMORY;
    tzset();
    return STATUS_OK;
}

void civil_from_instant(int64_t at, struct civil *civil)
{
    /* A few days more than what can be stored: the first and the last day have neighbours. */
    const int64_t least = INSTANT_LEAST - 3 * DAY_S, most = INSTANT_MOST + 3 * DAY_S;
    time_t time = (time_t)(at < least ? least : at > most ? most : at);
    struct tm tm;
    const struct tm *filled = localtime_r(&time, &tm);
    assert(filled && tm.tm_year >= 999 - 1900 && tm.tm_year <= 10000 - 1900);
    (void)filled;
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
    int offset_s;
    if (len < 20 || (text[10] != 'T' && text[10] != 't') || text[13] != ':' || text[16] != ':' ||
        day_parse(text, 10, &day) != STATUS_OK)
        return STATUS_INVALID;
    int hour = digits_at(text, 11, 2), minute = digits_at(text, 14, 2);
    int second = digits_at(text, 17, 2); /* never 60: a leap second is refused */
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
        return STATUS_INVALID;
    size_t zone = 19;
    if (text[zone] == '.') {
        while (++zone < len && text[zone] >= '0' && text[zone] <= '9')
            continue;
        if (zone == 20) /* no digit follows the point */
            return STATUS_INVALID;
    }
    if (!offset_parse(text + zone, len - zone, &offset_s))
        return STATUS_INVALID;
    int64_t instant = days_from_epoch(day.year, day.month, day.day) * DAY_S + hour * HOUR_S +
                      minute * 60 + second - offset_s;
    if (instant < INSTANT_LEAST || instant > INSTANT_MOST)
        return STATUS_INVALID;
    *at = instant;
    return STATUS_OK;
}

/* The civil time to be written with its offset, of which *offset_min are whole minutes. The offset
 * of local mean time, before zones, has seconds, which neither RFC can write: the wall clock is
 * shifted by them, so that the text still means this instant. */
static void civil_with_offset(int64_t at, struct civil *civil, int *offset_min)
{
    civil_from_instant(at, civil);
    int seconds = civil->offset_s % 60;
    *offset_min = civil->offset_s / 60;
    if (seconds != 0 && at >= INSTANT_LEAST && at <= INSTANT_MOST)
        civil_from_instant(at - seconds, civil);
    assert(civil->month >= 1 && civil->month <= 12);
    assert(civil->weekday >= 0 && civil->weekday <= 6);
}

void instant_format(int64_t at, struct buf *to)
{
    struct civil c;
    int offset_min;
    civil_with_offset(at, &c, &offset_min);
    const struct {
        int number, width;
        char separator; /* after the number */
    } parts[] = {
        {c.year, 4, '-'}, {c.month, 2, '-'},  {c.day, 2, 'T'},
        {c.hour, 2, ':'}, {c.minute, 2, ':'}, {c.second, 2, c.offset_s < 0 ? '-' : '+'},
    };
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        buf_padded(to, (unsigned)parts[i].number, parts[i].width);
        buf_char(to, parts[i].separator);
    }
    buf_padded(to, (unsigned)abs(offset_min) / 60, 2);
    buf_char(to, ':');
    buf_padded(to, (unsigned)abs(offset_min) % 60, 2);
}

void instant_format_mail(int64_t at, struct buf *to)
{
    static const char weekdays[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct civil c;
    int offset_min;
    civil_with_offset(at, &c, &offset_min);
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
