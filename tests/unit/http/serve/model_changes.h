/* The changes of the model paper: of an article, which is imported afterwards, or of something else.
 * Time is one of them. */
#ifndef KHOBOR_TESTS_MODEL_CHANGES_H
#define KHOBOR_TESTS_MODEL_CHANGES_H

#include "model_paper.h"

enum {
    ZONE_S = 6 * HOUR,
};

/* Compares all responses of the two workers; the test that includes this header defines it. */
static void compare_all(struct world *world);

static inline void change_text(struct world *world, struct model_article *article, enum text text)
{
    bool may_go = text != HEADLINE && text != BODY;
    article->texts[text] = may_go && article->texts[text] ? 0 : ++world->editions;
}

static inline void change_headline(struct world *world, struct model_article *article)
{
    change_text(world, article, HEADLINE);
}

static inline void change_standfirst(struct world *world, struct model_article *article)
{
    change_text(world, article, STANDFIRST);
}

static inline void change_kicker(struct world *world, struct model_article *article)
{
    change_text(world, article, KICKER);
}

static inline void change_body(struct world *world, struct model_article *article)
{
    change_text(world, article, BODY);
}

static inline void change_desk(struct world *world, struct model_article *article)
{
    change_text(world, article, DESK);
}

static inline void change_credit(struct world *world, struct model_article *article)
{
    change_text(world, article, CREDIT);
}

static inline void change_image(struct world *world, struct model_article *article)
{
    change_text(world, article, IMAGE);
}

static inline void change_language(struct world *world, struct model_article *article)
{
    (void)world;
    article->is_english = !article->is_english;
}

static inline void change_tags(struct world *world, struct model_article *article)
{
    article->tags ^= 1U << random_below(&world->random, 2);
}

static inline void change_spelling(struct world *world, struct model_article *article)
{
    (void)world;
    article->is_spelled_otherwise = !article->is_spelled_otherwise;
}

static inline void add_new_tag(struct world *world, struct model_article *article)
{
    (void)world;
    article->tags ^= 4;
}

static inline void change_authors(struct world *world, struct model_article *article)
{
    article->authors ^= 1U << random_below(&world->random, 2);
}

static inline void add_new_author(struct world *world, struct model_article *article)
{
    (void)world;
    article->authors ^= 4;
}

static inline void change_section(struct world *world, struct model_article *article)
{
    article->section = (int)random_below(&world->random, world->sections_len);
}

static inline void change_lead(struct world *world, struct model_article *article)
{
    (void)world;
    article->lead = !article->lead;
}

static inline void change_most_read(struct world *world, struct model_article *article)
{
    (void)world;
    article->most_read = !article->most_read;
}

static inline void change_picks(struct world *world, struct model_article *article)
{
    article->picks[random_below(&world->random, PICKS)] =
        (int)random_below(&world->random, world->articles_len + 3);
}

static inline void change_update(struct world *world, struct model_article *article)
{
    article->updated_at = world->now_s - random_below(&world->random, HOUR);
}

static inline void change_time(struct world *world, struct model_article *article)
{
    article->published_at = world->now_s + 120 - random_below(&world->random, 2 * DAY);
}

static inline void publish_now(struct world *world, struct model_article *article)
{
    article->standing = PUBLISHED;
    article->published_at = world->now_s;
}

static inline void make_draft(struct world *world, struct model_article *article)
{
    (void)world;
    article->standing = DRAFT;
}

static inline void withdraw(struct world *world, struct model_article *article)
{
    (void)world;
    article->standing = WITHDRAWN;
}

static inline void restore(struct world *world, struct model_article *article)
{
    (void)world;
    article->standing = PUBLISHED;
}

static inline void leave(struct world *world, struct model_article *article)
{
    (void)world;
    (void)article;
}

static inline void count_views(struct world *world, struct model_article *article)
{
    for (int64_t views = 1 + random_below(&world->random, 6); views > 0; views--)
        check_status(
            "a view",
            pending_views_add(world->counts, article->number, VERDICT_COUNTED, world->now_s),
            STATUS_OK);
}

static inline void import_views(struct world *world, struct model_article *article)
{
    struct buf line;
    buf_init(&line, 1000);
    buf_format(&line, "{\"type\":\"views\",\"slug\":\"a-%d\",\"count\":%d", article->number,
               (int)random_below(&world->random, 20));
    put_instant("hour", PAPER_NOW - random_below(&world->random, 30) * HOUR, &line);
    buf_text(&line, "}\n");
    import(world, buf_string(&line));
    buf_release(&line);
}

static inline void import_redirect(struct world *world, struct model_article *article)
{
    char line[200];
    snprintf(line, sizeof line,
             "{\"type\":\"redirect\",\"from\":\"/old/address\",\"to\":\"a-%d\"}\n",
             article->number);
    import(world, line);
}

/* `article` only says which section. */
static inline void change_a_section(struct world *world, struct model_article *article)
{
    int section = article->number % world->sections_len;
    import_section(world, section, section + 1);
}

static inline void move_a_section(struct world *world, struct model_article *article)
{
    import_section(world, article->number % world->sections_len, ++world->editions);
}

