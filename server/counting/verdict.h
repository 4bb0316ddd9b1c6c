/* What became of a view. All are acknowledged and counted, each apart. */
#ifndef KHOBOR_COUNTING_VERDICT_H
#define KHOBOR_COUNTING_VERDICT_H

enum verdict {
    VERDICT_COUNTED,  /* a reader's: moves the rankings */
    VERDICT_REPEATED, /* the same reader's at the same article, too soon */
    VERDICT_BOT,      /* nobody read: a program, a prefetch, another site's page */
    VERDICT__MAX
};

#endif
