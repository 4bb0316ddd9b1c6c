/* Runs a library that can't be told that an allocation failed, because it then ends the process
 * (cmark aborts, brotli exits). Its allocations are made here. When one fails, the library is left
 * in the middle, by longjmp, and all that it has allocated is freed.
 */
#ifndef KHOBOR_BASE_ARENA_H
#define KHOBOR_BASE_ARENA_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

/* Calls run(arg), and afterwards frees what was allocated in it and not freed. STATUS_NO_MEMORY
 * when it was left in the middle: so `run` must own nothing that is not arg's, such as memory of
 * malloc, files or locks. Not to be called inside of `run`. */
enum status arena_run(void (*run)(void *arg), void *arg) MUST_CHECK;

/* The same, but what was allocated and not freed stays when `run` ends well. */
enum status arena_run_keeping(void (*run)(void *arg), void *arg) MUST_CHECK;

/* As malloc, calloc, realloc and free. Inside of `run`, on its thread, they never return NULL.
 * Outside, where a failure is noted, they do; what is allocated there must not be reallocated. */
void *arena_malloc(size_t size);
void *arena_calloc(size_t count, size_t size);
void *arena_realloc(void *bytes, size_t size);
void arena_free(void *bytes);

/* Notes that an allocation failed on this thread. Libraries go on after that in ways of their own:
 * jansson leaves a letter out of a text, SQLite gives NULL for a text. So what was made in between
 * can't be trusted. */
void arena_note_failure(void);

/* Whether one failed since the last call. */
bool arena_take_failure(void);

#endif
