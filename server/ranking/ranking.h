/* Which articles are read most, in each window, in the whole paper and in each section.
 *
 * Holds the sums of every article that was viewed in the widest sliding window. It knows no SQL:
 * its owner, the writer's thread, tells it what was viewed and what slid out of a window, and
 * publishes. The work of a publication grows with what changed, not with the number of articles.
 */
#ifndef KHOBOR_RANKING_RANKING_H
#define KHOBOR_RANKING_RANKING_H

#include "base/status.h"
#include "ranking/snapshot.h"
#include "ranking/window.h"

#include <stdbool.h>
#include <stdint.h>

struct ranking;

/* What a paper wants of its rankings. */
struct ranking_rules {
    int64_t max_age_s;      /* since it was published, for most read; 0: any */
    int64_t half_life_s;    /* of a view in what is trending */
    int64_t trending_least; /* views in 24 hours that it takes to trend */
    size_t beside;          /* how many of the most read stand beside an article */
};

/* Publishes to `showcase`, which must outlive it. */
enum status ranking_open(struct published_ranking *published, const struct ranking_rules *rules,
                         struct ranking **ranking) MUST_CHECK;
void ranking_close(struct ranking *ranking);

/* Whether an article has a place, so that ranking_add can be called. */
bool ranking_knows(const struct ranking *ranking, int64_t article_id);

/* Gives an article its place, or says that its section, time or right to be ranked changed. */
enum status ranking_place(struct ranking *ranking, int64_t article_id, int64_t section_id,
                          int64_t published_at, bool ranked) MUST_CHECK;

/* Adds views, or takes them away when `views` is negative, in a sliding window. An article without
 * views in any window loses its place. STATUS_ABSENT when the article has none. */
enum status ranking_add(struct ranking *ranking, enum window window, int64_t article_id,
                        int64_t views) MUST_CHECK;

/* Adds views of an hour to what is trending. STATUS_INVALID when later hours were added before: the
 * trend must be forgotten, and added from the first hour on. STATUS_ABSENT as above. */
enum status ranking_add_trend(struct ranking *ranking, int64_t article_id, int64_t hour,
                              int64_t views) MUST_CHECK;
enum status ranking_forget_trend(struct ranking *ranking, int64_t article_id) MUST_CHECK;

/* Makes every list anew, and lets articles in again that were too old: the clock was set back. */
enum status ranking_settle_every(struct ranking *ranking) MUST_CHECK;

/* The views that are counted in a sliding window for an article; 0 when it has no place. */
int64_t ranking_views(const struct ranking *ranking, enum window window, int64_t article_id);

/* Says that totals of a section changed (0: of the whole paper), so that its list of all time is
 * asked for again; or that any section's may have. */
enum status ranking_touch_all(struct ranking *ranking, int64_t section_id) MUST_CHECK;
void ranking_touch_every(struct ranking *ranking);

/* Fills in the best of all time of a section (0: the whole paper), of articles published from
 * `since` on. An article whose time has not come is passed over: the list is asked for again until
 * it has. */
typedef enum status ranking_all(void *arg, int64_t section_id, int64_t since, struct ranked *best,
                                size_t most, struct best_of *of);

/* Makes the lists that may have changed anew. */
enum status ranking_refresh(struct ranking *ranking, int64_t now_s, ranking_all *all,
                            void *arg) MUST_CHECK;

/* Calls `take` with each section's lists as they were made last, the whole paper's first. */
enum status ranking_each(const struct ranking *ranking,
                         enum status (*take)(void *arg, const struct ranked_list *list),
                         void *arg) MUST_CHECK;

/* The last stored hour is another one (handed over): it is shown with the next publication. */
void ranking_put_previous(struct ranking *ranking, struct snapshot *previous);

/* What a publication changed. */
struct publication {
    bool counts; /* anything at all */
    bool order;  /* what stands beside articles: snapshot_order_differs */
};

/* Publishes when a list differs from what was published last: only then as_of moves. */
enum status ranking_publish(struct ranking *ranking, int64_t now_s,
                            struct publication *publication) MUST_CHECK;

#endif
