/* What browsers are told that they may do with an answer. */
#ifndef KHOBOR_HTTP_POLICY_H
#define KHOBOR_HTTP_POLICY_H

#include "http/desk.h"
#include "http/reply.h"

/* Lets scripts of the origin that the settings name read the answer. */
void add_cors(const struct desk *desk, struct reply *reply);

/* What keeps a page from doing harm, whatever was written into it. */
void add_page_safety(struct reply *reply);

#endif
