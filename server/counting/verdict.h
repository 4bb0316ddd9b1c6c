/* What a view counts as. Every view is acknowledged; each verdict has its own count. */
#ifndef KHOBOR_COUNTING_VERDICT_H
#define KHOBOR_COUNTING_VERDICT_H

enum verdict {
    VERDICT_COUNTED,  /* a reader's: it moves the rankings */
    VERDICT_REPEATED, /* the same reader's at the same article, too soon */
    VERDICT_BOT,      /* nobody read: a program, a prefetch, another site's page */
    VERDICT__MAX
};

#endif
