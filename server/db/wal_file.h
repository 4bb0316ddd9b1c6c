/* Reads the WAL next to a database without SQLite, to tell a checkpoint from another change. */
#ifndef KHOBOR_DB_WAL_FILE_H
#define KHOBOR_DB_WAL_FILE_H

#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

/* A number of 32 bits as SQLite's files have it: its first byte is the highest. */
uint32_t wal_file_number(const unsigned char *bytes);

/* How the committed pages in the WAL compare with the main file. */
enum wal_state {
    WAL_EMPTY,   /* there are none */
    WAL_MOVED,   /* each is in the main file, as after a checkpoint */
    WAL_DIFFERS, /* one is not, or can't be read */
};

/* Compares the first `most` frames of the WAL of `database` with the main file, which is open as
 * `database_fd`. (Opening and closing it here would unlock it for SQLite: POSIX locks belong to the
 * process.) Takes time that grows with the WAL. */
enum wal_state wal_file_compare(const char *database, int database_fd, int64_t most);

/* The WAL's size; 0 when there is none. */
int64_t wal_file_bytes(const char *database);

#endif
