"""What the programs of bench/ share: numbers from the environment, a folder to work in, an end."""

import fcntl
import os
import shutil
import signal
import sys
from contextlib import contextmanager

from processes import Failure


def number(name, default):
    text = os.environ.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or int(text) == 0:
        raise Failure(f"{name} must be a whole number from 1, not '{text}'")
    return int(text)


@contextmanager
def work_folder(build):
    """An empty folder for one run, gone at its end; a second run in the same build is refused."""
    build.mkdir(parents=True, exist_ok=True)
    with (build / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Failure(f"another run is at work in {build}") from None
        work = build / "work"
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()
        try:
            yield work
        finally:
            shutil.rmtree(work, ignore_errors=True)


def end(signum, frame):
    del frame
    raise SystemExit(128 + signum)


def run_main(main):
    """Runs a program; what it can't do is said in one line, and its servers end with it."""
    signal.signal(signal.SIGTERM, end)
    try:
        main(sys.argv[1:])
    except Failure as failure:
        print(f"bench: {failure}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
