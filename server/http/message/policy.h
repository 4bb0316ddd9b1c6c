/* What browsers are told that they may do with an answer. */
#ifndef KHOBOR_HTTP_MESSAGE_POLICY_H
#define KHOBOR_HTTP_MESSAGE_POLICY_H

#include "http/message/response.h"
#include "http/message/worker.h"

/* Lets scripts of the origin that the settings name read the answer. */
void add_cors(const struct worker *worker, struct response *response);

/* What keeps a page from doing harm, whatever was written into it. */
void add_page_safety(struct response *response);

#endif
