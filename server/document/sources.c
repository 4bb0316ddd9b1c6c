#include "document/sources.h"

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

/* Puts the whole paper in the place of everything that belongs to it. */
static void widen(struct sources *sources)
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
        widen(sources);
    if (!has(sources, topic, id))
        sources->sources[sources->len++] = (struct source){.topic = topic, .id = id};
}

void source_until(const struct reading *reading, int64_t until_s)
{
    if (reading->sources && until_s < reading->sources->until_s)
        reading->sources->until_s = until_s;
}

void sources_write(const struct sources *sources, const char *separator, struct buf *to)
{
    for (int i = 0; i < sources->len; i++) {
        const struct source *source = &sources->sources[i];
        buf_text(to, i > 0 ? separator : "");
        buf_text(to, topic_name(source->topic));
        if (source->id != 0)
            buf_format(to, "-%" PRId64, source->id);
    }
}
