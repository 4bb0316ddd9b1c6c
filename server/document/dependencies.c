/* A small array, searched linearly: most documents have 5 to 60 dependencies. The invariants D1 to
 * D3 are those of the header.
 */
#include "document/dependencies.h"

#include "document/url.h"
#include "store/sections.h"

#include <assert.h>

static_assert(TOPIC_PAPER == 0 && TOPIC_LEAD < TOPIC_ORDER && TOPIC_LEAD < TOPIC_COUNTS &&
                  TOPIC_LEAD < TOPIC_THEME,
              "the topics up to TOPIC_LEAD are the paper's");

void dependencies_init(struct dependencies *dependencies)
{
    dependencies->len = 0;
    dependencies->until_s = INT64_MAX;
}

/* Whether a change of the topic moves the version of TOPIC_PAPER as well. */
static bool is_of_paper(enum topic topic)
{
    return topic <= TOPIC_LEAD;
}

void dependencies_widen(struct dependencies *dependencies)
{
    assert(dependencies->len >= 0 && dependencies->len <= DEPENDENCIES_MAX); /* D1 */
    int len = 0;
    for (int i = 0; i < dependencies->len; i++) {
        if (!is_of_paper(dependencies->list[i].topic))
            dependencies->list[len++] = dependencies->list[i];
    }
    assert(len < DEPENDENCIES_MAX); /* D1: rankings and theme are a few */
    dependencies->list[len++] = (struct dependency){.topic = TOPIC_PAPER};
    dependencies->len = len;
}

/* Whether a dependency is in the list, or covered by TOPIC_PAPER. */
static bool is_noted(const struct dependencies *dependencies, enum topic topic, int64_t id)
{
    for (int i = 0; i < dependencies->len; i++) {
        const struct dependency *noted = &dependencies->list[i];
        bool covers = noted->topic == TOPIC_PAPER && is_of_paper(topic);
        if (covers || (noted->topic == topic && noted->id == id))
            return true;
    }
    return false;
}

void dependency_note(const struct context *context, enum topic topic, int64_t id)
{
    struct dependencies *dependencies = context->dependencies;
    assert((unsigned)topic < TOPIC__MAX);
    if (!dependencies || is_noted(dependencies, topic, id))
        return;
    if (topic == TOPIC_PAPER) {
        dependencies_widen(dependencies); /* D2 */
        return;
    }
    if (dependencies->len == DEPENDENCIES_MAX) {
        dependencies_widen(dependencies);
        if (is_noted(dependencies, topic, id))
            return;
    }
    dependencies->list[dependencies->len++] = (struct dependency){.topic = topic, .id = id};
    assert(dependencies->len <= DEPENDENCIES_MAX); /* D1 */
}

void dependency_until(const struct context *context, int64_t until_s)
{
    struct dependencies *dependencies = context->dependencies;
    if (!dependencies)
        return;
    if (until_s < dependencies->until_s)
        dependencies->until_s = until_s;
    assert(dependencies->until_s <= until_s); /* D3 */
}

/* Finds the slug of one section among all. */
struct slug_search {
    int64_t section_id;
    struct buf *to;
};

static enum status write_slug(void *arg, const struct section *section)
{
    const struct slug_search *search = arg;
    if (section->id == search->section_id)
        url_encode(section->slug, search->to);
    return STATUS_OK;
}

enum status dependencies_write(const struct dependencies *dependencies, struct db *db,
                               const char *separator, struct buf *to)
{
    assert(dependencies->len >= 0 && dependencies->len <= DEPENDENCIES_MAX); /* D1 */
    for (int i = 0; i < dependencies->len; i++) {
        const struct dependency *dependency = &dependencies->list[i];
        struct slug_search search = {.section_id = dependency->id, .to = to};
        enum status status = STATUS_OK;
        buf_text(to, i > 0 ? separator : "");
        buf_text(to, topic_name(dependency->topic));
        if (dependency->id == 0)
            continue;
        buf_char(to, '-');
        if (dependency->topic == TOPIC_LIST)
            status = sections_each(db, write_slug, &search);
        else
            buf_number(to, dependency->id);
        if (status != STATUS_OK)
            return status;
    }
    return buf_status(to);
}
