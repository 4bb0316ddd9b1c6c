/* A hash table of articles with their sums, and for the paper and each section the candidates of
 * each chart. A change marks the charts it touches; a refresh makes the lists of the marked charts.
 *
 *   ranking_add ──▶ sums ──▶ candidates, marks ──(refresh)──▶ lists ──(publish)──▶ snapshot
 *
 * R1  A sum of views is never negative, and an article whose sums are all 0 is not in the table.
 * R2  After each call an article is a candidate in its charts of the paper and of its section, and
 *     in no other; without memory it may be missing, never wrongly there.
 * R3  charts[0] is the whole paper's, with section_id 0.
 * R4  A list whose mark is clear is what its candidates, or the database, would give now.
 * R5  is_unpublished is clear only while the newest snapshot has the same lists.
 * R6  The table holds each article once, and has a power of two of buckets, at least as many as
 *     articles. */
#include "ranking/ranking.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
    BUCKETS_MIN = 1024 /* a power of two, as every number of buckets */
};

/* The charts of a section, or of the whole paper. */
struct section_charts {
    int64_t section_id;
    unsigned marks;                           /* a bit for each chart whose list may have changed */
    int64_t oldest[CHART__MAX];               /* when the oldest article of a list was published */
    struct candidates candidates[CHART__MAX]; /* WINDOW_ALL's stays empty */
    struct ranked_list list;                  /* as the last refresh made it */
};

struct ranking {
    struct published_ranking *published;
    struct ranking_rules rules;
    struct ranked_article **buckets; /* articles by id, chained */
    size_t buckets_len, articles_len;
    struct section_charts **charts;
    size_t charts_len;
    bool is_unpublished; /* a list differs from what was published last */
};

static size_t bucket_of(const struct ranking *ranking, int64_t id)
{
    assert((ranking->buckets_len & (ranking->buckets_len - 1)) == 0); /* R6 */
    return (size_t)((uint64_t)id * 0x9E3779B97F4A7C15u >> 20) & (ranking->buckets_len - 1);
}

static struct ranked_article *article_of(const struct ranking *ranking, int64_t id)
{
    struct ranked_article *article = ranking->buckets[bucket_of(ranking, id)];
    while (article && article->id != id)
        article = article->next;
    return article;
}

/* Doubles the number of buckets. */
static enum status grow(struct ranking *ranking)
{
    size_t old_len = ranking->buckets_len;
    struct ranked_article **old = ranking->buckets;
    struct ranked_article **buckets = calloc(old_len * 2, sizeof(struct ranked_article *));
    if (!buckets)
        return STATUS_NO_MEMORY;
    size_t moved = 0;
    ranking->buckets = buckets;
    ranking->buckets_len = old_len * 2;
    for (size_t i = 0; i < old_len; i++) {
        for (struct ranked_article *article = old[i], *next; article; article = next) {
            next = article->next;
            struct ranked_article **bucket = &buckets[bucket_of(ranking, article->id)];
            article->next = *bucket;
            *bucket = article;
            moved++;
        }
    }
    assert(moved == ranking->articles_len); /* R6 */
    free(old);
    return STATUS_OK;
}

/* The charts of a section, created when there are none; NULL without memory. */
static struct section_charts *charts_of(struct ranking *ranking, int64_t section_id)
{
    for (size_t i = 0; i < ranking->charts_len; i++) {
        if (ranking->charts[i]->section_id == section_id)
            return ranking->charts[i];
    }
    assert(ranking->charts_len > 0 || section_id == 0); /* R3 */
    struct section_charts **larger =
        realloc(ranking->charts, (ranking->charts_len + 1) * sizeof(struct section_charts *));
    if (!larger)
        return NULL;
    ranking->charts = larger;
    struct section_charts *created = calloc(1, sizeof *created);
    if (!created)
        return NULL;
    created->section_id = created->list.section_id = section_id;
    created->marks = 1u << WINDOW_ALL;
    for (int chart = 0; chart < CHART__MAX; chart++) {
        candidates_init(&created->candidates[chart], chart,
                        section_id ? SCOPE_SECTION : SCOPE_PAPER,
                        chart == CHART_TRENDING ? ranking->rules.trending_least : 1);
        created->oldest[chart] = INT64_MAX;
    }
    larger[ranking->charts_len++] = created;
    return created;
}

