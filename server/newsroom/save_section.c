/* Decides whether a section may have its slug, compares it with the stored one, gives it a
 * position, and writes it if it differs. */
#include "newsroom/save_section.h"

#include "base/buf.h"
#include "base/log.h"
#include "language/slug.h"
#include "language/text.h"
#include "store/sections.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

/* Slugs' keys that later versions are likely to need as addresses. New sections can't have them. */
static const char *const reserved_words[] = {
    "docs",    "newsroom", "desk",    "live", "preview", "events", "hooks", "topics", "pages",
    "changes", "resolve",  "graphql", "feed", "rss",     "atom",   "amp",   NULL,
};

static bool is_in(const char *const *words, const char *slug_key)
{
    while (*words && strcmp(*words, slug_key) != 0)
        words++;
    return *words != NULL;
}

/* Gives a section without a position the one it has, or for a new one (`stored` is NULL) the one
 * after the last. */
static enum status choose_position(struct db *db, const struct section *stored, int64_t *position,
                                   struct fault *fault)
{
    struct query *query = db_query(db, SQL_SECTION_LAST_POSITION);
    enum status status = query_step(query);
    if (status != STATUS_OK)
        return query_end(query, status);
    int64_t last = query_number(query, "position"), count = query_number(query, "sections");
    query_end(query, STATUS_OK);
    if (!stored && count >= SECTIONS_MAX)
        return fault_set(fault, STATUS_INVALID, "slug",
                         "is a new section's, but a paper has at most %d sections", SECTIONS_MAX);
    if (*position == 0)
        *position = stored ? stored->position : last + 1;
    return STATUS_OK;
}

enum status section_save(struct db *db, struct change_set *changes,
                         const struct section_input *section, const char *const *route_words,
                         enum saved *saved, struct fault *fault)
{
    assert(section->position >= 0 && section->name && section->slug_key[0] != '\0');
    if (is_in(route_words, section->slug_key))
        return fault_set(fault, STATUS_INVALID, "slug",
                         "\"%s\" is an address of Khobor's own; take another", section->slug_key);
    struct section stored = {.slug = "", .name = ""};
    enum status status = section_find(db, section->slug, strlen(section->slug), &stored);
    if (status != STATUS_OK && status != STATUS_ABSENT)
        return status;
    bool is_new = status == STATUS_ABSENT;
    if (is_new && is_in(reserved_words, section->slug_key))
        return fault_set(fault, STATUS_INVALID, "slug",
                         "\"%s\" is reserved for a later version of Khobor; take another",
                         section->slug_key);
    if (!is_new && strcmp(stored.slug, section->slug) != 0)
        return fault_set(fault, STATUS_INVALID, "slug",
                         "is another spelling of \"%s\", which is stored; use the same bytes",
                         stored.slug);
    int64_t position = section->position;
    status = choose_position(db, is_new ? NULL : &stored, &position, fault);
    if (status != STATUS_OK)
        return status;
    if (!is_new && position == stored.position && strcmp(stored.name, section->name) == 0) {
        *saved = SAVED_SAME;
        return STATUS_OK;
    }
    change_set_add(changes, TOPIC_SECTIONS, 0);
    struct query *query = db_query(db, SQL_SECTION_SAVE);
    query_bind_string(query, "slug", section->slug);
    query_bind_string(query, "slug_key", section->slug_key);
    query_bind_string(query, "name", section->name);
    query_bind_number(query, "position", position);
    status = query_run(query);
    if (status == STATUS_OK)
        *saved = is_new ? SAVED_NEW : SAVED_CHANGED;
    return status;
}

static enum status warn_reserved(void *arg, const struct section *section)
{
    (void)arg;
    struct buf key;
    buf_init(&key, TEXT_KEY_GROWTH * SLUG_MAX_BYTES);
    enum status status = text_key(section->slug, strlen(section->slug), &key);
    if (status == STATUS_OK && is_in(reserved_words, buf_string(&key)))
        log_write(LOG_WARNING,
                  "section \"%s\": new sections can't have this slug, because a later version of "
                  "Khobor may need the address",
                  section->slug);
    buf_release(&key);
    return STATUS_OK; /* a slug without a key is none of the words */
}

enum status section_warn_reserved(struct db *db)
{
    return sections_each(db, warn_reserved, NULL);
}
