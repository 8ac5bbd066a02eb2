#include "bilateral/format/ics.h"

#include <stdlib.h>
#include <string.h>

#include "bilateral/base/date.h"
#include "bilateral/format/reading.h"

enum { LINE_SIZE = 75 }; /* octets, without the line break: RFC 5545, 3.1 */

/* A content line, folded where it is too long, but never within a character. */
static void put_line(struct buffer *out, const char *line, size_t size)
{
    size_t room = LINE_SIZE;
    while (size > room) {
        size_t cut = room;
        while (cut > 1 && ((unsigned char)line[cut] & 0xC0) == 0x80)
            cut--;
        buffer_append(out, line, cut);
        buffer_puts(out, "\r\n ");
        line += cut;
        size -= cut;
        room = LINE_SIZE - 1; /* behind the space */
    }
    buffer_append(out, line, size);
    buffer_puts(out, "\r\n");
}

static void put_property(struct buffer *out, const char *name, const char *value)
{
    struct buffer line = {0};
    buffer_put_all(&line, name, ":", value, NULL);
    put_line(out, line.data, line.size);
    buffer_finish(&line);
}

/* How many bytes at `text` are a line break that is none to RFC 5545, but is to many a parser. */
static size_t foreign_break(const char *text)
{
    static const char *const BREAKS[] = {"\xC2\x85", "\xE2\x80\xA8", "\xE2\x80\xA9"};
    for (size_t i = 0; i < sizeof BREAKS / sizeof *BREAKS; i++) {
        if (strncmp(text, BREAKS[i], strlen(BREAKS[i])) == 0)
            return strlen(BREAKS[i]);
    }
    return 0;
}

/* The value type TEXT (RFC 5545, 3.3.11). Other control characters may not stand in a line. */
static void escape(const char *text, struct buffer *value)
{
    for (; *text; text++) {
        size_t broken = foreign_break(text);
        bool control = ((unsigned char)*text < 0x20 && *text != '\t') || *text == 0x7F;
        if (broken || *text == '\n') {
            buffer_puts(value, "\\n");
            text += broken ? broken - 1 : 0;
        } else if (!control) {
            if (strchr("\\;,", *text))
                buffer_putc(value, '\\');
            buffer_putc(value, *text);
        }
    }
}

static void put_text(struct buffer *out, const char *name, const char *text)
{
    struct buffer value = {0};
    escape(text, &value);
    put_property(out, name, buffer_text(&value));
    buffer_finish(&value);
}

/* "2025-02-19" or "2025-02-19T08:30:00.123Z" without its marks: DATE, or DATE-TIME in UTC. */
static void put_time(struct buffer *out, const char *name, const char *text)
{
    struct buffer value = {0};
    for (const char *at = text; *at && at < text + strlen("2025-02-19T08:30:00"); at++) {
        if (*at != '-' && *at != ':')
            buffer_putc(&value, *at);
    }
    if (strchr(text, 'T'))
        buffer_putc(&value, 'Z');
    put_property(out, name, buffer_text(&value));
    buffer_finish(&value);
}

static void begin(struct format_writing *writing, struct buffer *out)
{
    writing->count = 0;
    put_property(out, "BEGIN", "VCALENDAR");
    put_property(out, "VERSION", "2.0");
    put_property(out, "PRODID", "-//bilateral//bilateral " BILATERAL_VERSION "//EN");
    put_text(out, "NAME", writing->title);
    put_text(out, "X-WR-CALNAME", writing->title);
    put_time(out, "LAST-MODIFIED", writing->snapshot->revision.updated_at);
    put_property(out, "REFRESH-INTERVAL;VALUE=DURATION", "P1D");
    put_property(out, "X-PUBLISHED-TTL", "P1D");
}

