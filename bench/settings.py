"""What the programs of bench/ share: settings, needed programs, a working folder, the end."""

import fcntl
import os
import resource
import shutil
import signal
import sys
from contextlib import contextmanager

from processes import Failure
from servers import TOOLS_PATH


def number(name, default):
    text = os.environ.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or int(text) == 0:
        raise Failure(f"{name} must be a whole number from 1, not '{text}'")
    return int(text)


def needed(tools, files):
    """Stops at the beginning if a program is missing that is needed later."""
    for tool in tools:
        if not shutil.which(tool, path=TOOLS_PATH):
            raise Failure(f"{tool} is missing; tools/deps bench installs it")
    for file in files:
        if not file.exists():
            raise Failure(f"{file} is missing; make bench builds it")


def raise_limits(files_wanted):
    """Raises the limit of open files to what is allowed, and returns it."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    for files in (max(files_wanted, most), most):
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (files, max(files, most)))
            return files
        except (ValueError, OSError):
            continue
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


@contextmanager
def work_folder(build):
    """An empty folder for one run, removed at its end; refuses a second run in the same build."""
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
    """Runs a program: an error is one line, and its servers end with it."""
    signal.signal(signal.SIGTERM, end)
    try:
        main(sys.argv[1:])
    except Failure as failure:
        print(f"bench: {failure}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
