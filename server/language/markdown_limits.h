/* Limits on what an article's Markdown may cost.
 *
 * It is rendered when a reader requests it, on a serving thread that other readers wait for. Some
 * Markdown costs more than in proportion to its length: brackets by the square of their number,
 * nested blocks by their depth times the lines after them. No article needs so many of these, so
 * they are refused when the article is imported.
 */
#ifndef KHOBOR_LANGUAGE_MARKDOWN_LIMITS_H
#define KHOBOR_LANGUAGE_MARKDOWN_LIMITS_H

#include "base/status.h"

#include <stddef.h>

/* STATUS_INVALID with a fault on "body" when `body` has too many brackets, quotes and other marks,
 * lines, or blocks nested at the beginning of a line. */
enum status markdown_check_limits(const char *body, size_t len, struct fault *fault) MUST_CHECK;

#endif