/* A calendar must hold something (RFC 5545, 3.6); where no event is left, it is the zone UTC. */
static void end(struct format_writing *writing, struct buffer *out)
{
    if (writing->count == 0)
        buffer_puts(out,
                    "BEGIN:VTIMEZONE\r\nTZID:UTC\r\nBEGIN:STANDARD\r\n"
                    "DTSTART:19700101T000000\r\nTZOFFSETFROM:+0000\r\nTZOFFSETTO:+0000\r\n"
                    "END:STANDARD\r\nEND:VTIMEZONE\r\n");
    put_property(out, "END", "VCALENDAR");
}

/* The days of an event. */
struct span {
    char first[DATE_DAY_SIZE];
    char behind[DATE_DAY_SIZE]; /* the day after the last */
    const char *hint;           /* what is known where that is not exact; else NULL */
};

static bool is_exact(const struct date *date)
{
    return date->precision == DATE_DAY && !date->approximate && !date->uncertain;
}

/* False where there is no date. */
static bool read_span(const struct reading *record, const struct ics_map *map, struct span *ret)
{
    const char *start = reading_text(record, map->start), *last = reading_text(record, map->end);
    struct date from, to;
    struct error ignored = {0};
    start = start ? start : last;
    last = last ? last : start;
    if (!start || !date_parse(start, &from, &ignored) || !date_parse(last, &to, &ignored))
        return false;
    /* Nothing that is stored ends before it begins; but an event that did would be refused. */
    const char *latest = strcmp(to.latest, from.earliest) < 0 ? from.latest : to.latest;
    memcpy(ret->first, from.earliest, sizeof ret->first);
    date_add_days(latest, 1, ret->behind);
    ret->hint = NULL;
    if (!is_exact(&from) || !is_exact(&to))
        ret->hint = arena_printf(record->arena, "The dates are not exact: %s%s%s, within %s to %s.",
                                 start, last == start ? "" : " to ", last == start ? "" : last,
                                 from.earliest, latest);
    return true;
}

static void put_paragraph(struct buffer *text, const char *line)
{
    if (text->size > 0)
        buffer_puts(text, "\n\n");
    buffer_puts(text, line);
}

static bool put_list(const struct reading *shown, const struct ics_list *list, struct buffer *text,
                     struct error *error)
{
    const struct field *field = reading_field(shown, list->member);
    struct json_walk walk = reading_walk(shown, list->member);
    for (bool first = true; json_walk_next(&walk); first = false) {
        struct reading one;
        if (first)
            put_paragraph(text, list->heading);
        if (field->type == FIELD_PART)
            one = reading_element(shown, list->member, &walk);
        else if (!reading_refer(shown, list->member,
                                reading_decode(shown, walk.value, walk.value_size), &one, error))
            return false;
        const char *line;
        if (!reading_join(&one, list->names, list->members, ", ", &line, error))
            return false;
        buffer_put_all(text, "\n- ", line, NULL);
    }
    return true;
}

static bool put_description(const struct reading *shown, const struct ics_map *map,
                            const struct span *span, struct buffer *out, struct error *error)
{
    struct buffer text = {0};
    const char *description = reading_text(shown, map->description);
    bool good = true;
    if (span->hint)
        put_paragraph(&text, span->hint);
    if (description)
        put_paragraph(&text, description);
    for (const struct ics_list *list = map->lists; good && list && list->heading; list++)
        good = put_list(shown, list, &text, error);
    if (good && text.size > 0)
        put_text(out, "DESCRIPTION", text.data);
    buffer_finish(&text);
    return good;
}

/* A decimal as the value type FLOAT has it: JSON may write an exponent. */
static const char *plain_decimal(const struct reading *record, const char *decimal)
{
    return strpbrk(decimal, "eE") ? arena_printf(record->arena, "%.6f", strtod(decimal, NULL))
                                  : decimal;
}

static bool put_location(const struct reading *shown, const struct ics_map *map, struct buffer *out,
                         struct error *error)
{
    const char *id = reading_text(shown, map->location);
    struct reading place;
    if (!id)
        return true;
    if (!reading_refer(shown, map->location, id, &place, error))
        return false;
    const char *name = reading_text(&place, place.resource->label);
    const char *latitude = reading_text(&place, map->latitude);
    const char *longitude = reading_text(&place, map->longitude);
    if (name)
        put_text(out, "LOCATION", name);
    if (latitude && longitude)
        put_property(out, "GEO",
                     arena_printf(shown->arena, "%s;%s", plain_decimal(shown, latitude),
                                  plain_decimal(shown, longitude)));
    return true;
}

