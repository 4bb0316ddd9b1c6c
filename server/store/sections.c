/* Reads sections, one by its slug's key or all in their order. */
#include "store/sections.h"

#include "base/buf.h"
#include "base/log.h"
#include "base/utf8.h"
#include "language/slug.h"
#include "language/text.h"

#include <inttypes.h>

/* STATUS_UNUSABLE for a row of a damaged database. */
static enum status read_section(struct query *row, struct section *section)
{
    size_t slug_len = 0, name_len = 0;
    *section = (struct section){
        .id = query_number(row, "id"),
        .slug = query_text(row, "slug", &slug_len),
        .name = query_text(row, "name", &name_len),
        .position = query_number(row, "position"),
    };
    if (section->slug && section->name &&
        utf8_check(section->slug, slug_len, UTF8_ONE_LINE, NULL) == UTF8_FINE &&
        utf8_check(section->name, name_len, UTF8_ONE_LINE, NULL) == UTF8_FINE)
        return STATUS_OK;
    log_write(LOG_ERROR, "section %" PRId64 ": its slug or name is damaged", section->id);
    return STATUS_UNUSABLE;
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
        status = read_section(query, section);
    if (status != STATUS_OK)
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
        if (read_section(query, &section) != STATUS_OK)
            continue; /* it is in the log; the others are served */
        status = take(arg, &section);
        if (status != STATUS_OK)
            break;
    }
    return query_end(query, status == STATUS_ABSENT ? STATUS_OK : status);
}
