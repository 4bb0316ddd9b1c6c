"""Processes that a run starts: their CPU and memory, and ending them by their id."""

import ctypes
import os
import select
import signal
import socket
import subprocess
import time
from pathlib import Path

TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
LISTENING = b"listening on http://127.0.0.1:"
START_S = 60  # a large paper's rankings are read before a server listens
STOP_S = 20
PR_SET_PDEATHSIG = 1

libc = ctypes.CDLL(None)


class Failure(Exception):
    """An error that the user is told in one line."""


def die_with_parent():
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def free_port():
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


def stat_fields(pid):
    """The fields of /proc/PID/stat from the third on; the name before them may have any bytes."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def children(pid):
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and int(stat_fields(entry.name)[1]) == pid:
                found.append(int(entry.name))
        except (FileNotFoundError, ProcessLookupError):
            pass  # it has ended
    return found


class Process:
    """A server on a port of 127.0.0.1."""

    def __init__(self, name, command, folder, port=None, environment=None):
        self.name, self.folder = name, folder
        self.log = folder / f"{name}.log"
        with self.log.open("wb") as log:
            self.popen = subprocess.Popen(
                [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=log, env=environment, preexec_fn=die_with_parent)
        try:
            self.port = self.await_port(port) if port else self.read_port()
        except BaseException:
            self.stop()
            raise

    def failed(self):
        said = self.log.read_text(errors="replace").strip().splitlines()
        return Failure(f"{self.name} did not start: {said[-1] if said else 'it said nothing'}")

    def read_port(self):
        """Reads it from the line that the server prints."""
        if not select.select([self.popen.stdout], [], [], START_S)[0]:
            raise self.failed()
        line = self.popen.stdout.readline()
        if LISTENING not in line:
            raise self.failed()
        return int(line.rpartition(b":")[2])

    def await_port(self, port):
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline and self.popen.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                return port
            except ConnectionRefusedError:
                time.sleep(0.02)
        raise self.failed()

    def pids(self):
        return [self.popen.pid, *children(self.popen.pid)]

    def cpu_s(self):
        """User and system time of all threads, and of child processes, so far."""
        fields = [stat_fields(pid) for pid in self.pids()]
        return sum(int(of[11]) + int(of[12]) for of in fields) / TICKS_A_SECOND

    def resident_bytes(self):
        total = 0
        for pid in self.pids():
            status = Path(f"/proc/{pid}/status").read_text()
            total += 1024 * int(status.partition("VmRSS:")[2].split()[0])
        return total

    def check(self):
        if self.popen.poll() is not None:
            raise Failure(f"{self.name} ended by itself; see {self.log}")

    def stop(self):
        self.popen.terminate()
        try:
            self.popen.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.popen.kill()
            self.popen.wait()
        self.popen.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.stop()
