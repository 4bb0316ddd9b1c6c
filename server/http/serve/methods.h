/* What may be done with an address, and what is said to who tries something else. */
#ifndef KHOBOR_HTTP_SERVE_METHODS_H
#define KHOBOR_HTTP_SERVE_METHODS_H

#include "http/message/exchange.h"

/* OPTIONS says what may be done with a path, and is a browser's question before a cross-origin
 * request (Fetch standard, CORS-preflight). `methods` are those that the path knows. */
void respond_options(struct exchange *exchange, unsigned methods);

/* 405, with what it may be. */
void respond_method_not_allowed(struct exchange *exchange, unsigned methods);

#endif
