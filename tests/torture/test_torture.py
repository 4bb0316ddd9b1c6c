"""Each allocation and each step of SQLite's fails once, for each kind of request: the response is
the right one, a clean error, or none, and never another 200; the server lives on."""

import mmap
import os
import struct
import subprocess
import sys
from pathlib import Path

import pytest
import requests

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "http"))

from khobor import ROOT, Paper  # noqa: E402 # pylint: disable=wrong-import-position

# How many points of each kind of request are met; 0: all.
POINTS = int(os.environ.get("KHOBOR_POINTS", "12"))
ALLOCATIONS, STATEMENTS = 0, 1
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0"
TARGETS = {
    "article": "/api/v1/articles/1?include=related,most_read,latest", "latest": "/api/v1/latest",
    "next page": "/api/v1/articles?limit=2&page=2", "section": "/api/v1/sections/sports?limit=5",
    "sections": "/api/v1/sections", "front": "/api/v1/front", "site": "/api/v1/site",
    "most read": "/api/v1/most-read?window=all", "trending": "/api/v1/trending",
    "tag": "/api/v1/articles?tag=নদী", "unknown tag": "/api/v1/articles?tag=none",
    "page front": "/", "page article": "/national/1", "feed": "/feed.json", "rss": "/rss.xml",
    "sitemap": "/sitemap.xml", "not found": "/nothing", "bad": "/api/v1/latest?limit=x",
    "redirect": "/articles/1",
}


class Control:
    """The file that says what fails."""

    def __init__(self, folder):
        self.path = folder / "control"
        self.path.write_bytes(bytes(4096))
        with open(self.path, "r+b") as file:
            self.bytes = mmap.mmap(file.fileno(), 4096)

    def arm(self, kind, fails_at):
        struct.pack_into("=4q", self.bytes, 0, kind, 0, 0, 0)
        struct.pack_into("=q", self.bytes, 8, fails_at)

    def disarm(self):
        """How many calls there were, and whether one failed."""
        struct.pack_into("=q", self.bytes, 8, 0)
        _, _, calls, failed = struct.unpack_from("=4q", self.bytes)
        return calls, bool(failed)


@pytest.fixture(scope="module")
def tortured(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tortured")
    library = folder / "fail_at.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library,
                    ROOT / "tests/torture/fail_at.c"], check=True)
    control, paper = Control(folder), Paper(folder)
    assert paper.run("import", "--demo").status == 0
    os.environ.update(LD_PRELOAD=str(library), TORTURE=str(control.path))
    try:
        server = paper.serve({"http.threads": 1, "http.cache_kb": 0, "site.url": "http://x.example"})
    finally:
        del os.environ["LD_PRELOAD"], os.environ["TORTURE"]
    yield control, server
    paper.close()


def ask(server, target, encoding):
    """What is compared of a response; None when there is none."""
    try:
        answer = requests.get(server.url + target, timeout=10, stream=True, allow_redirects=False,
                              headers={"User-Agent": FIREFOX, "Accept-Encoding": encoding,
                                       "Connection": "close"})
        headers = {name: value for name, value in answer.headers.items() if name != "Date"}
        return answer.status_code, headers, answer.raw.read(decode_content=False)
    except requests.RequestException:
        return None


@pytest.mark.parametrize("encoding", ["identity", "gzip", "br"])
@pytest.mark.parametrize("kind", [ALLOCATIONS, STATEMENTS])
@pytest.mark.parametrize("name", TARGETS)
def test_a_single_failure_gives_no_wrong_response(tortured, name, kind, encoding):
    control, server = tortured
    target = TARGETS[name]
    right, plain = ask(server, target, encoding), ask(server, target, "identity")
    control.arm(kind, 1 << 40)
    assert ask(server, target, encoding) == right
    calls, _ = control.disarm()
    wrong = []
    step = 1 if POINTS == 0 else max(1, calls // POINTS)
    for point in range(1, calls + 1, step):
        control.arm(kind, point)
        answer = ask(server, target, encoding)
        control.disarm()
        assert server.process.poll() is None, (point, server.logged()[-1000:])
        # What can't be compressed may be sent as it is.
        if answer not in (None, right, plain) and answer[0] < 400:
            wrong.append(f"{point}: " + " ".join(
                f"{k}: {answer[1].get(k)}" for k in right[1] if answer[1].get(k) != right[1][k]) +
                repr(answer[2][:3000] if encoding == "identity" else ""))
    assert not wrong, "\n".join(wrong)
    assert ask(server, target, encoding) == right
