#include "document/sources.h"

#include "document/url.h"
#include "store/sections.h"

#include <inttypes.h>

void sources_init(struct sources *sources)
{
    sources->len = 0;
    sources->until_s = INT64_MAX;
}

/* The rankings and the theme are not the paper's: they stay apart. */
static bool is_of_paper(enum topic topic)
{
    return topic <= TOPIC_LEAD;
}

void sources_widen(struct sources *sources)
{
    int kept = 0;
    for (int i = 0; i < sources->len; i++) {
        if (!is_of_paper(sources->sources[i].topic))
            sources->sources[kept++] = sources->sources[i];
    }
    sources->sources[kept++] = (struct source){.topic = TOPIC_PAPER};
    sources->len = kept;
}

static bool has(const struct sources *sources, enum topic topic, int64_t id)
{
    for (int i = 0; i < sources->len; i++) {
        const struct source *source = &sources->sources[i];
        bool covers = source->topic == TOPIC_PAPER && is_of_paper(topic);
        if (covers || (source->topic == topic && source->id == id))
            return true;
    }
    return false;
}

void source_note(const struct reading *reading, enum topic topic, int64_t id)
{
    struct sources *sources = reading->sources;
    if (!sources || has(sources, topic, id))
        return;
    if (sources->len == SOURCES_MAX)
        sources_widen(sources);
    if (!has(sources, topic, id))
        sources->sources[sources->len++] = (struct source){.topic = topic, .id = id};
}

void source_until(const struct reading *reading, int64_t until_s)
{
    if (reading->sources && until_s < reading->sources->until_s)
        reading->sources->until_s = until_s;
}

/* Looks for the section of a number, and writes its slug. */
struct naming {
    int64_t section_id;
    struct buf *to;
};

static enum status name_section(void *context, const struct section *section)
{
    const struct naming *naming = context;
    if (section->id == naming->section_id)
        url_encode(section->slug, naming->to);
    return STATUS_OK;
}

static enum status write_word(const struct source *source, struct db *db, struct buf *to)
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

enum status sources_write(const struct sources *sources, struct db *db, const char *separator,
                          struct buf *to)
{
    enum status status = STATUS_OK;
    for (int i = 0; i < sources->len && status == STATUS_OK; i++) {
        buf_text(to, i > 0 ? separator : "");
        status = write_word(&sources->sources[i], db, to);
    }
    return status == STATUS_OK ? buf_status(to) : status;
}
