#include "store/sections.h"

#include "base/buf.h"
#include "language/slug.h"
#include "language/text.h"

#include <stdbool.h>
#include <string.h>

/* STATUS_ABSENT when no section has the key. */
static enum status find_by_key(struct db *db, const char *key, struct section *section)
{
    size_t len;
    struct query *query = db_query(db, SQL_SECTION_FIND);
    query_bind_string(query, "slug_key", key);
    enum status status = query_step(query);
    if (status != STATUS_OK)
        return query_end(query, status);
    *section = (struct section){
        .id = query_number(query, "id"),
        .slug = query_text(query, "slug", &len),
        .name = query_text(query, "name", &len),
        .position = query_number(query, "position"),
    };
    return STATUS_OK;
}

enum status section_find(struct db *db, const char *slug, size_t len, struct section *section)
{
    struct buf key;
    buf_init(&key, SLUG_MAX_BYTES * 3);
    enum status status = text_key(slug, len, &key);
    /* What can't have a key can't be a section's slug. */
    status = status == STATUS_OK ? find_by_key(db, buf_string(&key), section) : STATUS_ABSENT;
    buf_release(&key);
    return status;
}

enum status sections_each(struct db *db, enum status (*take)(void *arg, const struct section *),
                          void *arg)
{
    struct query *query = db_query(db, SQL_SECTIONS_ALL);
    enum status status;
    while ((status = query_step(query)) == STATUS_OK) {
        size_t len;
        struct section section = {
            .id = query_number(query, "id"),
            .slug = query_text(query, "slug", &len),
            .name = query_text(query, "name", &len),
            .position = query_number(query, "position"),
        };
        status = take(arg, &section);
        if (status != STATUS_OK)
            break;
    }
    return query_end(query, status == STATUS_ABSENT ? STATUS_OK : status);
}

/* The position of a section that names none: its own, or behind the last. */
static enum status place(struct db *db, const struct section *stored, int64_t *position,
                         struct fault *fault)
{
    struct query *query = db_query(db, SQL_SECTION_LAST_POSITION);
    enum status status = query_step(query);
    if (status != STATUS_OK)
        return query_end(query, status);
    int64_t last = query_number(query, "position"), count = query_number(query, "sections");
    query_end(query, STATUS_OK);
    if (!stored && count >= SECTIONS_MAX)
        return fault_set(fault, STATUS_INVALID, "slug", "a paper has at most %d sections",
                         SECTIONS_MAX);
    if (*position == 0)
        *position = stored ? stored->position : last + 1;
    return STATUS_OK;
}

enum status section_save(struct db *db, struct change_set *changes, const struct section *section,
                         const char *slug_key, enum saved *saved, struct fault *fault)
{
    struct section stored = {.slug = "", .name = ""};
    enum status status = find_by_key(db, slug_key, &stored);
    if (status != STATUS_OK && status != STATUS_ABSENT)
        return status;
    bool is_new = status == STATUS_ABSENT;
    if (!is_new && strcmp(stored.slug, section->slug) != 0)
        return fault_set(fault, STATUS_INVALID, "slug",
                         "is another spelling of \"%s\", which is stored; use the same bytes",
                         stored.slug);
    int64_t position = section->position;
    status = place(db, is_new ? NULL : &stored, &position, fault);
    if (status != STATUS_OK)
        return status;
    *saved = is_new ? SAVED_NEW : SAVED_CHANGED;
    if (!is_new && position == stored.position && strcmp(stored.name, section->name) == 0) {
        *saved = SAVED_SAME;
        return STATUS_OK;
    }
    change_set_add(changes, TOPIC_SECTIONS, 0);
    struct query *query = db_query(db, SQL_SECTION_SAVE);
    query_bind_string(query, "slug", section->slug);
    query_bind_string(query, "slug_key", slug_key);
    query_bind_string(query, "name", section->name);
    query_bind_number(query, "position", position);
    return query_run(query);
}
