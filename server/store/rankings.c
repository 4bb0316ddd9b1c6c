/* Encodes and decodes the entries of a row. A chart of 100 articles takes some 500 bytes, so that
 * hundreds of days of hours fit into a file.
 */
#include "store/rankings.h"

#include "base/clock.h"

#include <assert.h>

enum {
    NUMBER_BYTES_MAX = 10, /* of 64 bits, 7 in each byte */
};

/* Encodes a number; returns how many bytes, at most NUMBER_BYTES_MAX. */
static size_t put_number(uint64_t number, unsigned char *to)
{
    size_t len = 0;
    while (number >= 0x80) {
        to[len++] = (unsigned char)(number | 0x80);
        number >>= 7;
    }
    to[len++] = (unsigned char)number;
    assert(len <= NUMBER_BYTES_MAX);
    return len;
}

/* Decodes a number and moves *at after it; 0 at the end, or for bytes that are not a number. */
static int64_t take_number(const unsigned char **at, const unsigned char *end)
{
    uint64_t number = 0;
    for (int bits = 0; *at < end && bits < 64; bits += 7) {
        unsigned char byte = *(*at)++;
        number |= (uint64_t)(byte & 0x7F) << bits;
        if (byte < 0x80)
            return number <= INT64_MAX ? (int64_t)number : 0;
    }
    return 0;
}

enum status rankings_save(struct db *db, int64_t hour, int64_t section_id, const char *chart,
                          const struct stored_rank *ranks, size_t len)
{
    unsigned char entries[RANKINGS_MAX * 2 * NUMBER_BYTES_MAX];
    size_t bytes = 0;
    assert(hour % HOUR_S == 0);
    for (size_t i = 0; i < len && i < RANKINGS_MAX; i++) {
        if (ranks[i].article_id <= 0 || ranks[i].views <= 0) /* a 0 would end the chart */
            continue;
        bytes += put_number((uint64_t)ranks[i].article_id, entries + bytes);
        bytes += put_number((uint64_t)ranks[i].views, entries + bytes);
    }
    struct query *query = db_query(db, SQL_RANKING_SAVE);
    query_bind_number(query, "section_id", section_id);
    query_bind_string(query, "chart", chart);
    query_bind_number(query, "hour", hour);
    /* cppcheck-suppress uninitvar ; no byte is read when `bytes` is 0 */
    query_bind_bytes(query, "entries", entries, bytes);
    return query_run(query);
}

enum status rankings_hour(struct db *db, int64_t at, int64_t *hour)
{
    struct query *query = db_query(db, SQL_RANKING_HOUR);
    query_bind_number(query, "at", at);
    enum status status = query_step(query);
    if (status == STATUS_OK)
        *hour = query_number(query, "hour");
    return query_end(query, status);
}

/* Reads the entries of a row up to its end or the first damage. */
static size_t read_entries(struct query *row, struct stored_rank *ranks)
{
    size_t bytes, len = 0;
    const unsigned char *at = (const unsigned char *)query_text(row, "entries", &bytes);
    const unsigned char *end = at ? at + bytes : NULL;
    while (at && len < RANKINGS_MAX && at < end) {
        struct stored_rank rank = {.article_id = take_number(&at, end)};
        rank.views = take_number(&at, end);
        if (rank.article_id == 0 || rank.views == 0)
            break;
        ranks[len++] = rank;
    }
    return len;
}

enum status rankings_read(struct db *db, int64_t hour, int64_t section_id, const char *chart,
                          struct stored_rank *ranks, size_t *len)
{
    struct query *query = db_query(db, SQL_RANKING_FIND);
    query_bind_number(query, "section_id", section_id);
    query_bind_string(query, "chart", chart);
    query_bind_number(query, "hour", hour);
    enum status status = query_step(query);
    *len = status == STATUS_OK ? read_entries(query, ranks) : 0;
    return query_end(query, status == STATUS_ABSENT ? STATUS_OK : status);
}