static inline void add_a_section(struct world *world, struct model_article *article)
{
    (void)article;
    if (world->sections_len < SECTIONS_MOST)
        import_section(world, world->sections_len++, ++world->editions);
}

static inline void add_published(struct world *world, struct model_article *article)
{
    (void)article;
    import_article(world, add_article(world, world->now_s - random_below(&world->random, 600)));
}

static inline void add_from_the_past(struct world *world, struct model_article *article)
{
    (void)article;
    import_article(world, add_article(world, PAPER_NOW - random_below(&world->random, 3 * DAY)));
}

static inline void add_draft(struct world *world, struct model_article *article)
{
    article = add_article(world, world->now_s);
    article->standing = DRAFT;
    import_article(world, article);
}

static inline void add_scheduled(struct world *world, struct model_article *article)
{
    article = add_article(world, world->now_s);
    schedule(world, article);
    article->lead = random_below(&world->random, 2) == 0;
    import_article(world, article);
}

static inline void change_theme(struct world *world, struct model_article *article)
{
    char text[32];
    (void)article;
    snprintf(text, sizeof text, "edition %d", ++world->editions);
    theme_put(world, "templates/footer.html", text, world->editions);
    theme_put(world, "templates/robots.txt", text, world->editions);
    theme_put(world, "assets/style.css", text, world->editions);
    theme_put(world, "assets/favicon.ico", text, world->editions);
    /* As the main thread does. */
    check_true("another theme", theme_current_watch(world->serving.shared.theme_current));
    versions_invalidate(world->serving.shared.versions, TOPIC_THEME, 0);
}

/* Time */

static inline void wait_a_little(struct world *world, struct model_article *article)
{
    (void)article;
    world->now_s += 1 + random_below(&world->random, 5);
}

static inline void wait_longer(struct world *world, struct model_article *article)
{
    (void)article;
    world->now_s += random_below(&world->random, 900);
}

/* To the very second at which the next article appears. */
static inline void wait_for_the_next(struct world *world, struct model_article *article)
{
    (void)article;
    int64_t next_s = INT64_MAX;
    for (int i = 0; i < world->articles_len; i++) {
        const struct model_article *one = &world->articles[i];
        if (one->published_at > world->now_s && one->published_at < next_s &&
            (one->standing == PUBLISHED || one->standing == SCHEDULED))
            next_s = one->published_at;
    }
    if (next_s < INT64_MAX)
        world->now_s = next_s;
}

/* To the first second of the next day in the paper's zone. */
static inline void wait_for_midnight(struct world *world, struct model_article *article)
{
    (void)article;
    world->now_s = ((world->now_s + ZONE_S) / DAY + 1) * DAY - ZONE_S;
}

/* Another thread read the clock just before this one, and responds after it. */
static inline void respond_late(struct world *world, struct model_article *article)
{
    int64_t late_s = 1 + random_below(&world->random, 2);
    (void)article;
    world->now_s -= late_s;
    compare_all(world);
    world->now_s += late_s;
}

/* Nothing that was cached is valid then: it may be of a time that is now in the future. */
static inline void set_back(struct world *world, struct model_article *article)
{
    (void)article;
    world->now_s -= 3 + random_below(&world->random, 2 * HOUR);
    world->epoch++;
}

static const struct change {
    const char *name;
    void (*apply)(struct world *world, struct model_article *article);
    bool is_of_article;
} changes[] = {
    {"headline", change_headline, true},
    {"standfirst", change_standfirst, true},
    {"kicker", change_kicker, true},
    {"body", change_body, true},
    {"desk", change_desk, true},
    {"credit", change_credit, true},
    {"image", change_image, true},
    {"language", change_language, true},
    {"tags", change_tags, true},
    {"spelling of its terms", change_spelling, true},
    {"a new tag", add_new_tag, true},
    {"authors", change_authors, true},
    {"a new author", add_new_author, true},
    {"section", change_section, true},
    {"lead", change_lead, true},
    {"most_read", change_most_read, true},
    {"picks", change_picks, true},
    {"updated_at", change_update, true},
    {"published_at", change_time, true},
    {"published now", publish_now, true},
    {"scheduled", schedule, true},
    {"the next time", wait_for_the_next, false},
    {"draft", make_draft, true},
    {"withdrawn", withdraw, true},
    {"not withdrawn", restore, true},
    {"the same again", leave, true},
    {"views", count_views, false},
    {"views", count_views, false},
    {"views of an hour", import_views, false},
    {"a redirect", import_redirect, false},
    {"name of a section", change_a_section, false},
    {"order of sections", move_a_section, false},
    {"a new section", add_a_section, false},
    {"a new article", add_published, false},
    {"an article of the past", add_from_the_past, false},
    {"a new draft", add_draft, false},
    {"a new one that is scheduled", add_scheduled, false},
    {"the next time", wait_for_the_next, false},
    {"just before", respond_late, false},
    {"theme", change_theme, false},
    {"some seconds", wait_a_little, false},
    {"some minutes", wait_longer, false},
};

/* These invalidate everything, and are rare so that most responses stay cached for long. */
static const struct change rare_changes[] = {
    {"midnight", wait_for_midnight, false},
    {"the clock set back", set_back, false},
};

#endif
