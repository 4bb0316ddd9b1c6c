/* Parses and compares addresses as 16 bytes, so that IPv4 and IPv6 share one way. A network is an
 * address and how many of its first bits count. */
#include "base/address.h"

#include <arpa/inet.h>
#include <assert.h>
#include <netinet/in.h>
#include <string.h>

enum {
    MAPPED_BYTES = 12,
    ADDRESS_BITS = ADDRESS_BYTES * 8,
    MAPPED_BITS = MAPPED_BYTES * 8,
    SITE_BYTES = 8,
    BITS_DIGITS_MAX = 3,
};

static const unsigned char mapped[MAPPED_BYTES] = {[10] = 0xFF, [11] = 0xFF};

static bool is_mapped(const struct address *address)
{
    return memcmp(address->bytes, mapped, MAPPED_BYTES) == 0;
}

static void map(const void *four, struct address *address)
{
    memcpy(address->bytes, mapped, MAPPED_BYTES);
    memcpy(address->bytes + MAPPED_BYTES, four, ADDRESS_BYTES - MAPPED_BYTES);
    assert(is_mapped(address));
}

bool address_of_socket(const struct sockaddr *socket, struct address *address)
{
    if (socket->sa_family == AF_INET6) {
        const struct sockaddr_in6 *six = (const void *)socket;
        memcpy(address->bytes, &six->sin6_addr, ADDRESS_BYTES);
        return true;
    }
    if (socket->sa_family == AF_INET) {
        const struct sockaddr_in *four = (const void *)socket;
        map(&four->sin_addr, address);
        return true;
    }
    return false;
}

bool address_parse(const char *text, size_t len, struct address *address)
{
    char copy[INET6_ADDRSTRLEN];
    struct in_addr four;
    if (len == 0 || len >= sizeof copy || memchr(text, '\0', len))
        return false;
    memcpy(copy, text, len);
    copy[len] = '\0';
    if (inet_pton(AF_INET, copy, &four) == 1) {
        map(&four, address);
        return true;
    }
    return inet_pton(AF_INET6, copy, address->bytes) == 1;
}

bool address_is_loopback(const struct address *address)
{
    if (is_mapped(address))
        return address->bytes[MAPPED_BYTES] == 127;
    return IN6_IS_ADDR_LOOPBACK((const struct in6_addr *)(const void *)address->bytes);
}

void address_mask_host(struct address *address)
{
    if (!is_mapped(address))
        memset(address->bytes + SITE_BYTES, 0, ADDRESS_BYTES - SITE_BYTES);
}

static bool network_parse(const char *text, size_t len, struct network *network)
{
    const char *slash = memchr(text, '/', len);
    size_t address_len = slash ? (size_t)(slash - text) : len;
    if (!address_parse(text, address_len, &network->address))
        return false;
    network->bits = ADDRESS_BITS;
    if (!slash)
        return true;
    size_t digits = len - address_len - 1;
    if (digits == 0 || digits > BITS_DIGITS_MAX)
        return false;
    network->bits = is_mapped(&network->address) ? MAPPED_BITS : 0;
    int bits = 0;
    for (const char *digit = slash + 1; digit < text + len; digit++) {
        if (*digit < '0' || *digit > '9')
            return false;
        bits = bits * 10 + (*digit - '0');
    }
    network->bits += bits;
    return network->bits <= ADDRESS_BITS;
}

enum status networks_parse(const char *text, const char *field, struct networks *networks,
                           struct fault *fault)
{
    static const char separators[] = ", \t";
    networks->len = 0;
    for (const char *at = text + strspn(text, separators); *at; at += strspn(at, separators)) {
        size_t len = strcspn(at, separators);
        if (networks->len == NETWORKS_MAX)
            return fault_set(fault, STATUS_INVALID, field, "has more than %d networks",
                             NETWORKS_MAX);
        if (!network_parse(at, len, &networks->networks[networks->len]))
            return fault_set(fault, STATUS_INVALID, field,
                             "must be addresses like 192.0.2.1 or networks like 10.0.0.0/8 with "
                             "commas between, got \"%.*s\"",
                             len < 60 ? (int)len : 60, at);
        networks->len++;
        at += len;
    }
    return STATUS_OK;
}

static bool network_has(const struct network *network, const struct address *address)
{
    assert(network->bits >= 0 && network->bits <= ADDRESS_BITS);
    int bytes = network->bits / 8, rest = network->bits % 8;
    if (memcmp(network->address.bytes, address->bytes, (size_t)bytes) != 0)
        return false;
    unsigned char mask = (unsigned char)(0xFF << (8 - rest));
    return rest == 0 || ((network->address.bytes[bytes] ^ address->bytes[bytes]) & mask) == 0;
}

bool networks_have(const struct networks *networks, const struct address *address)
{
    assert(networks->len >= 0 && networks->len <= NETWORKS_MAX);
    for (int i = 0; i < networks->len; i++) {
        if (network_has(&networks->networks[i], address))
            return true;
    }
    return false;
}
