#include "document/article.h"

#include "document/lists.h"
#include "document/most_read.h"
#include "document/related.h"
#include "document/row.h"
#include "document/site.h"
#include "document/url.h"
#include "store/articles.h"

#include <string.h>

static enum status embed_related(const struct reading *reading, int64_t id, json_t **list)
{
    return related_document(reading, id, (int)reading->config->lists.related, list);
}

static enum status embed_latest(const struct reading *reading, int64_t id, json_t **list)
{
    struct list_ask ask = {
        .path = "/api/v1/latest",
        .from_at = INT64_MIN,
        .before = position_newest(reading->now_s),
        .limit = (int)reading->config->lists.latest,
        .fields = reading->card_fields,
        .except = &id,
        .except_len = 1,
    };
    return list_document(reading, &ask, list);
}

static enum status embed_most_read(const struct reading *reading, int64_t id, json_t **list)
{
    struct most_read_ask ask = {
        .window = WINDOW_24H, .limit = (int)reading->config->lists.most_read, .except_id = id};
    return most_read_document(reading, &ask, list);
}

static enum status embed_site(const struct reading *reading, int64_t id, json_t **site)
{
    (void)id;
    return site_document(reading, site);
}

static const struct {
    const char *name;
    unsigned bit;
    enum status (*embed)(const struct reading *, int64_t id, json_t **);
} includes[] = {
    {"related", INCLUDE_RELATED, embed_related},
    {"latest", INCLUDE_LATEST, embed_latest},
    {"most_read", INCLUDE_MOST_READ, embed_most_read},
    {"site", INCLUDE_SITE, embed_site},
};

enum {
    INCLUDES = sizeof includes / sizeof includes[0]
};

unsigned include_named(const char *name, size_t len)
{
    for (size_t i = 0; i < INCLUDES; i++) {
        if (strlen(includes[i].name) == len && memcmp(includes[i].name, name, len) == 0)
            return includes[i].bit;
    }
    return 0;
}

enum status article_address(const struct reading *reading, int64_t id, struct buf *to)
{
    size_t len;
    struct query *row;
    enum status status = article_row(reading->db, id, reading->now_s, &row);
    if (status != STATUS_OK)
        return status;
    const char *slug = query_text(row, "slug", &len);
    url_article(query_text(row, "section_slug", &len), id, slug, to);
    return query_end(row, STATUS_OK);
}

static enum status fill(const struct reading *reading, int64_t id, json_t *article,
                        int64_t *revision)
{
    struct query *row;
    enum status status = article_row(reading->db, id, reading->now_s, &row);
    if (status != STATUS_OK)
        return status;
    *revision = query_number(row, "revision");
    status = row_fill(reading, row, card_fields, reading->card_fields, article);
    if (status == STATUS_OK)
        status = row_fill(reading, row, article_fields, FIELDS_ALL, article);
    return query_end(row, status);
}

enum status article_document(const struct reading *reading, int64_t id, unsigned include,
                             json_t **document, int64_t *revision)
{
    json_t *article = json_object();
    int64_t read_revision = 0;
    enum status status = article ? fill(reading, id, article, &read_revision) : STATUS_NO_MEMORY;
    for (size_t i = 0; i < INCLUDES && status == STATUS_OK; i++) {
        json_t *embedded;
        if (!(include & includes[i].bit))
            continue;
        status = includes[i].embed(reading, id, &embedded);
        if (status == STATUS_OK &&
            json_object_set_new_nocheck(article, includes[i].name, embedded) != 0)
            status = STATUS_NO_MEMORY;
    }
    if (status != STATUS_OK) {
        json_decref(article);
        return status;
    }
    *document = article;
    *revision = read_revision;
    return STATUS_OK;
}
