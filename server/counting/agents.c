/* Tells programs from browsers by their User-Agent, with the word list of config/bots.txt.
 *
 * Words are hashed by their first two bytes, so that one look-up per byte of the agent finds every
 * word. Searching for all words takes ten times as long as a cache hit, and the same agents return
 * again and again, so verdicts are cached without a lock. */
#include "counting/agents.h"

#include "base/crypto.h"
#include "base/file.h"
#include "base/lines.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
    AGENT_BYTES_MAX = 1024, /* browsers send 100 to 400; a longer agent costs no more */
    WORDS_MAX = 512,
    BUCKETS = 1024,
    CACHE_BITS = 12,
    CACHE_LEN = 1 << CACHE_BITS,
};

/* Where in an agent a word is searched for. */
enum word_place {
    ANYWHERE,
    BEGINNING,
    WHOLE,   /* the agent equals the word */
    SKIPPED, /* anywhere; no other word is searched for inside it */
    PLACE__MAX
};

/* The first character of a line of the list; words for ANYWHERE have none. */
static const char marks[PLACE__MAX] = {[BEGINNING] = '^', [WHOLE] = '=', [SKIPPED] = '!'};

struct agent_word {
    const char *text; /* part of the embedded list, without a NUL at its end */
    uint16_t len;
    uint16_t next; /* index + 1 of the next word of the same place and bucket; 0: none */
};

/* A cached verdict is one number, so that it is read and written whole without a lock: bits 2 to 63
 * of the agent's hash, bit 1 set (0 is an empty entry), and the verdict in bit 0. The top 12 bits
 * of the hash are the entry's index. A client that does not know the key can't search for an agent
 * that collides with another. */
struct agents {
    struct agent_word words[WORDS_MAX];
    size_t count;
    uint16_t first[PLACE__MAX][BUCKETS]; /* index + 1 of the first word; 0: none */
    unsigned char key[HASH_KEY_BYTES];
    _Atomic uint64_t cache[CACHE_LEN];
};

#define VERDICT_BIT UINT64_C(1)
#define FILLED_BIT UINT64_C(2)

/* The part of an agent that is searched, in lower case. */
struct lowered_agent {
    size_t len;
    char text[AGENT_BYTES_MAX + 1]; /* with a NUL: two bytes are hashed at once */
};

static size_t bucket_of(const char *text)
{
    return ((unsigned char)text[0] * 31U + (unsigned char)text[1]) % BUCKETS;
}

/* Adds a line of the list; config/bots.txt documents the form. */
static void add_word(struct agents *agents, const char *line, size_t len)
{
    enum word_place place = PLACE__MAX - 1;
    while (place != ANYWHERE && marks[place] != *line)
        place--;
    size_t mark_len = place != ANYWHERE;
    assert(len - mark_len > 1 && len < AGENT_BYTES_MAX && agents->count < WORDS_MAX);
    uint16_t *first = &agents->first[place][bucket_of(line + mark_len)];
    agents->words[agents->count++] = (struct agent_word){
        .text = line + mark_len, .len = (uint16_t)(len - mark_len), .next = *first};
    *first = (uint16_t)agents->count;
}

enum status agents_open(struct agents **agents)
{
    struct lines lines;
    const char *line;
    size_t len;
    struct agents *opened = calloc(1, sizeof *opened);
    if (!opened)
        return STATUS_NO_MEMORY;
    enum status status = random_fill(opened->key, sizeof opened->key);
    if (status != STATUS_OK) {
        free(opened);
        return status;
    }
    lines_open_memory(&lines, embedded_bots.begin,
                      (size_t)(embedded_bots.end - embedded_bots.begin));
    while (lines_next(&lines, &line, &len) == STATUS_OK) {
        if (len > 0 && *line != '#')
            add_word(opened, line, len);
    }
    assert(opened->count > 0);
    *agents = opened;
    return STATUS_OK;
}

void agents_close(struct agents *agents)
{
    free(agents);
}

/* The word of `place` that begins at an offset of an agent; NULL when none does. */
static const struct agent_word *word_at(const struct agents *agents, enum word_place place,
                                        const struct lowered_agent *agent, size_t offset)
{
    assert(offset < agent->len && agent->len <= AGENT_BYTES_MAX);
    const char *at = agent->text + offset;
    size_t rest = agent->len - offset;
    for (unsigned i = agents->first[place][bucket_of(at)]; i > 0;) {
        const struct agent_word *word = &agents->words[i - 1];
        bool fits = place == WHOLE ? word->len == rest : word->len <= rest;
        if (fits && memcmp(at, word->text, word->len) == 0)
            return word;
        i = word->next;
    }
    return NULL;
}

/* Searches an agent of 1 to AGENT_BYTES_MAX bytes for every word. */
static bool has_word(const struct agents *agents, const char *agent, size_t len)
{
    struct lowered_agent lowered = {.len = len};
    for (size_t i = 0; i < len; i++) {
        bool is_capital = agent[i] >= 'A' && agent[i] <= 'Z';
        lowered.text[i] = (char)(agent[i] | (is_capital ? 0x20 : 0));
    }
    if (word_at(agents, WHOLE, &lowered, 0) || word_at(agents, BEGINNING, &lowered, 0))
        return true;
    for (size_t i = 0; i < len;) {
        const struct agent_word *skipped = word_at(agents, SKIPPED, &lowered, i);
        if (!skipped && word_at(agents, ANYWHERE, &lowered, i))
            return true;
        i += skipped ? skipped->len : 1;
    }
    return false;
}

bool agents_is_bot(struct agents *agents, const char *agent)
{
    if (!agent || !*agent)
        return true;
    size_t len = strnlen(agent, AGENT_BYTES_MAX);
    uint64_t hash = hash_keyed(agents->key, agent, len);
    _Atomic uint64_t *entry = &agents->cache[hash >> (64 - CACHE_BITS)];
    uint64_t cached = atomic_load_explicit(entry, memory_order_relaxed);
    uint64_t filled = (hash & ~VERDICT_BIT) | FILLED_BIT;
    if ((cached & ~VERDICT_BIT) == filled)
        return cached & VERDICT_BIT;
    bool is_bot = has_word(agents, agent, len);
    atomic_store_explicit(entry, filled | (is_bot ? VERDICT_BIT : 0), memory_order_relaxed);
    return is_bot;
}
