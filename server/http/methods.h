/* What may be done with an address, and what is said to who tries something else. */
#ifndef KHOBOR_HTTP_METHODS_H
#define KHOBOR_HTTP_METHODS_H

#include "http/exchange.h"

/* OPTIONS says what may be done with a path, and is a browser's question before a cross-origin
 * request (Fetch standard, CORS-preflight). `methods` are those that the path knows. */
void answer_options(struct exchange *exchange, unsigned methods);

/* 405, with what it may be. */
void refuse_method(struct exchange *exchange, unsigned methods);

#endif
