#include "bilateral/http/accept.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

/* A qvalue in thousandths: 0 or 1, and up to three decimals (RFC 9110, 12.4.2). */
static int thousandths(const char *text)
{
    int weight = *text == '1' ? 1000 : 0;
    if (*text++ == '0' && *text == '.') {
        for (int unit = 100; unit > 0 && *++text >= '0' && *text <= '9'; unit /= 10)
            weight += (*text - '0') * unit;
    }
    return weight;
}

/* The weight that one element's parameters give it; 1,000 without a q. */
static int weight_of(const char *parameters, size_t size)
{
    for (size_t i = 0; i + 2 < size; i++) {
        bool begins = parameters[i] == ';' || parameters[i] == ' ' || parameters[i] == '\t';
        if (begins && (parameters[i + 1] == 'q' || parameters[i + 1] == 'Q') &&
            parameters[i + 2] == '=')
            return thousandths(parameters + i + 3);
    }
    return 1000;
}

/* How exactly a range names an offer: 3 itself, 2 type/…, 1 anything, 0 not at all. */
static int exactness(const char *range, size_t size, const char *offer)
{
    const char *slash = strchr(offer, '/'), *any = slash ? "*/*" : "*";
    size_t type = slash ? (size_t)(slash - offer) + 1 : 0;
    if (size == strlen(offer) && strncasecmp(range, offer, size) == 0)
        return 3;
    if (slash && size == type + 1 && range[type] == '*' && strncasecmp(range, offer, type) == 0)
        return 2;
    return size == strlen(any) && strncmp(range, any, size) == 0;
}

int accept_weight(const char *field, const char *offer)
{
    int weight = -1, best = 0;
    while (*field) {
        field += strspn(field, " \t,");
        size_t element = strcspn(field, ",");
        size_t range = strcspn(field, "; \t,");
        int exact = exactness(field, range, offer);
        if (exact > best) {
            best = exact;
            weight = weight_of(field + range, element - range);
        }
        field += element;
    }
    return weight;
}

const char *accept_choose(const char *field, const char *const *offers)
{
    const char *chosen = NULL;
    int best = 0;
    bool says = field && field[strspn(field, " \t,")];
    for (; *offers; offers++) {
        int weight = says ? accept_weight(field, *offers) : 1000;
        if (weight > best) {
            best = weight;
            chosen = *offers;
        }
    }
    return chosen;
}
