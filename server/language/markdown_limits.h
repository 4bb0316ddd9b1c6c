/* What an article's Markdown may cost.
 *
 * It is rendered when a reader asks for it, on a serving thread that others wait for. Some Markdown
 * costs a renderer more than its length: brackets by their square, nested blocks by their depth
 * times the lines behind them. No article needs so many, so they are refused when it comes in.
 */
#ifndef KHOBOR_LANGUAGE_MARKDOWN_LIMITS_H
#define KHOBOR_LANGUAGE_MARKDOWN_LIMITS_H

#include "base/status.h"

#include <stddef.h>

/* STATUS_INVALID with a fault on "body" when `body` has too many brackets, lines, or blocks nested
 * at the beginning of a line. */
enum status markdown_check_limits(const char *body, size_t len, struct fault *fault) MUST_CHECK;

#endif
