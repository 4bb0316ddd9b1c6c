/* Each statement that a request of a reader runs, as a function of the archive. */
#ifndef KHOBOR_TESTS_ARCHIVE_READS_H
#define KHOBOR_TESTS_ARCHIVE_READS_H

#include "document/related.h"
#include "large_archive.h"
#include "store/articles.h"
#include "store/lists.h"
#include "store/sections.h"
#include "store/views.h"

/* Everything else that a reader's request asks for. */
struct archive {
    struct db *db;
    struct paper *paper;
    int articles;
};

static inline void read_related(const struct archive *archive, int limit)
{
    json_t *document;
    struct context context = {.db = archive->db,
                              .config = &archive->paper->config,
                              .words = words_of("bn"),
                              .now_s = (int64_t)archive->articles * 60};
    check_status("related", related_document(&context, archive->articles, limit, &document),
                 STATUS_OK);
    check_number("related", (int64_t)json_array_size(json_object_get(document, "items")), limit);
    json_decref(document);
}

static inline void cost_related_few(const struct archive *archive)
{
    read_related(archive, 3);
}

static inline void cost_related_most(const struct archive *archive)
{
    read_related(archive, LIST_LIMIT_MAX);
}

static inline void cost_card(const struct archive *archive)
{
    struct query *row;
    check_status(
        "card", card_row(archive->db, archive->articles / 2, archive->articles * INT64_C(60), &row),
        STATUS_OK);
    check_status("card", query_end(row, STATUS_OK), STATUS_OK);
}

static inline enum status take_none(void *arg, int64_t id, struct query *row)
{
    (void)id;
    (void)row;
    ++*(int64_t *)arg;
    return STATUS_OK;
}

static inline void read_cards(const struct archive *archive, int64_t section_id)
{
    struct page page;
    int64_t count = 0, middle = archive->articles * INT64_C(30);
    struct filter filter = {.section_id = section_id,
                            .from_at = INT64_MIN,
                            .before = position_newest(middle),
                            .limit = PAGE};
    check_status("cards", list_cards(archive->db, &filter, middle, take_none, &count, &page),
                 STATUS_OK);
    check_number("cards", count, PAGE);
}

static inline void cost_cards(const struct archive *archive)
{
    read_cards(archive, 0);
}

static inline void cost_cards_in_section(const struct archive *archive)
{
    read_cards(archive, COMMON_SECTION);
}

static inline void cost_article(const struct archive *archive)
{
    struct query *row;
    check_status(
        "article",
        article_row(archive->db, archive->articles / 2, archive->articles * INT64_C(60), &row),
        STATUS_OK);
    check_status("article", query_end(row, STATUS_OK), STATUS_OK);
}

static inline void cost_key(const struct archive *archive)
{
    int64_t id;
    char key[32];
    snprintf(key, sizeof key, "slug-%07d", archive->articles - 1);
    check_status("key", article_id_of_key(archive->db, key, &id), STATUS_OK);
    check_number("key", id, archive->articles - 1);
    check_status("key", article_id_of_key(archive->db, "nothing", &id), STATUS_ABSENT);
}

static inline void cost_term(const struct archive *archive)
{
    int64_t id;
    check_status("term", term_find(archive->db, TERM_TAG, "rare", &id), STATUS_OK);
    check_status("term", term_find(archive->db, TERM_TAG, "nothing", &id), STATUS_ABSENT);
}

static inline void cost_section(const struct archive *archive)
{
    struct section section;
    check_status("section", section_find(archive->db, "rare", 4, &section), STATUS_OK);
}

static inline void read_most(const struct archive *archive, int64_t section_id)
{
    enum {
        MOST = 101
    };
    struct most_viewed best[MOST];
    size_t len;
    bool passed_over;
    int64_t oldest;
    const struct most_viewed_request ask = {.section_id = section_id,
                                            .now_s = archive->articles * INT64_C(60),
                                            .since = INT64_MIN,
                                            .most = MOST};
    check_status("most", views_most(archive->db, &ask, best, &len, &passed_over, &oldest),
                 STATUS_OK);
    check_number("most", (int64_t)len, MOST);
}

static inline void cost_most(const struct archive *archive)
{
    read_most(archive, 0);
}

static inline void cost_most_in_section(const struct archive *archive)
{
    read_most(archive, COMMON_SECTION);
}

static inline void cost_visible(const struct archive *archive)
{
    check_status(
        "visible",
        article_visible(archive->db, archive->articles / 2, archive->articles * INT64_C(60)),
        STATUS_OK);
}

static inline void cost_total(const struct archive *archive)
{
    int64_t total;
    check_status("total", views_total(archive->db, archive->articles / 2, &total), STATUS_OK);
}

static inline int64_t newest_at(const struct archive *archive)
{
    return archive->articles * INT64_C(60);
}

