"""No stale response: while two other processes write, articles appear and views come, a response
shows at least what was committed before its request was sent. SQLite is slowed down at random, so
that readers and writers meet at other places each time.

KHOBOR_SEED sets what is random; `make soak` repeats this with new seeds.
"""

import os
import random
import re
import subprocess
import threading
import time
from pathlib import Path

import pytest
import requests
from khobor import PATIENCE, SANITIZED, a_reader, article, at, path_of, section

SEED = int(os.environ.get("KHOBOR_SEED") or 7)
SOURCE = Path(__file__).with_name("slow_sqlite.c")
WRITTEN = [f"a{number}" for number in range(1, 7)]  # articles whose headline changes
WRITES = 12  # of each of the two writers
READERS = 4
CLOCKS_S = 0.05  # a thread's coarse clock may be so late
LISTS = ["/api/v1/latest?limit=100", "/api/v1/articles?limit=100",
         "/api/v1/sections/national?limit=100", "/api/v1/articles?tag=T&limit=100", "/latest",
         "/national", "/feed.json", "/news-sitemap.xml"]
TURN = re.compile(r"Turn (\d+) of (\w+)\b")


@pytest.fixture(name="slow")
def slow_sqlite(tmp_path, monkeypatch):
    """Processes that are started from now on have a slow SQLite."""
    library = tmp_path / "slow_sqlite.so"
    subprocess.run(["cc", "-std=c11", "-D_GNU_SOURCE", "-O2", "-Wall", "-Werror", "-shared",
                    "-fPIC", "-o", library, SOURCE, "-ldl"], check=True)
    monkeypatch.setenv("LD_PRELOAD", str(library))
    monkeypatch.setenv("SLOW_SQLITE_SEED", str(SEED))
    if SANITIZED:
        monkeypatch.setenv("ASAN_OPTIONS", os.environ.get("ASAN_OPTIONS", "")
                           + ":verify_asan_link_order=0")
    print(f"KHOBOR_SEED={SEED}")


class World:
    """What is committed: the turn of each article, and from when on readers may see it."""

    def __init__(self, paper):
        self.paper = paper
        self.turns = {}
        self.appears = {}
        self.faults = []
        self.checked = 0
        self.reading = threading.Event()
        self.reading.set()

    def write(self, slug, turn, published_at):
        self.paper.load([article(slug, headline=f"Turn {turn} of {slug}", tags=["T"],
                                 published_at=at(published_at))])
        self.appears[slug] = int(published_at)
        self.turns[slug] = turn

    def committed(self):
        """(slug, turn) of what a request that is sent now must show."""
        now = time.time() - CLOCKS_S
        return {slug: turn for slug, turn in list(self.turns.items()) if self.appears[slug] <= now}


def write_turns(world, chance, published_at):
    """Changes published articles."""
    for turn in range(2, WRITES + 2):
        for slug in chance.sample(WRITTEN, 2):
            world.write(slug, turn, published_at)


def write_appearing(world):
    """Adds articles that appear by the clock alone, a second or two later."""
    for number in range(1, WRITES + 1):
        world.write(f"b{number}", 1, time.time() + 1 + number % 2)


def check(world, target, text, before, received):
    """A text that was asked for after `before` was committed, and was here at `received`."""
    shown = {}
    for turn, slug in TURN.findall(text):
        shown[slug] = min(int(turn), shown.get(slug, int(turn)))
    for slug, turn in before.items():
        if target in (path_of(slug), *LISTS):
            world.checked += 1
            if shown.get(slug, 0) < turn:
                world.faults.append(f"{target} shows turn {shown.get(slug)} of {slug}, not {turn}")
    for slug in shown:
        if world.appears.get(slug, 0) > received + CLOCKS_S:
            world.faults.append(f"{target} shows {slug} too early")


def read(world, server, seed):
    """Asks for lists and articles, with the tag of the last response each time."""
    chance, known = random.Random(seed), {}
    with requests.Session() as session:
        session.trust_env = False
        while world.reading.is_set():
            before = world.committed()
            slug = chance.choice(sorted(before))
            target = chance.choice(LISTS + [path_of(slug)] * 8)
            tag, text = known.get(target, ("", ""))
            answer = session.get(server.url + target, headers={"If-None-Match": tag} if tag else {},
                                 timeout=20)
            if answer.status_code not in (200, 304):
                world.faults.append(f"{target}: {answer.status_code}")
                continue
            if answer.status_code == 200:
                text = answer.content.decode()
                known[target] = (answer.headers.get("ETag", ""), text)
            check(world, target, text, before, time.time())


def post_views(world, server):
    """Gives the server's own writer something to store."""
    with requests.Session() as session:
        session.trust_env = False
        while world.reading.is_set():
            session.post(server.url + path_of("a1") + "/views", headers={"User-Agent": a_reader()},
                         timeout=20)
            time.sleep(0.01)


def run_all(world, server, published_at):
    chance = random.Random(SEED)
    writers = [threading.Thread(target=write_turns, args=(world, chance, published_at)),
               threading.Thread(target=write_appearing, args=(world,))]
    readers = [threading.Thread(target=read, args=(world, server, SEED + number))
               for number in range(READERS)]
    readers.append(threading.Thread(target=post_views, args=(world, server)))
    for thread in writers + readers:
        thread.start()
    try:
        for thread in writers:
            thread.join()
        # What is scheduled last appears while all are still reading.
        deadline = time.monotonic() + 10 * PATIENCE
        while len(world.committed()) < len(world.turns) and time.monotonic() < deadline:
            time.sleep(0.01)
    finally:
        world.reading.clear()
        for thread in readers:
            thread.join()


def test_no_response_is_older_than_what_was_committed_before_its_request(slow, paper):
    del slow
    published_at = time.time() - 600
    world = World(paper)
    paper.load([section()])
    for slug in WRITTEN:
        world.write(slug, 1, published_at)
    server = paper.serve()
    assert "slow_sqlite.so" in Path(f"/proc/{server.process.pid}/maps").read_text(encoding="ascii")
    run_all(world, server, published_at)
    assert world.faults[:10] == []
    assert len(world.committed()) == len(WRITTEN) + WRITES, "all were written, and appeared"
    assert world.checked > 1000
    server.stop()
    assert ": 0 hits, " not in server.logged()
