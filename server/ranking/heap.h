/* Articles in the order of their views, one heap a chart, each article knowing its place in every
 * heap: a change costs the logarithm of the heap's length, the best hundred a hundred steps. */
#ifndef KHOBOR_RANKING_HEAP_H
#define KHOBOR_RANKING_HEAP_H

#include "base/status.h"
#include "ranking/trend.h"
#include "ranking/window.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What an article is ranked among: the whole paper, or its section. */
enum scope {
    SCOPE_PAPER,
    SCOPE_SECTION,
    SCOPE__MAX
};

struct ranked_article {
    int64_t id;
    int64_t section_id;
    int64_t published_at;
    bool ranked; /* may stand in most read, once it is published */
    int64_t views[WINDOWS_SLIDING];
    struct trend trend;
    double score;                          /* of `trend` */
    size_t places[CHART__MAX][SCOPE__MAX]; /* 1 is the top; 0: not in that heap */
    struct ranked_article *next;           /* in the ranking's table */
};

/* The heap of one chart. The articles belong to the ranking. */
struct heap {
    int chart; /* not WINDOW_ALL */
    enum scope scope;
    int64_t least;                    /* views that an article has at least, */
    int64_t since;                    /* and when it was published at the earliest */
    struct ranked_article **articles; /* from [1] */
    size_t len, room;
    size_t *frontier; /* scratch of heap_best */
    size_t frontier_room;
};

/* For articles with `least` views or more: of the window; what is trending goes by 24 hours'. */
void heap_init(struct heap *heap, int chart, enum scope scope, int64_t least);
void heap_release(struct heap *heap);

/* Puts an article where it belongs after its views or its standing changed: in, out, up or down.
 * One published before heap->since, which may be raised at any time, is let in no more.
 * STATUS_NO_MEMORY when it could not be let in. */
enum status heap_settle(struct heap *heap, struct ranked_article *article) MUST_CHECK;

/* Takes an article out; does nothing when it is not in. */
void heap_remove(struct heap *heap, struct ranked_article *article);

/* One line of a ranking. */
struct ranked {
    int64_t article_id;
    int64_t views;
};

/* What heap_best says beside the list. */
struct best_of {
    size_t len;
    bool passed_over; /* an article yet to come was left out */
    int64_t oldest;   /* when the oldest in the list was published; INT64_MAX in an empty one */
};

/* Writes the best `most` articles that are published at `now_s`, best first; ties go to the newer,
 * then to the higher id. Those before heap->since that it meets leave the heap. */
struct best_of heap_best(struct heap *heap, int64_t now_s, struct ranked *best, size_t most);

#endif
