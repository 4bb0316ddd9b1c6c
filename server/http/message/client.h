/* Which client a request comes from, and whether a reader will see the response. */
#ifndef KHOBOR_HTTP_MESSAGE_CLIENT_H
#define KHOBOR_HTTP_MESSAGE_CLIENT_H

#include "base/address.h"
#include "base/config.h"
#include "http/message/request.h"

#include <stdbool.h>

/* Sets *address to the client's: the other end of the connection, or, when that is one of
 * `proxies`, the last address that is not one of them in X-Forwarded-For, otherwise in Forwarded
 * (RFC 7239). What comes before that address was written by the client and is not believed. False
 * when the list can't be read as far as that address: *address is then a proxy's. */
bool client_address(const struct request *request, const struct networks *proxies,
                    struct address *address);

/* Whether a request comes directly from this machine. A proxy on this machine, which adds a field
 * with the client's address, does not count. */
bool client_is_local(const struct request *request);

/* Whether a browser fetches ahead of its reader, who may never see the response (Sec-Purpose, Fetch
 * standard; Purpose and X-Moz of older browsers). */
bool client_is_prefetching(const struct request *request);

/* Whether a page of another site sent the request: of neither `site.url` nor the frontend that may
 * read the API (`http.cors_origin`). Known by Sec-Fetch-Site, or by Origin where the browser does
 * not send that. */
bool client_is_cross_site(const struct request *request, const struct config *config);

#endif
