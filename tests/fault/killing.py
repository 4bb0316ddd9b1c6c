"""Ends a command just before its n-th call that changes a file, as kill -9 at that moment would."""

import functools
import os
import signal
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

from khobor import BINARY, environment, eventually

SOURCE = Path(__file__).with_name("kill_at.c")
# How many kills a test makes; each call of a command is met when it is 0.
KILLS = int(os.environ.get("KHOBOR_KILLS", "10"))


@functools.lru_cache(maxsize=None)
def library():
    """The library that kills, built once."""
    made = Path(tempfile.mkdtemp(prefix="khobor-kill-")) / "kill_at.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", made, SOURCE], check=True)
    return made


@contextmanager
def stopped_opening(paper, arguments, ending):
    """A command that is stopped before it opens a file while the block runs, and goes on then."""
    env = {**environment(), "LD_PRELOAD": str(library()), "STOP_OPENING": ending,
           "ASAN_OPTIONS": "verify_asan_link_order=0"}
    command, *rest = map(str, arguments)
    with subprocess.Popen([BINARY, command, "--database", paper.database, *rest], env=env,
                          stdout=subprocess.DEVNULL) as process:
        stat = Path(f"/proc/{process.pid}/stat")
        eventually(lambda: stat.read_text().rsplit(")", 1)[1].split()[0] == "T", 20)
        try:
            yield
        finally:
            process.send_signal(signal.SIGCONT)
        assert process.wait(60) == 0


def run_killed(paper, arguments, kill_at):
    """Runs a command to its end or its n-th call; whether it was killed, and what it printed."""
    env = {**environment(), "LD_PRELOAD": str(library()), "KILL_AT": str(kill_at),
           "ASAN_OPTIONS": "verify_asan_link_order=0"}
    command, *rest = map(str, arguments)
    done = subprocess.run([BINARY, command, "--database", paper.database, *rest],
                          capture_output=True, text=True, env=env, timeout=60, check=False)
    assert done.returncode in (0, -9), (kill_at, done)
    return done.returncode == -9


def count_calls(paper, arguments):
    """How many calls a command makes that change a file."""
    told = Path(paper.folder) / "calls"
    env = {**environment(), "LD_PRELOAD": str(library()), "KILL_COUNT": str(told),
           "ASAN_OPTIONS": "verify_asan_link_order=0"}
    command, *rest = map(str, arguments)
    subprocess.run([BINARY, command, "--database", paper.database, *rest], capture_output=True,
                   env=env, timeout=60, check=True)
    calls = int(told.read_text())
    told.unlink()
    assert calls > 20
    return calls


def kills_among(calls):
    """Numbers of calls, the first and the last among them, as many as KHOBOR_KILLS says."""
    if KILLS == 0 or KILLS >= calls:
        return list(range(1, calls + 1))
    return sorted({1 + round(i * (calls - 1) / (KILLS - 1)) for i in range(KILLS)})
