#include "render/theme.h"

#include "base/crypto.h"
#include "base/embedded.h"
#include "base/file.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
    PATH_BYTES = 512,
    ADDRESS_BYTES_MAX = 512,
};

/* A file of the theme: "templates/front.html" or "assets/style.css", and its bytes. */
struct part {
    char *name;
    struct buf bytes;
};

struct asset {
    char *name; /* without its folder */
    char hash[THEME_HASH_BYTES];
    struct representation *representation;
};

struct theme {
    atomic_int references;
    struct templates *templates;
    struct asset assets[THEME_FILES_MAX];
    size_t assets_len;
    json_t *context;
};

/* Files being gathered from both places. */
struct gathering {
    struct part parts[THEME_FILES_MAX];
    size_t len;
    const char *path;   /* of the folder, */
    const char *folder; /* and which of its two is being read */
    struct fault *fault;
};

static const char templates_folder[] = "templates/", assets_folder[] = "assets/";

static bool is_in(const struct part *part, const char *folder)
{
    return strncmp(part->name, folder, strlen(folder)) == 0;
}

static const char *name_in(const struct part *part, const char *folder)
{
    return part->name + strlen(folder);
}

/* The part of a name, new and empty when there was none. NULL without memory or room. */
static struct part *part_named(struct gathering *gathering, const char *name)
{
    for (size_t i = 0; i < gathering->len; i++) {
        if (strcmp(gathering->parts[i].name, name) == 0)
            return &gathering->parts[i];
    }
    char *copy = gathering->len < THEME_FILES_MAX ? strdup(name) : NULL;
    if (!copy)
        return NULL;
    struct part *part = &gathering->parts[gathering->len++];
    part->name = copy;
    buf_init(&part->bytes, THEME_FILE_BYTES);
    return part;
}

static enum status gather_built_in(struct gathering *gathering)
{
    for (const struct embedded *file = embedded_theme; file->name; file++) {
        struct part *part = part_named(gathering, file->name);
        if (!part)
            return STATUS_NO_MEMORY;
        buf_add(&part->bytes, file->begin, (size_t)(file->end - file->begin));
    }
    return STATUS_OK;
}

/* A name that can stand in an address as it is. */
static bool is_plain(const char *name)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    return strspn(name, plain) == strlen(name);
}

static enum status gather_file(void *context, const struct file_entry *entry)
{
    struct gathering *gathering = context;
    struct fault fault;
    char name[PATH_BYTES], path[PATH_BYTES * 2];
    snprintf(name, sizeof name, "%s%s", gathering->folder, entry->name);
    snprintf(path, sizeof path, "%s/%s", gathering->path, name);
    if (!is_plain(entry->name))
        return fault_set(gathering->fault, STATUS_INVALID, name,
                         "must be named with letters a to z, digits, '.', '-' and '_'");
    struct part *part = part_named(gathering, name);
    if (!part)
        return fault_set(gathering->fault, STATUS_FULL, name, "is one file too many: at most %d",
                         THEME_FILES_MAX);
    buf_clear(&part->bytes);
    if (file_load(path, &part->bytes, &fault) == STATUS_OK)
        return STATUS_OK;
    /* STATUS_ABSENT is the folder's. */
    return fault_set(gathering->fault, STATUS_FAILED, name, "%s", fault.text);
}

static enum status gather_folder(struct gathering *gathering)
{
    static const char *const folders[] = {templates_folder, assets_folder};
    bool found = false;
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        char path[PATH_BYTES];
        gathering->folder = folders[i];
        snprintf(path, sizeof path, "%s/%s", gathering->path, folders[i]);
        enum status status = folder_each(path, gather_file, gathering);
        if (status != STATUS_OK && status != STATUS_ABSENT)
            return status;
        found |= status == STATUS_OK;
    }
    if (found)
        return STATUS_OK;
    return fault_set(gathering->fault, STATUS_ABSENT, gathering->path,
                     "has neither a folder templates nor a folder assets");
}

static enum status compile(struct theme *theme, const struct gathering *gathering)
{
    struct template_source sources[THEME_FILES_MAX];
    size_t len = 0;
    for (size_t i = 0; i < gathering->len; i++) {
        const struct part *part = &gathering->parts[i];
        if (is_in(part, templates_folder))
            sources[len++] = (struct template_source){name_in(part, templates_folder),
                                                      buf_string(&part->bytes), part->bytes.len};
    }
    enum status status = templates_compile(sources, len, &theme->templates, gathering->fault);
    return status == STATUS_OK ? templates_check(theme->templates, gathering->fault) : status;
}

static enum status check_needed(const struct theme *theme, const char *const *needed,
                                struct fault *fault)
{
    for (; *needed; needed++) {
        if (!templates_find(theme->templates, *needed))
            return fault_set(fault, STATUS_ABSENT, *needed, "is missing among the templates");
    }
    return STATUS_OK;
}

/* assets.style.css is "style.css"'s address: its name is taken to pieces at each dot, as a template
 * takes it. STATUS_INVALID when another name stands in the way. */
