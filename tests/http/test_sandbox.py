"""What a running server has given up, as the kernel sees it."""

from pathlib import Path

from khobor import SANITIZED


def limits(server):
    """The lines of /proc/PID/status of all threads, as sets of values."""
    found = {"NoNewPrivs": set(), "Seccomp": set()}
    for status in Path(f"/proc/{server.process.pid}/task").glob("*/status"):
        for line in status.read_text(encoding="ascii").splitlines():
            name, _, value = line.partition(":")
            if name in found:
                found[name].add(int(value))
    return found


def test_every_thread_is_limited_to_the_calls_it_needs(paper):
    """A sanitizer needs more system calls, so there is no filter then."""
    assert limits(paper.serve()) == {"NoNewPrivs": {1}, "Seccomp": {0 if SANITIZED else 2}}


def test_the_limit_of_calls_can_be_turned_off(paper):
    server = paper.serve({"process.seccomp": "off", "process.landlock": "off"})
    assert limits(server) == {"NoNewPrivs": {1}, "Seccomp": {0}}
