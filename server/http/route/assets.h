/* Handlers of the theme's assets: /assets/{hash}/{name} and /favicon.ico. */
#ifndef KHOBOR_HTTP_ROUTE_ASSETS_H
#define KHOBOR_HTTP_ROUTE_ASSETS_H

#include "http/route/routes.h"

extern route_handler handle_asset, handle_favicon;

#endif
