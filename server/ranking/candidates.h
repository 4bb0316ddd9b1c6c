/* The articles that may be in one chart, of which the best are selected, and how much an article
 * trends. */
#ifndef KHOBOR_RANKING_CANDIDATES_H
#define KHOBOR_RANKING_CANDIDATES_H

#include "base/status.h"
#include "ranking/window.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An article's views, each halved for every half-life that has passed since (exponential decay). A
 * view counts by its hour. Zeroed, it has no views. */
struct trend {
    int64_t hour;  /* the newest with views, in seconds; meaningless while there are none */
    int64_t views; /* in that hour */
    double before; /* of earlier hours, decayed to that hour */
};

/* Adds views of an hour, oldest hour first. False when the hour is older than the newest one: the
 * trend must be summed again from the first hour on. The same counts in the same hours give the
 * same bits, in however many calls. */
bool trend_add(struct trend *trend, int64_t hour, int64_t views, int64_t half_life_s);

/* A logarithm; more is read more, and -INFINITY is a trend without views. Two scores compare the
 * same at any time, so that nothing is recomputed while time passes, and no clock overflows it. */
double trend_score(const struct trend *trend, int64_t half_life_s);

/* What an article is ranked among: all articles of the paper, or those of its section. */
enum scope {
    SCOPE_PAPER,
    SCOPE_SECTION,
    SCOPE__MAX
};

/* Owned by the ranking. */
struct ranked_article {
    int64_t id;
    int64_t section_id;
    int64_t published_at;
    bool ranked;                    /* the article's setting: may be in charts */
    int64_t views[WINDOWS_SLIDING]; /* never negative */
    struct trend trend;
    double score;                          /* of `trend` */
    size_t places[CHART__MAX][SCOPE__MAX]; /* in the candidates of each chart, from 1; 0: none */
    struct ranked_article *next;           /* in the ranking's hash table */
};

/* The candidates of one chart in one scope. */
struct candidates {
    int chart; /* not WINDOW_ALL, whose list comes from the database */
    enum scope scope;
    int64_t least_views;              /* an article with fewer is not a candidate */
    int64_t since;                    /* nor is an article published before this */
    struct ranked_article **articles; /* from [1] on */
    size_t len, capacity;
};

/* An empty set, for articles with `least_views` (at least 1) in the chart's window; CHART_TRENDING
 * counts those of 24 hours. */
void candidates_init(struct candidates *candidates, int chart, enum scope scope,
                     int64_t least_views);
void candidates_release(struct candidates *candidates);

/* Inserts or removes an article after its views or properties changed. One published before
 * `since`, which may be raised at any time, is not inserted. STATUS_NO_MEMORY when it could not be
 * inserted. */
enum status candidates_update(struct candidates *candidates,
                              struct ranked_article *article) MUST_CHECK;

/* Does nothing when the article is not a candidate. */
void candidates_remove(struct candidates *candidates, struct ranked_article *article);

/* The longest list that a client can ask for, and one more: next to an article it is left out. */
enum {
    RANKED_MAX = 101
};

/* One line of a chart. */
struct ranked {
    int64_t article_id;
    int64_t views;
};

/* What is known of a list of the best. */
struct best_list {
    size_t len;
    bool has_future; /* an article was left out that is not published yet */
    int64_t oldest;  /* when the oldest in the list was published; INT64_MAX in an empty one */
};

/* Writes the best `most` articles, at most RANKED_MAX, that are published at `now_s`, best first;
 * ties go to the newer, then to the higher id. Those published before `since` are removed. */
struct best_list candidates_best(struct candidates *candidates, int64_t now_s, struct ranked *best,
                                 size_t most);

#endif
