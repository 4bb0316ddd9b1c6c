/* IP addresses and networks of them. IPv4 is held as IPv4-mapped IPv6 (RFC 4291 §2.5.5.2), so that
 * an address has one spelling however it came. */
#ifndef KHOBOR_BASE_ADDRESS_H
#define KHOBOR_BASE_ADDRESS_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

enum {
    ADDRESS_BYTES = 16,
    NETWORKS_MAX = 64,
};

struct address {
    unsigned char bytes[ADDRESS_BYTES];
};

/* False when a socket's address is no IP address. */
bool address_of_socket(const struct sockaddr *socket, struct address *address);

/* Reads 192.0.2.1 or 2001:db8::1; false for anything else. */
bool address_parse(const char *text, size_t len, struct address *address);

/* Whether it is this machine's own: 127.0.0.0/8 or ::1. */
bool address_is_loopback(const struct address *address);

/* The part of an address that one customer of a network has: all of IPv4, a /64 of IPv6, in which
 * a host gives itself as many addresses as it likes (RFC 8981). */
void address_keep_site(struct address *address);

struct network {
    struct address address;
    int bits;
};

struct networks {
    struct network networks[NETWORKS_MAX];
    int len;
};

/* Reads addresses and networks like 10.0.0.0/8 with commas or spaces between; an empty text is
 * none. STATUS_INVALID with a fault that names `field` and the piece that is neither. */
enum status networks_parse(const char *text, const char *field, struct networks *networks,
                           struct fault *fault) MUST_CHECK;

bool networks_have(const struct networks *networks, const struct address *address);

#endif