enum status ranking_open(struct published_ranking *published, const struct ranking_rules *rules,
                         struct ranking **ranking)
{
    assert(rules->half_life_s > 0 && rules->trending_least > 0 && rules->max_age_s >= 0);
    struct ranking *opened = calloc(1, sizeof *opened);
    if (!opened)
        return STATUS_NO_MEMORY;
    opened->published = published;
    opened->rules = *rules;
    opened->buckets_len = BUCKETS_MIN;
    opened->buckets = calloc(BUCKETS_MIN, sizeof(struct ranked_article *));
    if (!opened->buckets || !charts_of(opened, 0)) {
        ranking_close(opened);
        return STATUS_NO_MEMORY;
    }
    *ranking = opened;
    return STATUS_OK;
}

void ranking_clear(struct ranking *ranking)
{
    size_t freed = 0;
    for (size_t i = 0; ranking->buckets && i < ranking->buckets_len; i++) {
        for (struct ranked_article *article = ranking->buckets[i], *next; article; article = next) {
            next = article->next;
            free(article);
            freed++;
        }
        ranking->buckets[i] = NULL;
    }
    assert(freed == ranking->articles_len); /* R6 */
    ranking->articles_len = 0;
    for (size_t i = 0; i < ranking->charts_len; i++) {
        ranking->charts[i]->marks = ~0u; /* R4: every list is made again, whatever its oldest is */
        for (int chart = 0; chart < CHART__MAX; chart++)
            candidates_release(&ranking->charts[i]->candidates[chart]);
    }
}

void ranking_close(struct ranking *ranking)
{
    if (!ranking)
        return;
    ranking_clear(ranking);
    for (size_t i = 0; i < ranking->charts_len; i++)
        free(ranking->charts[i]);
    free(ranking->charts);
    free(ranking->buckets);
    free(ranking);
}

bool ranking_has(const struct ranking *ranking, int64_t article_id)
{
    return article_of(ranking, article_id) != NULL;
}

int64_t ranking_views(const struct ranking *ranking, enum window window, int64_t article_id)
{
    assert(window < WINDOW_ALL);
    const struct ranked_article *article = article_of(ranking, article_id);
    assert(!article || article->views[window] >= 0); /* R1 */
    return article ? article->views[window] : 0;
}

/* Inserts the article into both sets of candidates of a chart, the paper's and its section's, or
 * removes it, and marks their lists (R2, R4). */
static enum status update_chart(struct ranking *ranking, struct ranked_article *article, int chart)
{
    enum status status = STATUS_OK;
    struct section_charts *both[SCOPE__MAX] = {
        [SCOPE_PAPER] = ranking->charts[0],
        [SCOPE_SECTION] = charts_of(ranking, article->section_id),
    };
    assert(chart != WINDOW_ALL && ranking->charts[0]->section_id == 0); /* R3 */
    for (int scope = 0; scope < SCOPE__MAX; scope++) {
        if (!both[scope] ||
            candidates_update(&both[scope]->candidates[chart], article) != STATUS_OK)
            status = STATUS_NO_MEMORY;
        if (both[scope])
            both[scope]->marks |= 1u << chart;
    }
    return status;
}

static enum status update_charts(struct ranking *ranking, struct ranked_article *article)
{
    enum status status = STATUS_OK;
    for (int chart = 0; chart < CHART__MAX && status == STATUS_OK; chart++) {
        if (chart != WINDOW_ALL)
            status = update_chart(ranking, article, chart);
    }
    return status;
}

/* Removes an article from the candidates of its section, before it gets another one. */
static void leave_section(struct ranking *ranking, struct ranked_article *article)
{
    struct section_charts *charts = charts_of(ranking, article->section_id);
    for (int chart = 0; charts && chart < CHART__MAX; chart++) {
        if (chart == WINDOW_ALL)
            continue;
        candidates_remove(&charts->candidates[chart], article);
        charts->marks |= 1u << chart;
    }
    for (int chart = 0; chart < CHART__MAX; chart++)
        assert(article->places[chart][SCOPE_SECTION] == 0); /* R2 */
}

