/* Reads and writes the text of a packed day by hand: 24 pairs of small numbers need no JSON
 * library, and every bound of the format is checked in one place. The text comes from a file, so a
 * damaged one is a status; what this module writes, it asserts.
 */
#include "store/view_days.h"

#include "base/clock.h"
#include "base/log.h"

#include <assert.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* What is left of a text. */
struct view_day_text {
    const char *at, *end;
};

static bool skip(struct view_day_text *text, char byte)
{
    if (text->at == text->end || *text->at != byte)
        return false;
    text->at++;
    return true;
}

/* Takes a number without leading zeros, at most `max`. */
static bool take_number(struct view_day_text *text, int64_t max, int64_t *number)
{
    const char *begin = text->at;
    assert(max >= 0 && text->at <= text->end);
    *number = 0;
    for (; text->at < text->end && *text->at >= '0' && *text->at <= '9'; text->at++) {
        int digit = *text->at - '0';
        if (*number > (max - digit) / 10)
            return false;
        *number = *number * 10 + digit;
    }
    return text->at > begin && (*begin != '0' || text->at == begin + 1);
}

enum status view_day_parse(const char *bytes, size_t len, struct view_day *day)
{
    struct view_day parsed = {.counts = {0}};
    struct view_day_text text = {.at = bytes, .end = bytes + len};
    if (!skip(&text, '{'))
        return STATUS_UNUSABLE;
    do {
        int64_t hour, count;
        if (!skip(&text, '"') || !take_number(&text, DAY_HOURS - 1, &hour) || !skip(&text, '"') ||
            !skip(&text, ':') || !take_number(&text, INT64_MAX, &count))
            return STATUS_UNUSABLE;
        if (count == 0 || parsed.counts[hour] != 0)
            return STATUS_UNUSABLE;
        parsed.counts[hour] = count;
    } while (skip(&text, ','));
    if (!skip(&text, '}') || text.at != text.end)
        return STATUS_UNUSABLE;
    *day = parsed;
    return STATUS_OK;
}

size_t view_day_format(const struct view_day *day, char to[VIEW_DAY_BYTES])
{
    char pair[32];
    size_t len = 0;
    for (int hour = 0; hour < DAY_HOURS; hour++) {
        assert(day->counts[hour] >= 0);
        if (day->counts[hour] == 0)
            continue;
        int pair_len = snprintf(pair, sizeof pair, "%c\"%d\":%" PRId64, len > 0 ? ',' : '{', hour,
                                day->counts[hour]);
        assert(pair_len > 0 && len + (size_t)pair_len < VIEW_DAY_BYTES);
        memcpy(to + len, pair, (size_t)pair_len);
        len += (size_t)pair_len;
    }
    assert(len > 0);
    to[len++] = '}';
    return len;
}

enum status view_day_add(struct view_day *day, int hour, int64_t count)
{
    assert(hour >= 0 && hour < DAY_HOURS);
    int64_t sum;
    if (count < 0 || __builtin_add_overflow(day->counts[hour], count, &sum))
        return STATUS_UNUSABLE;
    day->counts[hour] = sum;
    return STATUS_OK;
}

enum status view_day_of_row(struct query *row, int64_t article_id, struct view_day *day)
{
    size_t len;
    const char *text = query_text(row, "hours", &len);
    if (!text) {
        *day = (struct view_day){.counts = {0}};
        return STATUS_OK;
    }
    enum status status = view_day_parse(text, len, day);
    if (status != STATUS_OK)
        log_write(LOG_ERROR, "a packed day of article %" PRId64 " in view_days is damaged",
                  article_id);
    return status;
}

static struct query *query_of_day(struct db *db, enum sql which, int64_t begin, int64_t article_id)
{
    struct query *query = db_query(db, which);
    query_bind_number(query, "day", begin);
    query_bind_number(query, "article_id", article_id);
    return query;
}

enum status view_day_find(struct db *db, int64_t begin, int64_t article_id, struct view_day *day)
{
    struct query *query = query_of_day(db, SQL_VIEW_DAY_FIND, begin, article_id);
    enum status status = query_step(query);
    if (status == STATUS_ABSENT) {
        *day = (struct view_day){.counts = {0}};
        status = STATUS_OK;
    } else if (status == STATUS_OK) {
        status = view_day_of_row(query, article_id, day);
    }
    return query_end(query, status);
}

enum status view_day_save(struct db *db, int64_t begin, int64_t article_id,
                          const struct view_day *day)
{
    char text[VIEW_DAY_BYTES];
    size_t len = view_day_format(day, text);
    assert(len <= VIEW_DAY_BYTES && text[0] == '{' && text[len - 1] == '}');
    struct query *query = query_of_day(db, SQL_VIEW_DAY_SAVE, begin, article_id);
    query_bind_text(query, "hours", text, len);
    return query_run(query);
}

enum status view_day_remove(struct db *db, int64_t begin, int64_t article_id)
{
    return query_run(query_of_day(db, SQL_VIEW_DAY_REMOVE, begin, article_id));
}
