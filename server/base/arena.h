/* Runs a library that can't be told that an allocation failed, because it then ends the process
 * (cmark aborts, brotli exits). Its allocations are made here. When one fails, the library is left
 * in the middle, by longjmp, and all that it has allocated is freed.
 */
#ifndef KHOBOR_BASE_ARENA_H
#define KHOBOR_BASE_ARENA_H

#include "base/status.h"

#include <stddef.h>

/* Calls run(arg), and afterwards frees what was allocated in it and not freed. STATUS_NO_MEMORY
 * when it was left in the middle: so `run` must own nothing that is not arg's, such as memory of
 * malloc, files or locks. Not to be called inside of `run`. */
enum status arena_run(void (*run)(void *arg), void *arg) MUST_CHECK;

/* As calloc, realloc and free, but they never return NULL. Only inside of `run`, on its thread. */
void *arena_calloc(size_t count, size_t size);
void *arena_realloc(void *bytes, size_t size);
void arena_free(void *bytes);

#endif
