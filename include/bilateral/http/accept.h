/*
 * accept - proactive negotiation by the Accept field (RFC 9110, 12.5.1).
 */
#ifndef BILATERAL_HTTP_ACCEPT_H
#define BILATERAL_HTTP_ACCEPT_H

/*
 * The offer that the field's value likes best; of those it likes equally, the first. A missing
 * field (NULL) likes everything. NULL where it likes none. `offers` ends with NULL.
 */
const char *accept_choose(const char *field, const char *const *offers);

#endif
