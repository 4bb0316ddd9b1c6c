#include "document/dependencies.h"

#include "document/url.h"
#include "store/sections.h"

#include <inttypes.h>

void dependencies_init(struct dependencies *dependencies)
{
    dependencies->len = 0;
    dependencies->until_s = INT64_MAX;
}

/* The rankings and the theme are not the paper's: they stay apart. */
static bool is_of_paper(enum topic topic)
{
    return topic <= TOPIC_LEAD;
}

void dependencies_widen(struct dependencies *dependencies)
{
    int kept = 0;
    for (int i = 0; i < dependencies->len; i++) {
        if (!is_of_paper(dependencies->dependencies[i].topic))
            dependencies->dependencies[kept++] = dependencies->dependencies[i];
    }
    dependencies->dependencies[kept++] = (struct dependency){.topic = TOPIC_PAPER};
    dependencies->len = kept;
}

static bool has(const struct dependencies *dependencies, enum topic topic, int64_t id)
{
    for (int i = 0; i < dependencies->len; i++) {
        const struct dependency *source = &dependencies->dependencies[i];
        bool covers = source->topic == TOPIC_PAPER && is_of_paper(topic);
        if (covers || (source->topic == topic && source->id == id))
            return true;
    }
    return false;
}

void dependency_note(const struct context *context, enum topic topic, int64_t id)
{
    struct dependencies *dependencies = context->dependencies;
    if (!dependencies || has(dependencies, topic, id))
        return;
    if (dependencies->len == DEPENDENCIES_MAX)
        dependencies_widen(dependencies);
    if (!has(dependencies, topic, id))
        dependencies->dependencies[dependencies->len++] =
            (struct dependency){.topic = topic, .id = id};
}

void dependency_until(const struct context *context, int64_t until_s)
{
    if (context->dependencies && until_s < context->dependencies->until_s)
        context->dependencies->until_s = until_s;
}

/* Looks for the section of a number, and writes its slug. */
struct naming {
    int64_t section_id;
    struct buf *to;
};

static enum status name_section(void *arg, const struct section *section)
{
    const struct naming *naming = arg;
    if (section->id == naming->section_id)
        url_encode(section->slug, naming->to);
    return STATUS_OK;
}

static enum status write_word(const struct dependency *source, struct db *db, struct buf *to)
{
    struct naming naming = {.section_id = source->id, .to = to};
    buf_text(to, topic_name(source->topic));
    if (source->id == 0)
        return STATUS_OK;
    buf_char(to, '-');
    if (source->topic == TOPIC_LIST)
        return sections_each(db, name_section, &naming);
    buf_format(to, "%" PRId64, source->id);
    return STATUS_OK;
}

enum status dependencies_write(const struct dependencies *dependencies, struct db *db,
                               const char *separator, struct buf *to)
{
    enum status status = STATUS_OK;
    for (int i = 0; i < dependencies->len && status == STATUS_OK; i++) {
        buf_text(to, i > 0 ? separator : "");
        status = write_word(&dependencies->dependencies[i], db, to);
    }
    return status == STATUS_OK ? buf_status(to) : status;
}
