/* The blocks of a run are in a doubly linked list, each behind a header, so that all of them can be
 * freed at once. cmark's allocator has no parameter of its own, so the run under way is found by a
 * variable of the thread.
 *
 * A1  A block is in the list from its allocation until it is freed, and the list is empty after a
 *     run.
 * A2  A thread has at most one run under way. */
#include "base/arena.h"

#include <assert.h>
#include <setjmp.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>

struct arena_block {
    alignas(max_align_t) struct arena_block *next;
    struct arena_block *before; /* NULL: it is the first */
};

struct arena {
    jmp_buf left;
    struct arena_block *first;
};

static _Thread_local struct arena *current; /* tidy: arena */

static void leave(void)
{
    assert(current); /* A2 */
    longjmp(current->left, 1);
}

static void put_first(struct arena_block *block)
{
    block->before = NULL;
    block->next = current->first;
    if (block->next)
        block->next->before = block;
    current->first = block;
}

static void take_out(struct arena_block *block)
{
    if (block->next)
        block->next->before = block->before;
    if (block->before)
        block->before->next = block->next;
    else
        current->first = block->next;
    assert(current->first != block); /* A1 */
}

void *arena_calloc(size_t count, size_t size)
{
    struct arena_block *block = NULL;
    assert(current); /* A2 */
    if (size == 0 || count <= (SIZE_MAX - sizeof *block) / size)
        block = calloc(1, sizeof *block + count * size);
    if (!block)
        leave();
    put_first(block);
    return block + 1;
}

void *arena_realloc(void *bytes, size_t size)
{
    if (!bytes)
        return arena_calloc(1, size);
    struct arena_block *block = (struct arena_block *)bytes - 1, *larger = NULL;
    take_out(block);
    if (size <= SIZE_MAX - sizeof *block)
        larger = realloc(block, sizeof *block + size);
    put_first(larger ? larger : block); /* the old block is still there if that failed */
    if (!larger)
        leave();
    return larger + 1;
}

void arena_free(void *bytes)
{
    if (!bytes)
        return;
    struct arena_block *block = (struct arena_block *)bytes - 1;
    take_out(block);
    free(block);
}

/* Apart from arena_run, whose variables a jump back would leave undefined. */
static enum status run_guarded(struct arena *arena, void (*run)(void *arg), void *arg)
{
    if (setjmp(arena->left) != 0)
        return STATUS_NO_MEMORY;
    run(arg);
    return STATUS_OK;
}

enum status arena_run(void (*run)(void *arg), void *arg)
{
    struct arena arena = {.first = NULL};
    assert(!current); /* A2 */
    current = &arena;
    enum status status = run_guarded(&arena, run, arg);
    while (arena.first)
        arena_free(arena.first + 1);
    current = NULL;
    return status;
}