static struct ranked_article *add_article(struct ranking *ranking, int64_t id)
{
    if (ranking->articles_len >= ranking->buckets_len && grow(ranking) != STATUS_OK)
        return NULL;
    struct ranked_article *article = calloc(1, sizeof *article);
    if (!article)
        return NULL;
    assert(!article_of(ranking, id)); /* R6 */
    struct ranked_article **bucket = &ranking->buckets[bucket_of(ranking, id)];
    article->id = id;
    article->score = trend_score(&article->trend, ranking->rules.half_life_s);
    article->next = *bucket;
    *bucket = article;
    ranking->articles_len++;
    assert(ranking->articles_len <= ranking->buckets_len); /* R6 */
    return article;
}

enum status ranking_put_article(struct ranking *ranking, int64_t article_id, int64_t section_id,
                                int64_t published_at, bool ranked)
{
    struct ranked_article *article = article_of(ranking, article_id);
    if (!article)
        article = add_article(ranking, article_id);
    else if (article->section_id != section_id)
        leave_section(ranking, article);
    if (!article)
        return STATUS_NO_MEMORY;
    article->section_id = section_id;
    article->published_at = published_at;
    article->ranked = ranked;
    return update_charts(ranking, article);
}

static bool has_views(const struct ranked_article *article)
{
    for (int window = 0; window < WINDOWS_SLIDING; window++) {
        assert(article->views[window] >= 0); /* R1 */
        if (article->views[window] != 0)
            return true;
    }
    return false;
}

static void remove_article(struct ranking *ranking, struct ranked_article *article)
{
    for (int chart = 0; chart < CHART__MAX; chart++)
        assert(article->places[chart][SCOPE_PAPER] == 0 &&
               article->places[chart][SCOPE_SECTION] == 0); /* R2 */
    struct ranked_article **link = &ranking->buckets[bucket_of(ranking, article->id)];
    while (*link != article)
        link = &(*link)->next;
    *link = article->next;
    assert(ranking->articles_len > 0);
    ranking->articles_len--;
    free(article);
}

enum status ranking_add(struct ranking *ranking, enum window window, int64_t article_id,
                        int64_t views)
{
    struct ranked_article *article = article_of(ranking, article_id);
    if (!article)
        return STATUS_ABSENT;
    assert(window < WINDOW_ALL);
    article->views[window] += views;
    assert(article->views[window] >= 0); /* R1 */
    enum status status = update_chart(ranking, article, window);
    /* Also when that failed: a sum that fell must leave the other candidates. */
    if (window == WINDOW_24H && update_chart(ranking, article, CHART_TRENDING) != STATUS_OK)
        status = STATUS_NO_MEMORY;
    if (status == STATUS_OK && !has_views(article))
        remove_article(ranking, article);
    return status;
}

static enum status update_score(struct ranking *ranking, struct ranked_article *article)
{
    article->score = trend_score(&article->trend, ranking->rules.half_life_s);
    return update_chart(ranking, article, CHART_TRENDING);
}

enum status ranking_add_trend(struct ranking *ranking, int64_t article_id, int64_t hour,
                              int64_t views)
{
    struct ranked_article *article = article_of(ranking, article_id);
    if (!article)
        return STATUS_ABSENT;
    if (!trend_add(&article->trend, hour, views, ranking->rules.half_life_s))
        return STATUS_INVALID;
    return update_score(ranking, article);
}

enum status ranking_reset_trend(struct ranking *ranking, int64_t article_id)
{
    struct ranked_article *article = article_of(ranking, article_id);
    if (!article)
        return STATUS_ABSENT;
    article->trend = (struct trend){.views = 0};
    return update_score(ranking, article);
}

enum status ranking_rebuild(struct ranking *ranking)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < ranking->charts_len; i++) {
        ranking->charts[i]->marks = ~0u;
        for (int chart = 0; chart < CHART__MAX; chart++)
            ranking->charts[i]->candidates[chart].since = INT64_MIN;
    }
    for (size_t i = 0; i < ranking->buckets_len && ranking->rules.max_age_s; i++) {
        for (struct ranked_article *article = ranking->buckets[i]; article && status == STATUS_OK;
             article = article->next)
            status = update_charts(ranking, article);
    }
    return status;
}

enum status ranking_mark_totals(struct ranking *ranking, int64_t section_id)
{
    struct section_charts *charts = charts_of(ranking, section_id);
    if (!charts)
        return STATUS_NO_MEMORY;
    assert(charts->section_id == section_id && charts->list.section_id == section_id); /* R3 */
    charts->marks |= 1u << WINDOW_ALL;
    return STATUS_OK;
}

