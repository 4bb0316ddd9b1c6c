/* Views in a paper's database, as the tests of views and of what becomes of them put them there. */
#ifndef KHOBOR_TESTS_VIEWED_H
#define KHOBOR_TESTS_VIEWED_H

#include "paper.h"
#include "store/views.h"

/* Noon in UTC, so that a day begins half a day before. */
#define NOON (PAPER_NOW + 6 * HOUR_S)
#define MIDNIGHT (NOON - 12 * HOUR_S)

static inline int close_paper(void **state)
{
    paper_close(*state);
    free(*state);
    return 0;
}

static inline void add(struct paper *paper, int64_t id, int64_t begin, int64_t count)
{
    struct view_count view = {.article_id = id, .begin = begin, .count = count};
    paper_begin_write(paper);
    check_status("add", views_add(paper->db, &view, 1), STATUS_OK);
    paper_commit(paper);
}

static inline bool set_hour(struct paper *paper, int64_t id, int64_t hour, int64_t count,
                            int64_t now_s)
{
    enum saved saved;
    paper_begin_write(paper);
    check_status("set", views_set_hour(paper->db, id, hour, count, now_s, &saved), STATUS_OK);
    paper_commit(paper);
    return saved != SAVED_SAME;
}

static inline int64_t total_of(struct paper *paper, int64_t id)
{
    int64_t total = -1;
    check_status("total", views_total(paper->db, id, &total), STATUS_OK);
    return total;
}

#endif
