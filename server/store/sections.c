/* Reads sections, one by its slug's key or all in their order. */
#include "store/sections.h"

#include "base/buf.h"
#include "language/slug.h"
#include "language/text.h"

static void read_section(struct query *row, struct section *section)
{
    size_t len;
    *section = (struct section){
        .id = query_number(row, "id"),
        .slug = query_text(row, "slug", &len),
        .name = query_text(row, "name", &len),
        .position = query_number(row, "position"),
    };
}

enum status section_find(struct db *db, const char *slug, size_t len, struct section *section)
{
    struct buf key;
    struct query *query = db_query(db, SQL_SECTION_FIND);
    buf_init(&key, TEXT_KEY_GROWTH * SLUG_MAX_BYTES);
    enum status status = text_key(slug, len, &key);
    if (status == STATUS_OK) {
        query_bind_string(query, "slug_key", buf_string(&key));
        status = query_step(query);
    } else {
        status = STATUS_ABSENT; /* a text that has no key is no section's slug */
    }
    /* The query stays on its row, which the texts are borrowed from. */
    if (status == STATUS_OK)
        read_section(query, section);
    else
        query_end(query, status);
    buf_release(&key);
    return status;
}

enum status sections_each(struct db *db, enum status (*take)(void *arg, const struct section *),
                          void *arg)
{
    struct query *query = db_query(db, SQL_SECTIONS_ALL);
    enum status status;
    while ((status = query_step(query)) == STATUS_OK) {
        struct section section;
        read_section(query, &section);
        status = take(arg, &section);
        if (status != STATUS_OK)
            break;
    }
    return query_end(query, status == STATUS_ABSENT ? STATUS_OK : status);
}
