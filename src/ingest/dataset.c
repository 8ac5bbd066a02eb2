#include "bilateral/ingest/dataset.h"

#include <string.h>

#include "bilateral/base/text.h"
#include "bilateral/ingest/feed.h"
#include "bilateral/json/read.h"
#include "bilateral/resource/field.h"

/* Two would take turns in naming the one data set that the store knows by this id. */
static void check_id(const char *id, const struct dataset *others, size_t count,
                     struct error *error)
{
    for (size_t i = 0; i < count && id; i++) {
        if (others[i].id && strcmp(others[i].id, id) == 0)
            error_add(error, ERROR_INVALID, FAULT_POINTER, "/id",
                      "Another folder is the data set of this id; give this one another.");
    }
}

static const char *unknown_member(struct arena *arena, const char *name)
{
    static const char *const NAMES[] = {"id",      "name",        "description",
                                        "license", "license_url", "attribution"};
    const char *nearest = text_nearest(name, NAMES, sizeof NAMES / sizeof NAMES[0]);
    return nearest ? arena_printf(arena, "Unknown member; did you mean \"%s\"?", nearest)
                   : "Unknown member; leave it out.";
}

/* The members: each must be fit, and there are no others. */
static void read_members(json_t *object, struct dataset *dataset, struct error *error)
{
    struct arena *arena = error->faults->arena;
    const struct {
        struct field field;
        const char **value;
    } members[] = {
        {{"id", FIELD_SLUG, .flags = FIELD_REQUIRED}, &dataset->id},
        {{"name", FIELD_LINE, .flags = FIELD_REQUIRED}, &dataset->name},
        {{.name = "description", .type = FIELD_PROSE}, &dataset->description},
        {{.name = "license", .type = FIELD_LINE}, &dataset->license},
        {{.name = "license_url", .type = FIELD_URL}, &dataset->license_url},
        {{.name = "attribution", .type = FIELD_LINE}, &dataset->attribution},
    };
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        const struct field *field = &members[i].field;
        const json_t *value = json_object_get(object, field->name);
        struct error found = {0};
        bool given = value && !json_is_null(value);
        if (!given && (field->flags & FIELD_REQUIRED))
            error_set(&found, ERROR_INVALID, "Missing; write %s.", field_expectation(field->type));
        else if (given && field_check(field, value, &found))
            *members[i].value = arena_strdup(arena, json_string_value(value));
        if (found.code)
            error_add(error, ERROR_INVALID, FAULT_POINTER, arena_printf(arena, "/%s", field->name),
                      "%s", found.detail);
        json_object_del(object, field->name);
    }
    const char *name;
    json_t *value;
    json_object_foreach(object, name, value)
    {
        error_add(error, ERROR_INVALID, FAULT_POINTER, arena_printf(arena, "/%.80s", name), "%s",
                  unknown_member(arena, name));
    }
}

void dataset_read(const char *path, const char *name, const struct dataset *others, size_t count,
                  struct dataset *ret, struct error *error)
{
    struct buffer text = {0};
    struct error found = {0};
    struct json_place place = {.line = 1};
    struct fault *last = error->faults->last;
    json_t *object = NULL;
    if (feed_is_pipe(path))
        error_set(&found, ERROR_INVALID, "This is a pipe; put a file here.");
    else if (feed_read_file(path, &text, &place.line, &found))
        object = json_read(text.data, text.size, &place, &found);
    if (json_is_object(object)) {
        read_members(object, ret, error);
        check_id(ret->id, others, count, error);
    } else {
        error_add(error, ERROR_INVALID, FAULT_POINTER, "", "%s",
                  object ? "Write one object with id, name and license." : found.detail);
    }
    const struct feed feed = {.name = name};
    const struct feed_record record = {
        .text = buffer_text(&text), .size = text.size, .line = place.line, .prefix = ""};
    feed_place_faults(&feed, &record, error->faults, last);
    json_decref(object);
    buffer_finish(&text);
}
