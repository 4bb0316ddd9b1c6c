/* A table of problems with their texts, and a flag for each. */
#include "http/message/health.h"

#include "base/log.h"

#include <assert.h>
#include <stddef.h>

static const struct problem_row {
    const char *text;  /* for clients */
    const char *begin; /* for the log */
    const char *end;
} problem_rows[PROBLEM__MAX] = {
    [PROBLEM_FILE] = {"the database's file was replaced while it was in use",
                      "the database's file was replaced", "the database's file is the same again"},
    [PROBLEM_VERSIONS] = {"changes by other processes are seen late",
                          "the file of versions was lost, or its disk is full: changes by other "
                          "processes are seen late, until it can be made again",
                          "changes by other processes are seen at once"},
    [PROBLEM_STORING] = {"views are counted but can't be stored",
                         "views can't be stored; they wait, and storing is tried again",
                         "views are stored again; none was lost"},
    [PROBLEM_RANKINGS] = {"the rankings are behind the views",
                          "the rankings can't be updated; they are counted again",
                          "the rankings are right again"},
    [PROBLEM_JOURNAL] = {"views are counted in memory alone",
                         "views are in memory alone until they can be stored",
                         "views are written to the journal again"},
};

void health_set(struct health *health, enum problem problem, bool is_wrong, const char *why)
{
    assert(problem < PROBLEM__MAX);
    const struct problem_row *row = &problem_rows[problem];
    if (atomic_exchange(&health->is_wrong[problem], is_wrong) == is_wrong)
        return;
    if (!is_wrong)
        log_write(LOG_INFO, "%s", row->end);
    else if (why)
        log_write(LOG_ERROR, "%s (%s)", row->begin, why);
    else
        log_write(LOG_ERROR, "%s", row->begin);
}

bool health_has(const struct health *health, enum problem problem)
{
    assert(problem < PROBLEM__MAX);
    return atomic_load(&health->is_wrong[problem]);
}

const char *health_text(const struct health *health)
{
    for (int problem = 0; problem < PROBLEM__MAX; problem++) {
        if (health_has(health, problem))
            return problem_rows[problem].text;
    }
    return NULL;
}
