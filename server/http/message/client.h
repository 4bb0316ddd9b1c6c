/* For whom a request asks, and whether anybody will read the answer. */
#ifndef KHOBOR_HTTP_MESSAGE_CLIENT_H
#define KHOBOR_HTTP_MESSAGE_CLIENT_H

#include "base/address.h"
#include "base/config.h"
#include "http/message/request.h"

#include <stdbool.h>

/* The address a request comes from: the connection's other end, or, when that is one of our
 * proxies, the last address that is not one in X-Forwarded-For, else in Forwarded (RFC 7239). What
 * stands before it was written by who asks, and is not believed. False when a proxy's list can't
 * be read to that address: *address is the proxy's then. */
bool client_address(const struct request *request, const struct networks *proxies,
                    struct address *address);

/* Whether a request comes straight from this machine: a proxy on it would say for whom it asks. */
bool client_is_local(const struct request *request);

/* Whether a browser asks ahead of its reader, who may never come (Sec-Purpose, Fetch standard). */
bool client_is_prefetching(const struct request *request);

/* Whether the request was made by a page of another site than the paper's (`site.url`) or the
 * frontend's that may read the API (`http.cors_origin`): by Sec-Fetch-Site, and by Origin where a
 * browser says nothing else. */
bool client_is_cross_site(const struct request *request, const struct config *config);

#endif
