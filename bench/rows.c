/* rows DATABASE PORT [--html]: a minimal program on the same stack as Khobor, an afternoon's work:
 * ulfius, a prepared SELECT, jansson.
 *
 *   GET /articles/ID                          the article's row as JSON; with --html also its
 *                                             body as HTML, which Khobor always gives
 *   GET /sections/SLUG/articles?before=TIME   the 20 newest cards up to that time
 *
 * ulfius has a thread for each connection. Each thread has its own connection to the database with
 * its statements prepared, so that none waits for another.
 */
#include <cmark.h>
#include <jansson.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <ulfius.h>

#include "peer.h"

#define CARD                                                                               \
    "a.id, a.slug, s.slug AS section_slug, s.name AS section_name, a.kicker, a.headline, " \
    "a.standfirst, a.image, a.published_at, a.updated_at"
#define FROM " FROM articles a JOIN sections s ON s.id = a.section_id "

static const char article_sql[] =
    "SELECT " CARD ", a.revision, a.language, a.desk, a.authors, a.credits, a.tags, a.body" FROM
    "WHERE a.id = ?";
static const char list_sql[] =
    "SELECT " CARD FROM
    "WHERE a.section_id = (SELECT id FROM sections WHERE slug = ?) AND a.listed_at <= ? "
    "ORDER BY a.listed_at DESC, a.id DESC LIMIT 20";

struct program {
    const char *database;
    bool makes_html;
    pthread_key_t reader; /* of one thread */
};

/* A thread's connection to the database. */
struct reader {
    sqlite3 *sqlite;
    sqlite3_stmt *article, *list;
};

static void close_reader(void *closing)
{
    struct reader *reader = closing;
    sqlite3_finalize(reader->article);
    sqlite3_finalize(reader->list);
    sqlite3_close(reader->sqlite);
    free(reader);
}

static struct reader *open_reader(const char *database)
{
    struct reader *reader = calloc(1, sizeof *reader);
    if (!reader)
        return NULL;
    if (sqlite3_open_v2(database, &reader->sqlite, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
                        NULL) == SQLITE_OK &&
        sqlite3_exec(reader->sqlite, "PRAGMA query_only = ON", NULL, NULL, NULL) == SQLITE_OK &&
        sqlite3_prepare_v2(reader->sqlite, article_sql, -1, &reader->article, NULL) == SQLITE_OK &&
        sqlite3_prepare_v2(reader->sqlite, list_sql, -1, &reader->list, NULL) == SQLITE_OK)
        return reader;
    close_reader(reader);
    return NULL;
}

static struct reader *reader_of_thread(const struct program *program)
{
    struct reader *reader = pthread_getspecific(program->reader);
    if (!reader) {
        reader = open_reader(program->database);
        pthread_setspecific(program->reader, reader);
    }
    return reader;
}

/* Whether the text of a column is JSON. */
static bool holds_json(const char *column)
{
    return strcmp(column, "image") == 0 || strcmp(column, "authors") == 0 ||
           strcmp(column, "credits") == 0 || strcmp(column, "tags") == 0;
}

static json_t *column_json(sqlite3_stmt *row, int column)
{
    if (sqlite3_column_type(row, column) == SQLITE_NULL)
        return json_null();
    if (sqlite3_column_type(row, column) == SQLITE_INTEGER)
        return json_integer(sqlite3_column_int64(row, column));
    const char *text = (const char *)sqlite3_column_text(row, column);
    return holds_json(sqlite3_column_name(row, column)) ? json_loads(text, 0, NULL)
                                                        : json_string(text);
}

static json_t *row_json(sqlite3_stmt *row)
{
    json_t *object = json_object();
    for (int i = 0; i < sqlite3_column_count(row); i++)
        json_object_set_new(object, sqlite3_column_name(row, i), column_json(row, i));
    return object;
}

static void add_html(json_t *article)
{
    const char *body = json_string_value(json_object_get(article, "body"));
    char *html = body ? cmark_markdown_to_html(body, strlen(body), CMARK_OPT_DEFAULT) : NULL;
    json_object_set_new(article, "body_html", html ? json_string(html) : json_null());
    free(html);
}

static int answer_json(struct _u_response *response, json_t *json)
{
    ulfius_set_json_body_response(response, 200, json);
    json_decref(json);
    return U_CALLBACK_CONTINUE;
}

static int answer_article(const struct _u_request *request, struct _u_response *response,
                          void *context)
{
    const struct program *program = context;
    struct reader *reader = reader_of_thread(program);
    if (!reader)
        return U_CALLBACK_ERROR;
    json_t *article = NULL;
    const char *id = u_map_get(request->map_url, "id");
    sqlite3_bind_int64(reader->article, 1, id ? strtoll(id, NULL, 10) : 0);
    if (sqlite3_step(reader->article) == SQLITE_ROW)
        article = row_json(reader->article);
    sqlite3_reset(reader->article);
    if (!article) {
        ulfius_set_empty_body_response(response, 404);
        return U_CALLBACK_CONTINUE;
    }
    if (program->makes_html)
        add_html(article);
    return answer_json(response, article);
}

static int answer_list(const struct _u_request *request, struct _u_response *response,
                       void *context)
{
    struct reader *reader = reader_of_thread(context);
    if (!reader)
        return U_CALLBACK_ERROR;
    json_t *items = json_array();
    const char *slug = u_map_get(request->map_url, "slug");
    const char *before = u_map_get(request->map_url, "before");
    sqlite3_bind_text(reader->list, 1, slug, -1, SQLITE_STATIC);
    sqlite3_bind_int64(reader->list, 2, before ? strtoll(before, NULL, 10) : INT64_MAX);
    while (sqlite3_step(reader->list) == SQLITE_ROW)
        json_array_append_new(items, row_json(reader->list));
    sqlite3_reset(reader->list);
    return answer_json(response, json_pack("{so}", "items", items));
}

int main(int argc, char **argv)
{
    struct program program = {.makes_html = argc == 4 && strcmp(argv[3], "--html") == 0};
    long port = argc >= 3 ? strtol(argv[2], NULL, 10) : 0;
    if ((argc != 3 && !program.makes_html) || port < 1 || port > UINT16_MAX)
        give_up("rows", "usage: rows DATABASE PORT [--html]");
    program.database = argv[1];
    struct reader *trial = open_reader(program.database);
    if (!trial)
        give_up("rows", "the database can't be read");
    close_reader(trial);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct _u_instance instance;
    hold_signals();
    if (pthread_key_create(&program.reader, close_reader) != 0 ||
        ulfius_init_instance(&instance, (unsigned)port, &address, NULL) != U_OK)
        give_up("rows", "can't start");
    ulfius_add_endpoint_by_val(&instance, "GET", NULL, "/articles/:id", 0, answer_article,
                               &program);
    ulfius_add_endpoint_by_val(&instance, "GET", NULL, "/sections/:slug/articles", 0, answer_list,
                               &program);
    if (ulfius_start_framework(&instance) != U_OK)
        give_up("rows", "can't listen");
    wait_for_end((int)port);
    ulfius_stop_framework(&instance);
    ulfius_clean_instance(&instance);
    return 0;
}
