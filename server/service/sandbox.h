/* Takes from the running server what it never needs, so that a fault in it, or in a library, can do
 * less harm: new privileges, files outside of its folders, and most system calls. */
#ifndef KHOBOR_SERVICE_SANDBOX_H
#define KHOBOR_SERVICE_SANDBOX_H

#include "base/config.h"

/* Before the first thread: forbids new privileges (set-user-ID programs), and limits the calling
 * thread, and those it creates, to the folders of the database and the theme and what names and
 * times are read from (Landlock; setting process.landlock). Files that are open stay open. Where
 * the kernel can't, the log says so, and nothing is limited. */
void sandbox_limit_files(const struct config *config);

/* When all is open: any other system call than those in the table in sandbox.c fails with EPERM, in
 * all threads (seccomp; setting process.seccomp). It never ends the process. */
void sandbox_limit_calls(const struct config *config);

#endif
