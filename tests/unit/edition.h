/* A small paper for documents and responses: three sections, twenty articles, a time to read it. */
#ifndef KHOBOR_TESTS_EDITION_H
#define KHOBOR_TESTS_EDITION_H

#include "document/fields.h"
#include "paper.h"

#include <jansson.h>

enum {
    EDITION_ARTICLES = 20,
    EDITION_DRAFT = 18, /* ids of those that can't be read */
    EDITION_WITHDRAWN = 19,
    EDITION_SCHEDULED = 20, /* until an hour has passed */
};

struct edition {
    struct paper paper;
    struct published_ranking *published;
    const struct snapshot *snapshot;
    struct context context;
};

/* Article i is "a-i", published i minutes before its number at PAPER_NOW, so that a higher id is
 * newer; odd ones are in "দেশ", even ones in "world", none in "empty". Every third has the tag
 * "কর", every fourth "Tax"; the author is "W1" or "W2". */
static inline void edition_put_article(struct buf *lines, int id)
{
    const char *status = id == EDITION_DRAFT       ? "draft"
                         : id == EDITION_WITHDRAWN ? "withdrawn"
                         : id == EDITION_SCHEDULED ? "scheduled"
                                                   : "published";
    buf_format(
        lines,
        "{\"type\":\"article\",\"slug\":\"a-%d\",\"section\":\"%s\",\"headline\":\"শিরোনাম %d\","
        "\"body\":\"# খবর\\n\\nএক *দুই* তিন\",\"status\":\"%s\",\"authors\":[\"W%d\"],"
        "\"published_at\":\"",
        id, id % 2 ? "দেশ" : "world", id, status, id % 2 + 1);
    instant_format(PAPER_NOW + (id == EDITION_SCHEDULED ? 3600 : (id - 20) * 60), lines);
    buf_format(lines, "\",\"tags\":[%s%s%s]", id % 3 ? "" : "\"কর\"",
               id % 3 == 0 && id % 4 == 0 ? "," : "", id % 4 ? "" : "\"Tax\"");
    if (id == 1)
        buf_text(lines, ",\"related\":[\"a-18\",\"a-9\",\"nothing\",\"a-19\",\"a-1\",\"a-5\",\"a-"
                        "20\",\"a-9\"]");
    buf_text(lines, "}\n");
}

static inline void edition_open(struct edition *edition)
{
    struct buf lines;
    paper_open(&edition->paper);
    buf_init(&lines, 100000);
    buf_text(&lines,
             "{\"type\":\"section\",\"slug\":\"দেশ\",\"name\":\"দেশের খবর\",\"position\":2}\n"
             "{\"type\":\"section\",\"slug\":\"world\",\"name\":\"World\",\"position\":1}\n"
             "{\"type\":\"section\",\"slug\":\"empty\",\"name\":\"Empty\",\"position\":3}\n");
    for (int id = 1; id <= EDITION_ARTICLES; id++)
        edition_put_article(&lines, id);
    paper_import(&edition->paper, buf_string(&lines));
    buf_release(&lines);
    check_status("published ranking", published_ranking_open(&edition->published), STATUS_OK);
    edition->snapshot = published_ranking_ref(edition->published);
    edition->context = (struct context){.db = edition->paper.db,
                                        .config = &edition->paper.config,
                                        .words = words_of("bn"),
                                        .ranking = edition->snapshot,
                                        .now_s = PAPER_NOW,
                                        .card_fields = FIELDS_CARD};
}

static inline void edition_close(struct edition *edition)
{
    published_ranking_unref(edition->published, edition->snapshot);
    published_ranking_close(edition->published);
    paper_close(&edition->paper);
}

/* The ids of a list's items, "20 19 18 "; "(none)" for no list. */
static inline void check_ids(const char *name, const json_t *list, const char *expected)
{
    struct buf ids;
    buf_init(&ids, 10000);
    const json_t *items = json_object_get(list, "items");
    check_true("items are an array", json_is_array(items));
    for (size_t i = 0; i < json_array_size(items); i++)
        buf_format(&ids, "%lld ",
                   (long long)json_integer_value(json_object_get(json_array_get(items, i), "id")));
    check_text(name, buf_string(&ids), expected);
    buf_release(&ids);
}

#endif
