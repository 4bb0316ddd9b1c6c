/* IP addresses and networks. An IPv4 address is stored as an IPv4-mapped IPv6 address (RFC 4291
 * §2.5.5.2), so that the same address has the same bytes whichever kind of socket it came from. */
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

/* The address of a socket, without its port; false when it is not an IP address. */
bool address_of_socket(const struct sockaddr *socket, struct address *address);

/* Parses 192.0.2.1 or 2001:db8::1; false for anything else, and *address may have changed then. */
bool address_parse(const char *text, size_t len, struct address *address);

/* Whether the address is in 127.0.0.0/8 or is ::1. */
bool address_is_loopback(const struct address *address);

/* Clears the bits that one customer of a provider chooses freely: none of an IPv4 address, the last
 * 64 of an IPv6 address, as a host gives itself any number of addresses in its /64 (RFC 8981). */
void address_mask_host(struct address *address);

struct network {
    struct address address;
    int bits; /* how many of the first bits count: 0 to 128, so 96 more for an IPv4 network */
};

struct networks {
    struct network networks[NETWORKS_MAX];
    int len;
};

/* Parses addresses and networks like 10.0.0.0/8, separated by commas or white space; an empty text
 * has none. STATUS_INVALID, with a fault on `field` that quotes the first bad part, when one is
 * neither or there are more than NETWORKS_MAX. */
enum status networks_parse(const char *text, const char *field, struct networks *networks,
                           struct fault *fault) MUST_CHECK;

/* Whether the address is in one of the networks. */
bool networks_have(const struct networks *networks, const struct address *address);

#endif
