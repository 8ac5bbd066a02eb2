#include "identity.h"

#include <string.h>

#include "bilateral/api/registry.h"
#include "bilateral/base/text.h"

enum { PART_LIMIT = 4, TRIES = 1000, ROOT_SIZE = 95 /* bytes, so that a number fits behind */ };

/* To say of what the ids of a resource are made: its row. Without one it is the label. */
static const struct {
    const struct resource *resource;
    const char *fields[PART_LIMIT + 1];
} PARTS[] = {
    {&SOURCE, {"published_on", "publisher"}},
    {&MEETING, {"start_date", "name"}},
    {&STATEMENT, {"date", "official_id", "organization_id", "agreement_id"}},
    {&TRADE_FIGURE, {"indicator", "ref_area_id", "counterpart_area_id", "time_period"}},
};

/* The slug, cut behind the last whole word that leaves room for a number. */
static void make_root(const struct resource *resource, const json_t *body, struct buffer *slug)
{
    const char *const label[] = {resource->label, NULL}, *const *fields = label;
    struct buffer text = {0};
    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++)
        fields = PARTS[i].resource == resource ? PARTS[i].fields : fields;
    for (; *fields; fields++) {
        const char *value = json_string_value(json_object_get(body, *fields));
        buffer_put_all(&text, value ? value : "", " ", NULL);
    }
    text_slug(buffer_text(&text), slug);
    buffer_finish(&text);
    while (slug->size > ROOT_SIZE) {
        char *last = strrchr(slug->data, '-');
        slug->size = last ? (size_t)(last - slug->data) : ROOT_SIZE;
        slug->data[slug->size] = '\0';
    }
}

const char *identity_make(struct writer *writer, const struct resource *resource,
                          const json_t *body, struct error *error)
{
    struct buffer slug = {0};
    struct stored stored = {.exists = true};
    make_root(resource, body, &slug);
    const char *root = buffer_keep(&slug, writer->arena), *id = root;
    if (*root == '\0')
        return NULL;
    for (int number = 2; number < TRIES; number++) {
        if (!writer_find(writer, resource, id, &stored, error))
            return NULL;
        if (!stored.exists)
            return id;
        id = arena_printf(writer->arena, "%s-%d", root, number);
    }
    error_set(error, ERROR_CONFLICT, "The ids that begin with \"%s\" are taken; give one.", root);
    return NULL;
}
