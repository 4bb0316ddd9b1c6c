#include "popularity/ranking.h"

#include <stdlib.h>
#include <string.h>

enum {
    FIRST_BUCKETS = 1024
};

/* The lists of a section, or of the whole paper. `changed` has a bit a window. */
struct standings {
    int64_t section_id;
    unsigned changed;
    struct heap heaps[WINDOWS_SLIDING];
    struct ranked_list list; /* as it was published last */
};

struct ranking {
    struct showcase *showcase;
    struct ranked_article **buckets; /* articles by id, chained */
    size_t buckets_len, articles;
    struct standings **standings; /* [0] is the whole paper's */
    size_t standings_len;
    bool unpublished; /* a list differs from what was shown last */
};

static size_t bucket_of(const struct ranking *ranking, int64_t id)
{
    return (size_t)((uint64_t)id * 0x9E3779B97F4A7C15u >> 20) & (ranking->buckets_len - 1);
}

static struct ranked_article *article_of(const struct ranking *ranking, int64_t id)
{
    struct ranked_article *article = ranking->buckets[bucket_of(ranking, id)];
    while (article && article->id != id)
        article = article->next;
    return article;
}

static enum status grow(struct ranking *ranking)
{
    size_t old_len = ranking->buckets_len;
    struct ranked_article **old = ranking->buckets;
    struct ranked_article **buckets = calloc(old_len * 2, sizeof(struct ranked_article *));
    if (!buckets)
        return STATUS_NO_MEMORY;
    ranking->buckets = buckets;
    ranking->buckets_len = old_len * 2;
    for (size_t i = 0; i < old_len; i++) {
        for (struct ranked_article *article = old[i], *next; article; article = next) {
            next = article->next;
            struct ranked_article **bucket = &buckets[bucket_of(ranking, article->id)];
            article->next = *bucket;
            *bucket = article;
        }
    }
    free(old);
    return STATUS_OK;
}

/* The standings of a section, made when they are not there yet; NULL without memory. */
static struct standings *standings_of(struct ranking *ranking, int64_t section_id)
{
    for (size_t i = 0; i < ranking->standings_len; i++) {
        if (ranking->standings[i]->section_id == section_id)
            return ranking->standings[i];
    }
    struct standings **larger =
        realloc(ranking->standings, (ranking->standings_len + 1) * sizeof(struct standings *));
    if (!larger)
        return NULL;
    ranking->standings = larger;
    struct standings *made = calloc(1, sizeof *made);
    if (!made)
        return NULL;
    made->section_id = made->list.section_id = section_id;
    made->changed = 1u << WINDOW_ALL;
    for (int window = 0; window < WINDOWS_SLIDING; window++)
        heap_init(&made->heaps[window], (enum window)window,
                  section_id ? SCOPE_SECTION : SCOPE_PAPER);
    larger[ranking->standings_len++] = made;
    return made;
}

static void standings_free(struct standings *standings)
{
    for (int window = 0; window < WINDOWS_SLIDING; window++)
        heap_release(&standings->heaps[window]);
    free(standings);
}

enum status ranking_open(struct showcase *showcase, struct ranking **ranking)
{
    struct ranking *opened = calloc(1, sizeof *opened);
    if (!opened)
        return STATUS_NO_MEMORY;
    opened->showcase = showcase;
    opened->buckets_len = FIRST_BUCKETS;
    opened->buckets = calloc(FIRST_BUCKETS, sizeof(struct ranked_article *));
    if (!opened->buckets || !standings_of(opened, 0)) {
        ranking_close(opened);
        return STATUS_NO_MEMORY;
    }
    *ranking = opened;
    return STATUS_OK;
}

void ranking_close(struct ranking *ranking)
{
    if (!ranking)
        return;
    for (size_t i = 0; ranking->buckets && i < ranking->buckets_len; i++) {
        for (struct ranked_article *article = ranking->buckets[i], *next; article; article = next) {
            next = article->next;
            free(article);
        }
    }
    for (size_t i = 0; i < ranking->standings_len; i++)
        standings_free(ranking->standings[i]);
    free(ranking->standings);
    free(ranking->buckets);
    free(ranking);
}

bool ranking_knows(const struct ranking *ranking, int64_t article_id)
{
    return article_of(ranking, article_id) != NULL;
}

int64_t ranking_views(const struct ranking *ranking, enum window window, int64_t article_id)
{
    const struct ranked_article *article = article_of(ranking, article_id);
    return article ? article->views[window] : 0;
}

/* Puts an article into its two lists of a window, and marks them changed. */
static enum status settle(struct ranking *ranking, struct ranked_article *article,
                          enum window window)
{
    struct standings *both[SCOPE__MAX] = {
        [SCOPE_PAPER] = ranking->standings[0],
        [SCOPE_SECTION] = standings_of(ranking, article->section_id),
    };
    for (int scope = 0; scope < SCOPE__MAX; scope++) {
        if (!both[scope] || heap_settle(&both[scope]->heaps[window], article) != STATUS_OK)
            return STATUS_NO_MEMORY;
        both[scope]->changed |= 1u << window;
    }
    return STATUS_OK;
}

static enum status settle_everywhere(struct ranking *ranking, struct ranked_article *article)
{
    enum status status = STATUS_OK;
    for (int window = 0; window < WINDOWS_SLIDING && status == STATUS_OK; window++)
        status = settle(ranking, article, (enum window)window);
    return status;
}

/* Takes an article out of its section's lists, before it moves to another. */
static void leave_section(struct ranking *ranking, struct ranked_article *article)
{
    struct standings *standings = standings_of(ranking, article->section_id);
    for (int window = 0; standings && window < WINDOWS_SLIDING; window++) {
        heap_remove(&standings->heaps[window], article);
        standings->changed |= 1u << window;
    }
}

