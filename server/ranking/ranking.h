/* Which articles are read most in each window, in the whole paper and in each section, and which
 * are trending.
 *
 * Holds the sums of every article that was viewed in the widest sliding window. It knows no
 * database: its owner, the writer thread, tells it what was viewed and what left a window
 * (ranking_sync), and publishes. A publication scans the articles of the charts that changed. Used
 * by one thread at a time.
 */
#ifndef KHOBOR_RANKING_RANKING_H
#define KHOBOR_RANKING_RANKING_H

#include "base/status.h"
#include "ranking/snapshot.h"
#include "ranking/window.h"

#include <stdbool.h>
#include <stdint.h>

struct ranking;

/* From the settings of `popularity` and `lists`. */
struct ranking_rules {
    int64_t max_age_s;   /* of an article in most read, since it was published; 0: any */
    int64_t half_life_s; /* of a view in the trending chart */
    int64_t
        trending_least; /* views in 24 hours below which an article does not trend; at least 1 */
    size_t beside;      /* how many of the most read an article's document shows */
};

/* `published`, where it publishes, must outlive it. STATUS_NO_MEMORY. The caller closes it. */
enum status ranking_open(struct published_ranking *published, const struct ranking_rules *rules,
                         struct ranking **ranking) MUST_CHECK;

/* `ranking` may be NULL. */
void ranking_close(struct ranking *ranking);

/* Whether it has the article, so that views can be added. */
bool ranking_has(const struct ranking *ranking, int64_t article_id);

/* Adds an article, or says that its section, time or setting changed. STATUS_NO_MEMORY. */
enum status ranking_put_article(struct ranking *ranking, int64_t article_id, int64_t section_id,
                                int64_t published_at, bool ranked) MUST_CHECK;

/* The article's sum of views in a sliding window; 0 when it is not there. */
int64_t ranking_views(const struct ranking *ranking, enum window window, int64_t article_id);

/* Adds views to the article's sum in a sliding window. Negative ones are taken away, never more
 * than the sum. An article without views in any window is removed. STATUS_ABSENT when it is not
 * there, STATUS_NO_MEMORY. */
enum status ranking_add(struct ranking *ranking, enum window window, int64_t article_id,
                        int64_t views) MUST_CHECK;

/* Adds views of an hour to the article's trend, oldest hour first. STATUS_INVALID when later hours
 * were added before: the trend must be reset and added from its first hour on. STATUS_ABSENT as
 * above. */
enum status ranking_add_trend(struct ranking *ranking, int64_t article_id, int64_t hour,
                              int64_t views) MUST_CHECK;
enum status ranking_reset_trend(struct ranking *ranking, int64_t article_id) MUST_CHECK;

/* After the clock was set back: inserts articles again that were too old before, and marks every
 * list. STATUS_NO_MEMORY. */
enum status ranking_rebuild(struct ranking *ranking) MUST_CHECK;

/* Forgets all sums and articles, and marks every list: to be summed again. What is published stays
 * until the next publication. */
void ranking_clear(struct ranking *ranking);

/* Says that the all-time totals of a section changed (0: of the whole paper), so that its list of
 * all time is asked for again; or that those of any section may have. */
enum status ranking_mark_totals(struct ranking *ranking, int64_t section_id) MUST_CHECK;
void ranking_mark_all_totals(struct ranking *ranking);

/* Writes the best of all time of a section (0: the whole paper) of articles published from `since`
 * on, at most `most`. While list->has_future is set, the list is asked for again. */
typedef enum status ranking_totals(void *arg, int64_t section_id, int64_t since,
                                   struct ranked *best, size_t most, struct best_list *list);

/* Makes the lists again that may have changed; `totals` is asked for those of all time. */
enum status ranking_refresh(struct ranking *ranking, int64_t now_s, ranking_totals *totals,
                            void *arg) MUST_CHECK;

/* The lists as the last refresh made them, the whole paper's first; borrowed. */
size_t ranking_lists_len(const struct ranking *ranking);
const struct ranked_list *ranking_list(const struct ranking *ranking, size_t index);

/* Takes over the last stored hour, which becomes the next publication's previous one. */
void ranking_set_previous(struct ranking *ranking, struct snapshot *previous);

/* What a publication changed. */
struct publication {
    bool counts; /* anything */
    bool order;  /* what articles show of it: snapshot_order_differs */
};

/* Publishes when a list differs from what was published last; only then as_of moves.
 * STATUS_NO_MEMORY. */
enum status ranking_publish(struct ranking *ranking, int64_t now_s,
                            struct publication *publication) MUST_CHECK;

#endif
