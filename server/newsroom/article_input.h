/* Reads an article from a JSON object, with every check that needs no database. Import and HTTP
 * writes share it. The fields are described in docs/API.md. */
#ifndef KHOBOR_NEWSROOM_ARTICLE_INPUT_H
#define KHOBOR_NEWSROOM_ARTICLE_INPUT_H

#include "base/buf.h"
#include "base/status.h"
#include "newsroom/save_article.h"

#include <jansson.h>
#include <stdint.h>

enum {
    ARTICLE_BODY_BYTES_MAX = 4 * 1024 * 1024
};

/* An article that was read. One is used for many articles: the buffers keep their memory. */
struct article_input {
    struct article article; /* without section_id */
    const char *section;    /* the slug of its section, in any spelling */
    struct buf keys;        /* NUL-terminated texts: the keys of the slug and of the terms */
    struct buf arrays;      /* NUL-terminated JSON: authors, credits, tags, related, image */
};

void article_input_init(struct article_input *input);
void article_input_release(struct article_input *input);

/* Checks `object` and fills `input->article` and `input->section`, whose texts are borrowed from
 * `object` and from the buffers until the next call. `object` may be changed: its image gets every
 * field. `language` is that of an article which names none; `shift_s` is added to every time.
 * STATUS_INVALID with a fault that names the field. */
enum status article_input_read(struct article_input *input, json_t *object, const char *language,
                               int64_t shift_s, struct fault *fault) MUST_CHECK;

#endif
