"""Finds differences and prints them, one line for each address."""

from fnmatch import fnmatchcase
from itertools import zip_longest

EXCERPT_BEFORE, EXCERPT_AFTER = 24, 48
VALUE_CHARACTERS = 60
FOLLOWS_THE_BODY = ("etag", "content-length")


def shown(data, begin=0, end=None):
    """A part of bytes or a text in quotes, on one line."""
    if isinstance(data, bytes):
        data = data[begin:end].decode(errors="replace").strip("\ufffd")
    else:
        data = data[begin:end]
    return '"' + "".join(c if c.isprintable() else repr(c)[1:-1] for c in data) + '"'


def excerpts(old, new):
    """Where two byte strings begin to differ and what each has there; "" if they are equal."""
    if old == new:
        return ""
    at = next(i for i, (a, b) in enumerate(zip_longest(old, new)) if a != b)
    begin, end = max(0, at - EXCERPT_BEFORE), at + EXCERPT_AFTER
    return f"at byte {at} {shown(old, begin, end)} | {shown(new, begin, end)}"


def by_name(headers):
    values = {}
    for name, value in headers:
        values.setdefault(name, []).append(value)
    return values


def header_differences(old, new, body_differs):
    ours, theirs = by_name(old.headers), by_name(new.headers)
    differing = [name for name in {**ours, **theirs} if ours.get(name) != theirs.get(name)]
    following = [name for name in differing if body_differs and name.lower() in FOLLOWS_THE_BODY]
    for name in differing:
        if name not in following:
            values = [shown(", ".join(side[name]), 0, VALUE_CHARACTERS) if name in side else "none"
                      for side in (ours, theirs)]
            yield f"header {name} {' | '.join(values)}"
    if following:
        yield "headers " + ", ".join(following)
    if not differing and old.headers != new.headers:
        yield "order of headers " + " | ".join(
            ", ".join(name for name, _ in side.headers) for side in (old, new))


def response_difference(old, new):
    """What differs between two responses; "" if they are equal."""
    if old == new:
        return ""
    if not old or not new:
        return "response " + " | ".join(side.status if side else "none" for side in (old, new))
    found = []
    if old.status != new.status:
        found.append(f"status {shown(old.status)} | {shown(new.status)}")
    body_differs = old.body != new.body
    if body_differs and old.header("Content-Encoding"):
        found.append(f"body of {len(old.body)} | {len(new.body)} bytes, compressed")
    elif body_differs:
        found.append("body " + excerpts(old.body, new.body))
    found += header_differences(old, new, body_differs)
    return "; ".join(found)


def run_differences(old, new):
    """(where, what differs) for two runs of a command."""
    if old.status != new.status:
        yield "exit status", f"{old.status} | {new.status}"
    yield "standard output", excerpts(old.out, new.out)
    yield "standard error", excerpts(old.err, new.err)


class Report:
    """Counts what is compared and prints what differs."""

    def __init__(self, ignored):
        self.ignored = ignored
        self.compared = self.differing = 0

    def ignores(self, address):
        return any(fnmatchcase(address, pattern) for pattern in self.ignored)

    def add(self, address, differences, phase=""):
        """Counts an address. `differences` has (variant, what differs) for each of its requests;
        the plain request is the variant "", and no difference is ""."""
        found = [(variant, text) for variant, text in differences if text]
        if self.ignores(address):
            return
        self.compared += 1
        if not found:
            return
        self.differing += 1
        variant, text = found[0]
        others = [name for name, _ in found[1:]]
        print(f"{phase + ': ' if phase else ''}{shown(address)[1:-1]}"
              f"{' (' + variant + ')' if variant else ''}: {text}"
              f"{'; also ' + ', '.join(others) if others else ''}", flush=True)
