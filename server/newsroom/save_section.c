/* Compares a section with the stored one, gives it a position, and writes it if it differs. */
#include "newsroom/save_section.h"

#include "store/sections.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

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
        return fault_set(fault, STATUS_INVALID, "slug", "a paper has at most %d sections",
                         SECTIONS_MAX);
    if (*position == 0)
        *position = stored ? stored->position : last + 1;
    return STATUS_OK;
}

enum status section_save(struct db *db, struct change_set *changes,
                         const struct section_input *section, enum saved *saved,
                         struct fault *fault)
{
    assert(section->position >= 0);
    struct section stored = {.slug = "", .name = ""};
    enum status status = section_find(db, section->slug, strlen(section->slug), &stored);
    if (status != STATUS_OK && status != STATUS_ABSENT)
        return status;
    bool is_new = status == STATUS_ABSENT;
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