void ranking_mark_all_totals(struct ranking *ranking)
{
    for (size_t i = 0; i < ranking->charts_len; i++)
        ranking->charts[i]->marks |= 1u << WINDOW_ALL;
}

/* What a refresh is given, for the list of each chart. */
struct refresh {
    int64_t now_s;
    int64_t since; /* articles that were published before are not in most read */
    ranking_totals *totals;
    void *totals_arg;
};

/* Makes the list of one chart again; *differs is set when it says something new. */
static enum status refresh_chart(struct section_charts *charts, int chart,
                                 const struct refresh *refresh, bool *differs)
{
    struct ranked ranked[RANKED_MAX];
    struct best_list best = {.oldest = INT64_MAX};
    if (chart == WINDOW_ALL) {
        enum status status = refresh->totals(refresh->totals_arg, charts->section_id,
                                             refresh->since, ranked, RANKED_MAX, &best);
        if (status != STATUS_OK)
            return status;
    } else {
        /* An old story that is read again may trend. */
        charts->candidates[chart].since = chart == CHART_TRENDING ? INT64_MIN : refresh->since;
        best = candidates_best(&charts->candidates[chart], refresh->now_s, ranked, RANKED_MAX);
        for (size_t i = 1; i < best.len && chart != CHART_TRENDING; i++)
            assert(ranked[i - 1].views >= ranked[i].views); /* R2 */
    }
    assert(best.len <= RANKED_MAX);
    struct ranked_list *list = &charts->list;
    size_t bytes = best.len * sizeof ranked[0];
    if (list->lens[chart] != best.len || memcmp(list->ranked[chart], ranked, bytes) != 0) {
        list->lens[chart] = best.len;
        memcpy(list->ranked[chart], ranked, bytes);
        *differs = true;
    }
    charts->oldest[chart] = best.oldest;
    if (!best.has_future) /* else the article comes in by time alone */
        charts->marks &= ~(1u << chart);
    return STATUS_OK;
}

/* R4: a list that can't be made stays marked. */
enum status ranking_refresh(struct ranking *ranking, int64_t now_s, ranking_totals *totals,
                            void *arg)
{
    int64_t max_age_s = ranking->rules.max_age_s;
    const struct refresh refresh = {.now_s = now_s,
                                    .since = max_age_s ? now_s - max_age_s : INT64_MIN,
                                    .totals = totals,
                                    .totals_arg = arg};
    enum status status = STATUS_OK;
    for (size_t i = 0; i < ranking->charts_len; i++) {
        struct section_charts *charts = ranking->charts[i];
        for (int chart = 0; chart < CHART__MAX && status == STATUS_OK; chart++) {
            bool has_aged = chart != CHART_TRENDING && charts->oldest[chart] < refresh.since;
            if (has_aged || (charts->marks & 1u << chart))
                status = refresh_chart(charts, chart, &refresh, &ranking->is_unpublished);
        }
    }
    return status;
}

size_t ranking_lists_len(const struct ranking *ranking)
{
    assert(ranking->charts_len > 0); /* R3 */
    return ranking->charts_len;
}

const struct ranked_list *ranking_list(const struct ranking *ranking, size_t index)
{
    assert(index < ranking->charts_len);
    return &ranking->charts[index]->list;
}

void ranking_set_previous(struct ranking *ranking, struct snapshot *previous)
{
    published_ranking_put_previous(ranking->published, previous);
    ranking->is_unpublished = true;
}

enum status ranking_publish(struct ranking *ranking, int64_t now_s, struct publication *publication)
{
    *publication = (struct publication){.counts = false};
    if (!ranking->is_unpublished)
        return STATUS_OK;
    struct snapshot *snapshot = snapshot_new(ranking->charts_len);
    if (!snapshot)
        return STATUS_NO_MEMORY;
    snapshot->as_of = now_s;
    for (size_t i = 0; i < ranking->charts_len; i++)
        memcpy(&snapshot->lists[i], &ranking->charts[i]->list, sizeof(struct ranked_list));
    assert(snapshot->lists[0].section_id == 0); /* R3 */
    const struct snapshot *outgoing = published_ranking_ref(ranking->published);
    published_ranking_put(ranking->published, snapshot);
    publication->counts = true;
    publication->order = snapshot_order_differs(outgoing, snapshot, ranking->rules.beside);
    published_ranking_unref(ranking->published, outgoing);
    ranking->is_unpublished = false; /* R5 */
    return STATUS_OK;
}
