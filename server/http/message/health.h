/* What is wrong with a running server: told by /readyz and, when it begins and ends, by the log. */
#ifndef KHOBOR_HTTP_MESSAGE_HEALTH_H
#define KHOBOR_HTTP_MESSAGE_HEALTH_H

#include <stdatomic.h>
#include <stdbool.h>

enum problem {
    PROBLEM_FILE,     /* the database's file was replaced: nothing is written any more */
    PROBLEM_VERSIONS, /* what other processes change is seen late */
    PROBLEM_STORING,  /* counted views can't be stored */
    PROBLEM_RANKINGS, /* they lack views that are stored */
    PROBLEM_JOURNAL,  /* views are not in the journal before they are acknowledged */
    PROBLEM__MAX
};

/* All bytes zero: nothing is wrong. */
struct health {
    atomic_bool is_wrong[PROBLEM__MAX];
};

/* Says whether a problem exists; any thread. When that changes it is logged, with `why` (may be
 * NULL) when it begins. */
void health_set(struct health *health, enum problem problem, bool is_wrong, const char *why);

/* Whether a problem exists. Any thread, as below. */
bool health_has(const struct health *health, enum problem problem);

/* The text of the first problem, for a client; NULL when there is none. Static. */
const char *health_text(const struct health *health);

#endif
