#include "counting/agents.h"

#include "base/crypto.h"
#include "base/embedded.h"
#include "base/lines.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
    LOOKED_BYTES = 1024, /* browsers send 100 to 400; a longer agent costs no more */
    WORDS_MAX = 512,
    BUCKETS = 1024,
    CELL_BITS = 12,
    CELLS = 1 << CELL_BITS,
};

/* Where a word is looked for. */
enum place {
    ANYWHERE,
    BEGINNING,
    WHOLE,       /* the agent is the word */
    PASSED_OVER, /* anywhere; then no other word begins in it */
    PLACE__MAX
};

/* What a line of the list begins with; words for anywhere have no mark. */
static const char marks[PLACE__MAX] = {[BEGINNING] = '^', [WHOLE] = '=', [PASSED_OVER] = '!'};

struct word {
    const char *text; /* part of the list that is built in: no NUL behind it */
    uint16_t len;
    uint16_t next; /* the next one of its place and bucket: its index and 1, or 0 */
};

/* Verdicts are kept: looking for all words takes ten times as long, and the same agents come again
 * and again. A cell is one number, so that it is whole without a lock: a hash of the agent with the
 * verdict as its lowest bit, and 1 above it, as 0 is an empty cell. 50 bits besides the cell's
 * index tell two agents apart, and who has not the key can't look for a pair that is alike. */
struct agents {
    struct word words[WORDS_MAX];
    size_t count;
    uint16_t first[PLACE__MAX][BUCKETS]; /* like `next` */
    unsigned char key[HASH_KEY_BYTES];
    _Atomic uint64_t cells[CELLS];
};

#define VERDICT UINT64_C(1)
#define FILLED UINT64_C(2)

/* What is looked at of an agent, in small letters. */
struct lowered {
    size_t len;
    char text[LOOKED_BYTES + 1]; /* and a NUL, as two bytes are read at once */
};

/* Words are found by their first two bytes. */
static size_t bucket_of(const char *text)
{
    return ((unsigned char)text[0] * 31U + (unsigned char)text[1]) % BUCKETS;
}

/* Takes in a line of the list; config/bots.txt says what it may be. */
static void add_word(struct agents *agents, const char *line, size_t len)
{
    enum place place = PLACE__MAX - 1;
    while (place != ANYWHERE && marks[place] != *line)
        place--;
    size_t mark = place != ANYWHERE;
    assert(len - mark > 1 && len < LOOKED_BYTES && agents->count < WORDS_MAX);
    uint16_t *first = &agents->first[place][bucket_of(line + mark)];
    agents->words[agents->count++] =
        (struct word){.text = line + mark, .len = (uint16_t)(len - mark), .next = *first};
    *first = (uint16_t)agents->count;
}

static void read_list(struct agents *agents)
{
    struct lines lines;
    const char *line;
    size_t len;
    lines_open_memory(&lines, embedded_bots.begin,
                      (size_t)(embedded_bots.end - embedded_bots.begin));
    while (lines_next(&lines, &line, &len) == STATUS_OK) {
        if (len > 0 && *line != '#')
            add_word(agents, line, len);
    }
}

enum status agents_open(struct agents **agents)
{
    struct agents *opened = calloc(1, sizeof *opened);
    if (!opened)
        return STATUS_NO_MEMORY;
    enum status status = random_fill(opened->key, sizeof opened->key);
    if (status != STATUS_OK) {
        free(opened);
        return status;
    }
    read_list(opened);
    *agents = opened;
    return STATUS_OK;
}

void agents_close(struct agents *agents)
{
    free(agents);
}

/* The word that stands at an offset of an agent; NULL when there is none. */
static const struct word *word_at(const struct agents *agents, enum place place,
                                  const struct lowered *agent, size_t offset)
{
    const char *at = agent->text + offset;
    size_t rest = agent->len - offset;
    for (unsigned i = agents->first[place][bucket_of(at)]; i > 0;) {
        const struct word *word = &agents->words[i - 1];
        bool fits = place == WHOLE ? word->len == rest : word->len <= rest;
        if (fits && memcmp(at, word->text, word->len) == 0)
            return word;
        i = word->next;
    }
    return NULL;
}

/* Looks for every word in an agent of 1 to LOOKED_BYTES bytes. */
static bool has_word(const struct agents *agents, const char *agent, size_t len)
{
    struct lowered lowered = {.len = len};
    for (size_t i = 0; i < len; i++) {
        bool is_capital = agent[i] >= 'A' && agent[i] <= 'Z';
        lowered.text[i] = (char)(agent[i] | (is_capital ? 0x20 : 0));
    }
    if (word_at(agents, WHOLE, &lowered, 0) || word_at(agents, BEGINNING, &lowered, 0))
        return true;
    for (size_t i = 0; i < len;) {
        const struct word *passed = word_at(agents, PASSED_OVER, &lowered, i);
        if (!passed && word_at(agents, ANYWHERE, &lowered, i))
            return true;
        i += passed ? passed->len : 1;
    }
    return false;
}

bool agents_is_bot(struct agents *agents, const char *agent)
{
    if (!agent || !*agent)
        return true;
    size_t len = strnlen(agent, LOOKED_BYTES);
    uint64_t hash = hash_keyed(agents->key, agent, len);
    _Atomic uint64_t *cell = &agents->cells[hash >> (64 - CELL_BITS)];
    uint64_t held = atomic_load_explicit(cell, memory_order_relaxed);
    uint64_t filled = (hash & ~VERDICT) | FILLED;
    if ((held & ~VERDICT) == filled)
        return held & VERDICT;
    bool is_bot = has_word(agents, agent, len);
    atomic_store_explicit(cell, filled | (is_bot ? VERDICT : 0), memory_order_relaxed);
    return is_bot;
}