static bool put_categories(const struct reading *shown, const char *member, struct buffer *out,
                           struct error *error)
{
    struct buffer value = {0};
    struct json_walk walk = reading_walk(shown, member);
    bool good = true;
    while (good && json_walk_next(&walk)) {
        struct reading topic;
        const char *id = reading_decode(shown, walk.value, walk.value_size);
        good = reading_refer(shown, member, id, &topic, error);
        const char *name = good ? reading_text(&topic, topic.resource->label) : NULL;
        if (value.size > 0)
            buffer_putc(&value, ',');
        escape(name ? name : id, &value);
    }
    if (good && value.size > 0)
        put_property(out, "CATEGORIES", value.data);
    buffer_finish(&value);
    return good;
}

/* What tells one version of one event from another: no client may go without. */
static void put_identity(const struct reading *whole, struct buffer *out)
{
    char uid[HASH_UUID_SIZE];
    const char *updated = reading_text(whole, "updated_at");
    reading_uuid(whole->writing, whole->resource->type, reading_text(whole, "id"), uid);
    put_property(out, "UID", uid);
    put_time(out, "DTSTAMP", updated);
    put_time(out, "CREATED", reading_text(whole, "created_at"));
    put_time(out, "LAST-MODIFIED", updated);
    long long revision = strtoll(reading_text(whole, "revision"), NULL, 10);
    put_property(out, "SEQUENCE", arena_printf(whole->arena, "%lld", revision - 1));
}

static bool put_event(const struct reading *shown, const struct span *span, struct buffer *out,
                      struct error *error)
{
    const struct ics_map *map = shown->writing->map;
    const struct reading whole = reading_whole(shown);
    const char *summary = reading_text(shown, map->summary);
    const char *parent = reading_text(shown, map->parent);
    const char *status = format_term(map->statuses, reading_text(shown, map->status));
    put_property(out, "BEGIN", "VEVENT");
    put_identity(&whole, out);
    put_time(out, "DTSTART;VALUE=DATE", span->first);
    /* The end is exclusive. Behind the last day of the calendar there is none: one day is meant. */
    if (strcmp(span->behind, span->first) > 0)
        put_time(out, "DTEND;VALUE=DATE", span->behind);
    put_property(out, "TRANSP", "TRANSPARENT");
    if (status)
        put_property(out, "STATUS", status);
    if (summary)
        put_text(
            out, "SUMMARY",
            arena_printf(shown->arena, "%s%s", summary, span->hint ? " (dates not exact)" : ""));
    if (!put_description(shown, map, span, out, error) || !put_location(shown, map, out, error) ||
        !put_categories(shown, map->categories, out, error))
        return false;
    if (parent) {
        char uid[HASH_UUID_SIZE];
        reading_uuid(shown->writing, shown->resource->type, parent, uid);
        put_property(out, "RELATED-TO", uid);
    }
    put_property(out, "END", "VEVENT");
    return true;
}

static bool row(struct format_writing *writing, const char *text, size_t size, struct buffer *out,
                struct error *error)
{
    struct arena *arena = arena_create();
    const struct reading shown = reading_of(writing, text, size, arena);
    const struct reading whole = reading_whole(&shown);
    struct span span;
    bool good = true;
    if (read_span(&whole, writing->map, &span)) {
        good = put_event(&shown, &span, out, error);
        writing->count++;
    }
    arena_destroy(arena);
    return good;
}

const struct format FORMAT_ICS = {
    .extension = "ics",
    .media_type = "text/calendar; charset=utf-8",
    .help = "iCalendar (RFC 5545): an event for each record that has a date.",
    .begin = begin,
    .row = row,
    .end = end,
};
