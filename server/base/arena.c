/* The blocks of a run are in a doubly linked list, each after a header, so that all of them can be
 * freed at once. cmark's allocator has no parameter of its own, so the run under way is found by a
 * variable of the thread.
 *
 * A1  A block of a run is in the list from its allocation until it is freed or kept; the list is
 *     empty after a run. Other blocks are in no list.
 * A2  A thread has at most one run under way. */
#include "base/arena.h"

#include <assert.h>
#include <setjmp.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

struct arena_block {
    alignas(max_align_t) struct arena_block *next;
    struct arena_block *before; /* NULL: it is the first */
    bool is_listed;
};

struct arena {
    jmp_buf left;
    struct arena_block *first;
};

static _Thread_local struct arena *current; /* tidy: arena */
static _Thread_local bool has_failed;       /* tidy: arena */

void arena_note_failure(void)
{
    has_failed = true;
}

bool arena_take_failure(void)
{
    bool had_failed = has_failed;
    has_failed = false;
    return had_failed;
}

static void leave(void)
{
    assert(current); /* A2 */
    arena_note_failure();
    longjmp(current->left, 1);
}

static void put_first(struct arena_block *block)
{
    block->is_listed = true;
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

/* Takes over a new block, or leaves the run that asked for it. NULL outside of a run. */
static void *hand_out(struct arena_block *block)
{
    if (!block && current)
        leave();
    if (!block) {
        arena_note_failure();
        return NULL;
    }
    block->is_listed = false;
    if (current)
        put_first(block);
    return block + 1;
}

void *arena_malloc(size_t size)
{
    struct arena_block *block = NULL;
    if (size <= SIZE_MAX - sizeof *block)
        block = malloc(sizeof *block + size);
    return hand_out(block);
}

void *arena_calloc(size_t count, size_t size)
{
    struct arena_block *block = NULL;
    if (size == 0 || count <= (SIZE_MAX - sizeof *block) / size)
        block = calloc(1, sizeof *block + count * size);
    return hand_out(block);
}

void *arena_realloc(void *bytes, size_t size)
{
    if (!bytes)
        return arena_calloc(1, size);
    struct arena_block *block = (struct arena_block *)bytes - 1, *larger = NULL;
    assert(current && block->is_listed); /* A2 */
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
    if (block->is_listed)
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

static enum status run_keeping(bool keeps, void (*run)(void *arg), void *arg)
{
    struct arena arena = {.first = NULL};
    assert(!current); /* A2 */
    current = &arena;
    enum status status = run_guarded(&arena, run, arg);
    for (struct arena_block *block; (block = arena.first) != NULL;) {
        take_out(block);
        block->is_listed = false;
        if (!keeps || status != STATUS_OK)
            free(block);
    }
    current = NULL;
    return status;
}

enum status arena_run(void (*run)(void *arg), void *arg)
{
    return run_keeping(false, run, arg);
}

enum status arena_run_keeping(void (*run)(void *arg), void *arg)
{
    return run_keeping(true, run, arg);
}
