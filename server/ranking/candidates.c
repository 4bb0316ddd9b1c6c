/* An unordered array of pointers, from which one scan selects the best. An article knows its
 * place in the array, so that inserting and removing it take constant time; a heap, which
 * is always in order, saved at most 4 ms in each half second (20,000 articles, 1,000 of them read).
 *
 * C1  articles[place]->places[chart][scope] == place, for places 1 to len: an article that is not a
 *     candidate has place 0.
 * C2  Every candidate had least_views when it was inserted or updated; one that has fewer is
 *     removed by the candidates_update that follows the change.
 * C3  Articles published before `since` may be candidates, as `since` rises with time; they are
 *     removed when candidates_best meets them. */
#include "ranking/candidates.h"

#include "store/articles.h"
#include "store/visibility.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    CAPACITY_MIN = 64,
};

bool trend_add(struct trend *trend, int64_t hour, int64_t views, int64_t half_life_s)
{
    assert(half_life_s > 0);
    bool is_empty = trend->views == 0 && trend->before == 0;
    if (is_empty)
        trend->hour = hour;
    if (hour < trend->hour)
        return false;
    if (hour > trend->hour) {
        double half_lives = (double)(hour - trend->hour) / (double)half_life_s;
        trend->before = (trend->before + (double)trend->views) * exp2(-half_lives);
        trend->views = 0;
        trend->hour = hour;
    }
    trend->views += views;
    return true;
}

double trend_score(const struct trend *trend, int64_t half_life_s)
{
    double sum = trend->before + (double)trend->views;
    return sum > 0 ? (double)trend->hour / (double)half_life_s + log2(sum) : -INFINITY;
}

void candidates_init(struct candidates *candidates, int chart, enum scope scope,
                     int64_t least_views)
{
    assert(chart < CHART__MAX && least_views > 0); /* C2: no article without views is one */
    *candidates = (struct candidates){
        .chart = chart, .scope = scope, .least_views = least_views, .since = INT64_MIN};
}

void candidates_release(struct candidates *candidates)
{
    free(candidates->articles);
    candidates_init(candidates, candidates->chart, candidates->scope, candidates->least_views);
}

static int64_t views_of(const struct candidates *candidates, const struct ranked_article *article)
{
    return article->views[candidates->chart == CHART_TRENDING ? WINDOW_24H : candidates->chart];
}

static bool is_better(const struct candidates *candidates, const struct ranked_article *a,
                      const struct ranked_article *b)
{
    bool is_trending = candidates->chart == CHART_TRENDING;
    if (is_trending && a->score != b->score)
        return a->score > b->score;
    if (!is_trending && a->views[candidates->chart] != b->views[candidates->chart])
        return a->views[candidates->chart] > b->views[candidates->chart];
    if (a->published_at != b->published_at)
        return a->published_at > b->published_at;
    return a->id > b->id;
}

static size_t *place_of(const struct candidates *candidates, struct ranked_article *article)
{
    return &article->places[candidates->chart][candidates->scope];
}

static void put(struct candidates *candidates, size_t place, struct ranked_article *article)
{
    assert(place >= 1 && place <= candidates->len); /* C1 */
    candidates->articles[place] = article;
    *place_of(candidates, article) = place;
}

static enum status insert(struct candidates *candidates, struct ranked_article *article)
{
    if (candidates->len + 2 > candidates->capacity) {
        size_t capacity = candidates->capacity ? candidates->capacity * 2 : CAPACITY_MIN;
        struct ranked_article **articles =
            realloc(candidates->articles, capacity * sizeof(struct ranked_article *));
        if (!articles)
            return STATUS_NO_MEMORY;
        candidates->articles = articles;
        candidates->capacity = capacity;
    }
    put(candidates, ++candidates->len, article);
    return STATUS_OK;
}

void candidates_remove(struct candidates *candidates, struct ranked_article *article)
{
    size_t place = *place_of(candidates, article);
    if (place == 0)
        return;
    assert(place <= candidates->len && candidates->articles[place] == article); /* C1 */
    struct ranked_article *last = candidates->articles[candidates->len--];
    *place_of(candidates, article) = 0;
    if (last != article)
        put(candidates, place, last);
}

enum status candidates_update(struct candidates *candidates, struct ranked_article *article)
{
    size_t place = *place_of(candidates, article);
    assert(views_of(candidates, article) >= 0);
    bool belongs = article->ranked && views_of(candidates, article) >= candidates->least_views &&
                   article->published_at >= candidates->since;
    if (!belongs) {
        candidates_remove(candidates, article);
        return STATUS_OK;
    }
    if (place == 0)
        return insert(candidates, article);
    assert(place <= candidates->len && candidates->articles[place] == article); /* C1 */
    return STATUS_OK;
}

/* Inserts an article into the `*len` best so far, which are sorted and at most `most`, unless they
 * are all better. */
static void select_if_better(const struct candidates *candidates,
                             const struct ranked_article *article,
                             const struct ranked_article *best[], size_t *len, size_t most)
{
    size_t at = *len;
    if (at == most) {
        if (most == 0 || !is_better(candidates, article, best[most - 1]))
            return;
        at--;
    } else {
        ++*len;
    }
    for (; at > 0 && is_better(candidates, article, best[at - 1]); at--)
        best[at] = best[at - 1];
    best[at] = article;
}

struct best_list candidates_best(struct candidates *candidates, int64_t now_s, struct ranked *best,
                                 size_t most)
{
    const struct ranked_article *selected[RANKED_MAX];
    struct best_list list = {.oldest = INT64_MAX};
    assert(most <= RANKED_MAX);
    /* From the last, because removing an article puts the last one in its place. */
    for (size_t place = candidates->len; place > 0; place--) {
        struct ranked_article *article = candidates->articles[place];
        assert(views_of(candidates, article) >= candidates->least_views); /* C2 */
        if (article_visibility(false, article->published_at, now_s) != STATUS_OK)
            list.has_future = true;
        else if (article->published_at < candidates->since)
            candidates_remove(candidates, article); /* C3 */
        else
            select_if_better(candidates, article, selected, &list.len, most);
    }
    for (size_t i = 0; i < list.len; i++) {
        best[i] = (struct ranked){.article_id = selected[i]->id,
                                  .views = views_of(candidates, selected[i])};
        if (selected[i]->published_at < list.oldest)
            list.oldest = selected[i]->published_at;
    }
    return list;
}
