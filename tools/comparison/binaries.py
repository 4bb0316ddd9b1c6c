"""The two binaries: their commands, their servers and the clock that they see."""

import glob
import os
import re
import select
import signal
import sqlite3
import subprocess
from dataclasses import dataclass

from comparison.wire import Connection

FAKETIME = next(iter(glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")), None)
COMMAND_S = 20
START_S = 20
STOP_S = 10
END_S = 0.2
DATABASE = "paper.db"
# Durations, ports, and the figures of the cache, which depend on how often Pair.wait_for asked.
UNSTEADY = ((re.compile(rb"lines in \d+\.\d s"), b"lines in - s"),
            (re.compile(rb"(?m)^.*info: the cache had .*\n"), b""),
            (re.compile(rb"(?<=127\.0\.0\.1:)\d+"), b"-"))


class Failure(Exception):
    """What is said to the user in one line."""


def steady(output):
    for pattern, mask in UNSTEADY:
        output = pattern.sub(mask, output)
    return output


class Clock:
    """The clock of both binaries: a file with a time, which libfaketime reads. The clock stands
    still until it is moved."""

    def __init__(self, folder):
        if not FAKETIME:
            raise Failure("faketime is missing; tools/deps test installs it")
        self.file = folder / "clock"

    def move(self, instant):
        """Sets the clock to a datetime. The file is replaced, so that nobody reads half of it."""
        new = self.file.with_suffix(".new")
        new.write_text(str(int(instant.timestamp())))
        os.replace(new, self.file)

    def environment(self):
        # The file has seconds since 1970, because libfaketime reads a civil time in the zone that
        # the process has set. The monotonic clock must go on: the server sleeps by it.
        return {"LD_PRELOAD": FAKETIME, "FAKETIME_TIMESTAMP_FILE": str(self.file),
                "FAKETIME_FMT": "%s", "FAKETIME_NO_CACHE": "1", "FAKETIME_DISABLE_SHM": "1",
                "DONT_FAKE_MONOTONIC": "1", "NO_FAKE_STAT": "1", "TZ": "UTC"}


@dataclass
class Ran:
    """How a command ended and what it printed."""

    status: int  # -1 when it did not end
    out: bytes
    err: bytes


class Side:
    """One of the two binaries, in a folder of its own. All paths in its command lines are relative
    to that folder, so that both sides get the same command lines."""

    def __init__(self, name, binary, folder, clock):
        self.name, self.binary, self.folder, self.clock = name, binary, folder, clock
        self.server = self.connection = None
        folder.mkdir()

    def clear(self):
        """Removes the database and the files that belong to it."""
        for file in self.folder.glob(DATABASE + "*"):
            file.unlink()

    def environment(self, settings):
        given = {name: value for name, value in os.environ.items()
                 if not name.startswith(("KHOBOR_", "FAKETIME", "LD_"))}
        for name, value in settings.items():
            given["KHOBOR_" + name.upper().replace(".", "_")] = str(value)
        return given | self.clock.environment()

    def begin(self, arguments, settings=None, stdin=b""):
        """Starts a command. Returns a function that waits for its end and returns a Ran."""
        process = subprocess.Popen([self.binary, *arguments], cwd=self.folder,
                                   env=self.environment(settings or {}), stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)

        def end():
            try:
                out, err = process.communicate(stdin, COMMAND_S)
            except subprocess.TimeoutExpired:
                process.kill()
                out, err = process.communicate()
                return Ran(-1, out, err)
            return Ran(process.returncode, steady(out), steady(err))
        return end

    def run(self, *arguments):
        return self.begin(arguments)()

    def schema(self):
        """The version of the database's schema; None when the import made no database."""
        file = self.folder / DATABASE
        if not file.exists():
            return None
        database = sqlite3.connect(file)
        version = database.execute("PRAGMA user_version").fetchone()[0]
        database.close()
        return version

    def serve(self, settings, options=()):
        with (self.folder / "log").open("wb") as log:
            self.server = subprocess.Popen(
                [self.binary, "serve", "--database", DATABASE, "--listen", "127.0.0.1:0", *options],
                cwd=self.folder, env=self.environment(settings), stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=log)
        ready = select.select([self.server.stdout], [], [], START_S)[0]
        line = self.server.stdout.readline() if ready else b""
        if b"listening on http://127.0.0.1:" not in line:
            said = (self.folder / "log").read_text(errors="replace").strip()
            raise Failure(f"{self.name} does not serve: {said or 'it says nothing'}")
        self.port = int(line.rpartition(b":")[2])
        self.connection = Connection(self.port)

    def health(self):
        return self.run("health", "--listen", f"127.0.0.1:{self.port}")

    def has_ended(self):
        """Whether the server ended by itself. One that crashed may take a moment to."""
        try:
            self.server.wait(END_S)
        except subprocess.TimeoutExpired:
            return False
        return True

    def stop(self):
        """Ends the server with SIGTERM; returns its exit status and its log as a Ran."""
        self.connection.close()
        self.server.send_signal(signal.SIGTERM)
        try:
            status = self.server.wait(STOP_S)
        except subprocess.TimeoutExpired:
            status = -1
        self.kill()
        return Ran(status, b"", steady((self.folder / "log").read_bytes()))

    def kill(self):
        """Ends the server if it still runs."""
        if self.server:
            if self.server.poll() is None:
                self.server.kill()
                self.server.wait()
            self.server.stdout.close()
        self.server = None


def both(sides, line):
    """Runs a command line with both binaries at once."""
    ends = [side.begin(line.arguments, line.settings, line.stdin) for side in sides]
    return [end() for end in ends]