static enum status put_address(json_t *assets, const struct asset *asset)
{
    char address[ADDRESS_BYTES_MAX], step[PATH_BYTES];
    const char *at = asset->name;
    for (const char *dot; (dot = strchr(at, '.')); at = dot + 1) {
        snprintf(step, sizeof step, "%.*s", (int)(dot - at), at);
        json_t *group = json_object_get(assets, step);
        if (!group) {
            group = json_object();
            if (json_object_set_new_nocheck(assets, step, group) != 0)
                return STATUS_NO_MEMORY;
        }
        assets = group;
    }
    if (!json_is_object(assets) || json_object_get(assets, at))
        return STATUS_INVALID;
    snprintf(address, sizeof address, "/assets/%s/%s", asset->hash, asset->name);
    return json_object_set_new_nocheck(assets, at, json_string_nocheck(address)) == 0
               ? STATUS_OK
               : STATUS_NO_MEMORY;
}

static enum status add_asset(struct theme *theme, struct part *part, json_t *assets,
                             struct fault *fault)
{
    enum media media;
    char hash[HASH_TEXT_BYTES];
    struct asset *asset = &theme->assets[theme->assets_len];
    const char *name = name_in(part, assets_folder);
    if (!media_of_asset(name, &media))
        return fault_set(fault, STATUS_INVALID, part->name,
                         "must end in .css, .js, .svg, .ico, .png, .jpg, .webp, .woff2 or .txt");
    hash_text(buf_string(&part->bytes), part->bytes.len, hash);
    snprintf(asset->hash, sizeof asset->hash, "%.*s", THEME_HASH_BYTES - 1, hash);
    asset->name = strdup(name);
    if (!asset->name ||
        representation_make(media, 0, &part->bytes, &asset->representation) != STATUS_OK) {
        free(asset->name);
        return STATUS_NO_MEMORY;
    }
    theme->assets_len++;
    representation_encode(asset->representation);
    enum status status = put_address(assets, asset);
    if (status == STATUS_INVALID)
        fault_fill(fault, part->name, "begins like another asset; give it a name of its own");
    return status;
}

static enum status take_assets(struct theme *theme, struct gathering *gathering)
{
    json_t *assets = json_object();
    theme->context = json_pack("{s:o}", "assets", assets);
    enum status status = theme->context ? STATUS_OK : STATUS_NO_MEMORY;
    for (size_t i = 0; i < gathering->len && status == STATUS_OK; i++) {
        if (is_in(&gathering->parts[i], assets_folder))
            status = add_asset(theme, &gathering->parts[i], assets, gathering->fault);
    }
    return status;
}

static enum status load(struct gathering *gathering, const char *const *needed, struct theme *theme)
{
    enum status status = gather_built_in(gathering);
    if (status == STATUS_OK && gathering->path[0])
        status = gather_folder(gathering);
    if (status == STATUS_OK)
        status = compile(theme, gathering);
    if (status == STATUS_OK)
        status = check_needed(theme, needed, gathering->fault);
    if (status == STATUS_OK)
        status = take_assets(theme, gathering);
    return status;
}

enum status theme_load(const char *path, const char *const *needed, struct theme **theme,
                       struct fault *fault)
{
    fault_fill(fault, "theme", "there is no memory for it");
    struct theme *made = calloc(1, sizeof *made);
    struct gathering *gathering = calloc(1, sizeof *gathering);
    enum status status = STATUS_NO_MEMORY;
    if (made && gathering) {
        atomic_init(&made->references, 1);
        gathering->path = path;
        gathering->fault = fault;
        status = load(gathering, needed, made);
    }
    for (size_t i = 0; gathering && i < gathering->len; i++) {
        free(gathering->parts[i].name);
        buf_release(&gathering->parts[i].bytes);
    }
    free(gathering);
    if (status != STATUS_OK) {
        theme_unref(made);
        return status;
    }
    *theme = made;
    return STATUS_OK;
}

struct theme *theme_ref(struct theme *theme)
{
    atomic_fetch_add_explicit(&theme->references, 1, memory_order_relaxed);
    return theme;
}

void theme_unref(struct theme *theme)
{
    if (!theme || atomic_fetch_sub_explicit(&theme->references, 1, memory_order_acq_rel) != 1)
        return;
    for (size_t i = 0; i < theme->assets_len; i++) {
        free(theme->assets[i].name);
        representation_unref(theme->assets[i].representation);
    }
    json_decref(theme->context);
    templates_free(theme->templates);
    free(theme);
}

const struct template *theme_template(const struct theme *theme, const char *name)
{
    /* cppcheck-suppress CastIntegerToAddressAtReturn ; it takes the type's name for C++ */
    return templates_find(theme->templates, name);
}

const json_t *theme_context(const struct theme *theme)
{
    return theme->context;
}

struct representation *theme_asset(const struct theme *theme, const char *name,
                                   char hash[THEME_HASH_BYTES])
{
    for (size_t i = 0; i < theme->assets_len; i++) {
        const struct asset *asset = &theme->assets[i];
        if (strcmp(asset->name, name) == 0) {
            memcpy(hash, asset->hash, THEME_HASH_BYTES);
            return representation_ref(asset->representation);
        }
    }
    return NULL;
}
