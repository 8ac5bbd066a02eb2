/*
 * accept - proactive negotiation by the Accept fields (RFC 9110, 12.5).
 *
 *     static const char *const OFFERS[] = {"application/json", "text/html", NULL};
 *     accept_choose("text/html;q=0.5, application/json", OFFERS)       -> "application/json"
 */
#ifndef BILATERAL_HTTP_ACCEPT_H
#define BILATERAL_HTTP_ACCEPT_H

/*
 * The offer that the field's value likes best; of those it likes equally, the first. A missing
 * field (NULL) likes everything, and so does an empty one: it names nothing that it would rather
 * have. NULL where it likes none. `offers` ends with NULL.
 */
const char *accept_choose(const char *field, const char *const *offers);

/*
 * The weight, in thousandths, that the most exact element of a field's value gives the offer: a media
 * type, or a token as Accept-Encoding lists them. -1 where none names it. Case does not count.
 */
int accept_weight(const char *field, const char *offer);

#endif