/* No article of either archive is marked. */
static inline void cost_lead(const struct archive *archive)
{
    int64_t id;
    check_status("lead", article_lead(archive->db, newest_at(archive), &id), STATUS_ABSENT);
}

static inline void cost_first_since(const struct archive *archive)
{
    int64_t at, now_s = newest_at(archive);
    check_status("since", list_first_since(archive->db, now_s / 2 + 1, now_s, &at), STATUS_OK);
    check_number("since", at, now_s / 2 + 60);
    check_status("from the first on", list_first_since(archive->db, INT64_MIN, now_s, &at),
                 STATUS_OK);
    check_number("from the first on", at, 60);
    check_status("none since", list_first_since(archive->db, now_s + 1, now_s + 1, &at),
                 STATUS_ABSENT);
    check_status("all to come", list_first_since(archive->db, INT64_MIN, 59, &at), STATUS_ABSENT);
}

static inline enum status count_row(void *arg, struct query *row)
{
    (void)row;
    ++*(int64_t *)arg;
    return STATUS_OK;
}

static inline void read_addresses(const struct archive *archive, int64_t first, int64_t now_s,
                                  int64_t expected)
{
    int64_t count = 0;
    check_status("addresses",
                 list_by_id(archive->db, first, first + ADDRESSES - 1, now_s, count_row, &count),
                 STATUS_OK);
    check_number("addresses", count, expected);
}

static inline void cost_addresses(const struct archive *archive)
{
    read_addresses(archive, archive->articles / 2, newest_at(archive), ADDRESSES);
}

static inline void cost_addresses_first(const struct archive *archive)
{
    read_addresses(archive, 1, newest_at(archive), ADDRESSES);
}

static inline void cost_addresses_to_come(const struct archive *archive)
{
    read_addresses(archive, archive->articles / 2, 0, 0);
}

static inline void cost_addresses_behind(const struct archive *archive)
{
    read_addresses(archive, archive->articles + 1, newest_at(archive), 0);
}

static inline void read_newest(const struct archive *archive, int64_t from_at, int64_t now_s,
                               int64_t most, int64_t expected)
{
    int64_t count = 0;
    check_status("newest",
                 list_published_since(archive->db, from_at, now_s, most, count_row, &count),
                 STATUS_OK);
    check_number("newest", count, expected);
}

/* As many as are given, of all that there are. */
static inline void cost_newest(const struct archive *archive)
{
    read_newest(archive, INT64_MIN, newest_at(archive), ADDRESSES, ADDRESSES);
}

static inline void cost_newest_since(const struct archive *archive)
{
    int64_t now_s = newest_at(archive);
    read_newest(archive, now_s - 60 * 60, now_s, LIST_SINCE_MAX, 61);
}

static inline void cost_newest_one(const struct archive *archive)
{
    read_newest(archive, INT64_MIN, newest_at(archive), 1, 1);
}

/* A time at which most articles were still scheduled. */
static inline void cost_newest_long_ago(const struct archive *archive)
{
    read_newest(archive, INT64_MIN, 60 * 60, LIST_SINCE_MAX, 60);
}

static inline void cost_newest_none(const struct archive *archive)
{
    int64_t now_s = newest_at(archive);
    read_newest(archive, now_s + 1, now_s + 1, LIST_SINCE_MAX, 0);
}

static inline void cost_last_id(const struct archive *archive)
{
    int64_t id;
    check_status("last id", list_last_id(archive->db, &id), STATUS_OK);
    check_number("last id", id, archive->articles);
}

static const struct {
    const char *name;
    void (*read)(const struct archive *);
} reads[] = {
    {"three related articles", cost_related_few},
    {"a hundred related articles", cost_related_most},
    {"a card", cost_card},
    {"cards", cost_cards},
    {"cards of a section", cost_cards_in_section},
    {"an article", cost_article},
    {"an article by key", cost_key},
    {"a tag by key", cost_term},
    {"a section by slug", cost_section},
    {"the most viewed ever", cost_most},
    {"the most viewed ever in a section", cost_most_in_section},
    {"whether an article is visible", cost_visible},
    {"an article's total", cost_total},
    {"the lead, when none is marked", cost_lead},
    {"the first since a time", cost_first_since},
    {"addresses in the middle", cost_addresses},
    {"the first addresses", cost_addresses_first},
    {"addresses of what is to come", cost_addresses_to_come},
    {"addresses behind the last", cost_addresses_behind},
    {"the newest addresses", cost_newest},
    {"the newest addresses since a time", cost_newest_since},
    {"the newest address", cost_newest_one},
    {"the newest addresses long ago", cost_newest_long_ago},
    {"no newest address", cost_newest_none},
    {"the last id", cost_last_id},
};

#endif
