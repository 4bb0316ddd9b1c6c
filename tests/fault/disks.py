"""Papers on a disk that can be filled up, made read-only, or made to fail.

The disk is a small tmpfs, for which root or a sudo without a password is needed. Who may mount
nothing, as root in a container, gets limits in its place: on the size of a process's files, which a
write meets as it meets the end of a disk, and on what it may write to at all.
"""

import ctypes
import os
import resource
import subprocess
import warnings

from khobor import Paper

DISK_BYTES = 8 << 20
COPYING_DISK_BYTES = 320 << 20  # the least that all versions of xfs take
BALLAST_BYTES = 4096  # what a disk has room for or has not
# Room for a server's log, and for less than a transaction takes in a WAL.
LIMIT_BYTES = 8192
PR_CAPBSET_DROP = 24


def as_root(*command):
    """Runs a command with root's rights; whether it went well."""
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    try:
        return subprocess.run([*sudo, *map(str, command)], capture_output=True,
                              check=False).returncode == 0
    except OSError:
        return False


def limit_files(size, process=0):
    """Lets a process (this one if 0) write no file beyond a size; None lifts the limit."""
    hard = resource.prlimit(process, resource.RLIMIT_FSIZE)[1]
    resource.prlimit(process, resource.RLIMIT_FSIZE, (hard if size is None else size, hard))


def give_up_privileges():
    """Lets the program that this process becomes write to what it may, and root no further."""
    libc = ctypes.CDLL(None, use_errno=True)
    capability = 0
    while libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0:
        capability += 1


class MountedPaper(Paper):
    """A paper on a disk of its own; the servers' logs are elsewhere."""

    def __init__(self, folder):
        super().__init__(folder)
        self.disk = folder / "disk"
        self.disk.mkdir()
        self.database = str(self.disk / "paper.db")
        self.is_mounted = self.mount()

    def mount(self):
        return as_root("mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES},mode=0777",
                       "khobor-tests", self.disk)

    def fill_disk(self, room=0):
        """Leaves room for so many bytes."""
        with open(self.disk / "ballast", "ab", buffering=0) as ballast:
            for chunk in (256 * BALLAST_BYTES, BALLAST_BYTES):
                try:
                    while ballast.write(bytes(chunk)) == chunk:
                        pass
                except OSError:
                    pass
            if room:
                ballast.truncate(ballast.tell() - room)

    def free_disk(self):
        (self.disk / "ballast").unlink()

    def protect_disk(self):
        """Makes it read-only. Nobody may have a file on it open for writing."""
        assert as_root("mount", "-o", "remount,ro", self.disk)

    def unprotect_disk(self):
        assert as_root("mount", "-o", "remount,rw", self.disk)

    def close(self):
        try:
            super().close()
        finally:
            # What still uses it must not keep it.
            if self.is_mounted and not as_root("umount", self.disk):
                assert as_root("umount", "--lazy", self.disk)


class CopyingPaper(MountedPaper):
    """A paper on a disk that writes a block elsewhere while a copy shares it: btrfs or xfs."""

    def __init__(self, folder, kind):
        self.kind = kind
        self.image = folder / "image"
        super().__init__(folder)

    def mount(self):
        with open(self.image, "wb") as image:
            image.truncate(COPYING_DISK_BYTES)
        return (as_root(f"mkfs.{self.kind}", "-q", self.image) and
                as_root("mount", "-o", "loop", self.image, self.disk) and
                as_root("chmod", "0777", self.disk))

    def share_blocks(self):
        """Makes a copy that shares all blocks; what is written from then on needs new ones."""
        if self.kind == "btrfs":
            assert as_root("btrfs", "subvolume", "snapshot", self.disk, self.disk / "copy")
        else:
            (self.disk / "copy").mkdir()
            subprocess.run(["cp", "-a", "--reflink=always", *self.disk.glob("paper.db*"),
                            self.disk / "copy"], check=True)

    def cut_power(self):
        """Loses what an xfs did not bring to its disk. Nobody may have a file on it open."""
        assert as_root("xfs_io", "-x", "-c", "shutdown", self.disk)
        assert as_root("umount", self.disk)
        assert as_root("mount", "-o", "loop", self.image, self.disk)

    def fill_disk(self, room=0):
        """What was reserved for blocks that are not written yet becomes room again by a sync."""
        super().fill_disk()
        os.sync()
        super().fill_disk(room)

    def free_disk(self):
        super().free_disk()
        os.sync()  # btrfs has the room only then


class LimitedPaper(Paper):
    """The same where nothing can be mounted: its processes meet limits instead of a disk's."""

    def __init__(self, folder):
        super().__init__(folder)
        self.disk = folder / "limited"
        self.disk.mkdir()
        self.database = str(self.disk / "paper.db")
        self.limit = None

    def begin(self):
        limit_files(self.limit)
        give_up_privileges()

    def serve(self, settings=None, **more):
        return super().serve(settings, preexec_fn=self.begin, **more)

    def run(self, command, *arguments, **more):
        return super().run(command, *arguments, preexec_fn=self.begin, **more)

    def set_limit(self, limit):
        self.limit = limit
        for server in self.servers:
            if server.process.poll() is None:
                limit_files(limit, server.process.pid)

    def fill_disk(self, room=0):
        self.set_limit(LIMIT_BYTES + room)

    def free_disk(self):
        self.set_limit(None)

    def set_modes(self, folder, file):
        for path in self.disk.iterdir():
            path.chmod(file)
        self.disk.chmod(folder)

    def protect_disk(self):
        self.set_modes(0o555, 0o444)

    def unprotect_disk(self):
        self.set_modes(0o755, 0o644)


def paper_on_a_small_disk(folder):
    mounted = MountedPaper(folder)
    if mounted.is_mounted:
        return mounted
    warnings.warn("a tmpfs can't be mounted here; limits of processes replace a disk's")
    return LimitedPaper(folder)