static struct ranked_article *article_made(struct ranking *ranking, int64_t id)
{
    if (ranking->articles >= ranking->buckets_len && grow(ranking) != STATUS_OK)
        return NULL;
    struct ranked_article *article = calloc(1, sizeof *article);
    if (!article)
        return NULL;
    struct ranked_article **bucket = &ranking->buckets[bucket_of(ranking, id)];
    article->id = id;
    article->next = *bucket;
    *bucket = article;
    ranking->articles++;
    return article;
}

enum status ranking_place(struct ranking *ranking, int64_t article_id, int64_t section_id,
                          int64_t published_at, bool ranked)
{
    struct ranked_article *article = article_of(ranking, article_id);
    if (!article)
        article = article_made(ranking, article_id);
    else if (article->section_id != section_id)
        leave_section(ranking, article);
    if (!article)
        return STATUS_NO_MEMORY;
    article->section_id = section_id;
    article->published_at = published_at;
    article->ranked = ranked;
    return settle_everywhere(ranking, article);
}

static bool has_views(const struct ranked_article *article)
{
    for (int window = 0; window < WINDOWS_SLIDING; window++) {
        if (article->views[window] != 0)
            return true;
    }
    return false;
}

/* An article without views stands in no heap any more. */
static void forget(struct ranking *ranking, struct ranked_article *article)
{
    struct ranked_article **link = &ranking->buckets[bucket_of(ranking, article->id)];
    while (*link != article)
        link = &(*link)->next;
    *link = article->next;
    ranking->articles--;
    free(article);
}

enum status ranking_add(struct ranking *ranking, enum window window, int64_t article_id,
                        int64_t views)
{
    struct ranked_article *article = article_of(ranking, article_id);
    if (!article)
        return STATUS_ABSENT;
    article->views[window] += views;
    enum status status = settle(ranking, article, window);
    if (status == STATUS_OK && !has_views(article))
        forget(ranking, article);
    return status;
}

enum status ranking_touch_all(struct ranking *ranking, int64_t section_id)
{
    struct standings *standings = standings_of(ranking, section_id);
    if (!standings)
        return STATUS_NO_MEMORY;
    standings->changed |= 1u << WINDOW_ALL;
    return STATUS_OK;
}

void ranking_touch_every(struct ranking *ranking)
{
    for (size_t i = 0; i < ranking->standings_len; i++)
        ranking->standings[i]->changed |= 1u << WINDOW_ALL;
}

/* The list of one window, read anew. */
struct fresh {
    struct ranked ranked[RANKED_MAX];
    size_t len;
    bool passed_over; /* an article that is yet to be published was left out */
};

static enum status make_fresh(struct standings *standings, enum window window, int64_t now_s,
                              ranking_all *all, void *context, struct fresh *fresh)
{
    if (window == WINDOW_ALL)
        return all(context, standings->section_id, fresh->ranked, RANKED_MAX, &fresh->len,
                   &fresh->passed_over);
    fresh->len =
        heap_best(&standings->heaps[window], now_s, fresh->ranked, RANKED_MAX, &fresh->passed_over);
    return STATUS_OK;
}

/* Takes over a list that was read anew; false when it says the same as before. */
static bool take_fresh(struct ranked_list *list, enum window window, const struct fresh *fresh)
{
    size_t bytes = fresh->len * sizeof fresh->ranked[0];
    if (list->lens[window] == fresh->len && memcmp(list->ranked[window], fresh->ranked, bytes) == 0)
        return false;
    list->lens[window] = fresh->len;
    memcpy(list->ranked[window], fresh->ranked, bytes);
    return true;
}

/* Makes the lists that may have changed anew; *differs says whether one did. A list stays marked
 * when it could not be made, or when an article was passed over that comes in by time alone. */
static enum status refresh(struct standings *standings, int64_t now_s, ranking_all *all,
                           void *context, bool *differs)
{
    for (int window = 0; window < WINDOW__MAX; window++) {
        struct fresh fresh = {.len = 0};
        if (!(standings->changed & 1u << window))
            continue;
        enum status status =
            make_fresh(standings, (enum window)window, now_s, all, context, &fresh);
        if (status != STATUS_OK)
            return status;
        *differs |= take_fresh(&standings->list, (enum window)window, &fresh);
        if (!fresh.passed_over)
            standings->changed &= ~(1u << window);
    }
    return STATUS_OK;
}

static enum status show(const struct ranking *ranking, int64_t now_s)
{
    size_t size = sizeof(struct snapshot) + ranking->standings_len * sizeof(struct ranked_list);
    struct snapshot *snapshot = malloc(size);
    if (!snapshot)
        return STATUS_NO_MEMORY;
    snapshot->as_of = now_s;
    snapshot->references = 1;
    snapshot->lists_len = ranking->standings_len;
    for (size_t i = 0; i < ranking->standings_len; i++)
        memcpy(&snapshot->lists[i], &ranking->standings[i]->list, sizeof(struct ranked_list));
    showcase_put(ranking->showcase, snapshot);
    return STATUS_OK;
}

enum status ranking_publish(struct ranking *ranking, int64_t now_s, ranking_all *all, void *context)
{
    bool differs = ranking->unpublished;
    for (size_t i = 0; i < ranking->standings_len; i++) {
        enum status status = refresh(ranking->standings[i], now_s, all, context, &differs);
        ranking->unpublished = differs;
        if (status != STATUS_OK)
            return status;
    }
    enum status status = differs ? show(ranking, now_s) : STATUS_OK;
    ranking->unpublished = differs && status != STATUS_OK;
    return status;
}
