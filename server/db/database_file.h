/* Notices that the database's file was replaced or overwritten behind SQLite's back, as by `cp
 * backup paper.db`: the WAL that lies next to it belongs to the file before, and would be replayed
 * onto the new one.
 *
 * In WAL mode only a checkpoint writes the main file. Every process of Khobor's records the file's
 * inode, size and time of change in NAME-serve after each of its checkpoints, and says before it
 * that one is under way. Any other change is another program's. database_file.c has the rules.
 */
#ifndef KHOBOR_DB_DATABASE_FILE_H
#define KHOBOR_DB_DATABASE_FILE_H

#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

struct database_file;

/* Whether a path can be a database's: STATUS_UNUSABLE with a fault for a folder, for a file in a
 * folder that does not exist, and for a file of another program. To be checked before files are
 * created next to the database. */
enum status database_file_check_path(const char *path, struct fault *fault) MUST_CHECK;

/* Both checks for a command that only reads, which creates no file next to the database. */
enum status database_file_check_reading(const char *path, struct fault *fault) MUST_CHECK;

/* Opens the file NAME-serve, which is also the lock of servers, as side_file_open does. */
enum status database_file_open_lock(const char *path, int *fd, struct fault *fault) MUST_CHECK;

/* Opens NAME-serve of the database at `path`, creating it if need be. Statuses as of
 * side_file_open, STATUS_NO_MEMORY. The caller closes it, after SQLite's connections: closing any
 * descriptor of the main file unlocks it for SQLite. */
enum status database_file_open(const char *path, struct database_file **file,
                               struct fault *fault) MUST_CHECK;

/* `file` may be NULL. */
void database_file_close(struct database_file *file);

/* Whether the file and the WAL next to it belong together, as far as the record tells: to be called
 * with the write lock held, before SQLite opens them. STATUS_UNUSABLE with a fault that says what
 * to do. */
enum status database_file_check_wal(struct database_file *file, struct fault *fault) MUST_CHECK;

/* Enclose what may write the main file; with the write lock held. begin fails (STATUS_FAILED) when
 * the record can't be written: then the main file must not be. */
enum status database_file_begin_checkpoint(struct database_file *file) MUST_CHECK;
void database_file_end_checkpoint(struct database_file *file);

/* Whether SQLite may write. Its index of the WAL, NAME-shm, is mapped by all connections. On a disk
 * that copies on write, a store into it may need a new block, and ends the process (SIGBUS) when
 * there is none: there, writing ends some MiB before the disk is full. */
bool database_file_has_room(const struct database_file *file);

/* Whether the main file is as the record says, or a checkpoint is under way. Cheap: four system
 * calls. */
bool database_file_is_same(struct database_file *file);

/* Whether the record says that a checkpoint is under way. With the write lock held, it is that of a
 * process that died: database_file_end_checkpoint then records how it left the file. */
bool database_file_is_under_way(const struct database_file *file);

/* Says that this process, or another of Khobor's, has committed, so that there was a WAL. */
void database_file_note_commit(struct database_file *file);

/* To be called when it is not the same, with the write lock held. `others_committed`: another
 * program has committed since the last time it was the same, and may have moved its WAL;
 * `moved_frames`: how many frames of the WAL are in the main file. Accepts and records what a
 * checkpoint explains; otherwise STATUS_UNUSABLE with a fault: the file was replaced. */
enum status database_file_explain(struct database_file *file, bool others_committed,
                                  int64_t moved_frames, struct fault *fault) MUST_CHECK;

/* Whether no other process has the file open for writing, from now until it is closed: for a
 * command that replaces it. STATUS_BUSY with a fault. */
enum status database_file_lock_alone(struct database_file *file, struct fault *fault) MUST_CHECK;

/* Whether the main file was there when it was opened, or has been created since. */
bool database_file_exists(const struct database_file *file);

/* Locks the database's inode against another server, which may have reached it by another name.
 * Unlocked by database_file_close, which must come after SQLite's connections are closed. */
enum status database_file_lock(struct database_file *file, struct fault *fault) MUST_CHECK;

/* For a process that only writes: whether a server has the database's inode locked, and reached it
 * by another name, whose locks and WAL are others. STATUS_BUSY with a fault. */
enum status database_file_check_name(struct database_file *file, struct fault *fault) MUST_CHECK;

/* Bytes of the WAL; 0 when there is none. */
int64_t database_file_wal_bytes(const struct database_file *file);

#endif
