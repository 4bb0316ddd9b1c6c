"""A cached response is never seen once it is stale: from the end of an import its changes are in
all responses, for every client and connection, and whatever happened to the import."""

import itertools
import mmap
import random
import re
import sqlite3
import resource
import struct
import threading
import time
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from cached import (EDITION, SHOWING, change_row, counted_article, figures_of, is_everywhere,
                    recent)
from khobor import SOON, article, at, eventually, ndjson, path_of, redirect, section, views

CLIENTS = 20
IMPORTS = 60
KILLS = 12
COUNTER = re.compile(r"Counter (\d+)\b")
LISTS = ["/api/v1/sections/national", "/api/v1/latest", "/feed.json", "/", "/api/v1/front",
         "/api/v1/articles/1?include=latest", "/national/1/a", "/api/v1/articles?tag=T"]
ANNOUNCED_AT = 4  # in NAME-versions: commits that were announced


# What an import changed


class Reader(threading.Thread):
    """Sends requests over one connection until it is stopped. newest_of the counters in a response
    must be at least least() as it was when the request was sent."""

    def __init__(self, server, seed, least, targets, newest_of):
        super().__init__(daemon=True)
        self.wire = server.wire()
        self.least = least
        self.targets, self.newest_of = targets, newest_of
        self.random = random.Random(seed)
        self.leaving = threading.Event()
        self.asked = 0
        self.faults = []

    def run(self):
        try:
            with self.wire as wire:
                while not self.leaving.is_set():
                    self.ask(wire, self.random.choice(self.targets))
        except (OSError, AssertionError, AttributeError) as failure:
            self.faults.append(repr(failure))

    def ask(self, wire, target):
        least = self.least()
        answer = wire.ask("GET " + target)
        shown = [int(counter) for counter in COUNTER.findall(answer.body.decode())]
        self.asked += 1
        if answer.status != 200 or not shown or self.newest_of(shown) < least:
            self.faults.append((target, answer.status, shown, least))
            self.leaving.set()


@contextmanager
def reading(server, least, targets, newest_of):
    """Readers who send requests while the block of the `with` runs, and never see old counters."""
    readers = [Reader(server, seed, least, targets, newest_of) for seed in range(CLIENTS)]
    for reader in readers:
        reader.start()
    yield
    for reader in readers:
        reader.leaving.set()
    for reader in readers:
        reader.join()
    assert [reader.faults for reader in readers] == [[]] * CLIENTS
    assert all(reader.asked > 0 for reader in readers)


def test_nobody_sees_what_was_before_an_import_that_ended(paper):
    server = paper.load(EDITION).serve()
    ended = [0]
    with reading(server, lambda: ended[0], SHOWING, min):
        for counter in range(1, IMPORTS + 1):
            paper.load([counted_article(counter)])
            ended[0] = counter
    figures = figures_of(server)
    assert figures["hits"] > figures["stale"] > 0


def test_nobody_sees_what_was_before_an_article_appeared_by_itself(paper):
    """At each of some seconds that follow each other another one leads all lists."""
    begin = int(time.time()) + 2
    paper.load([section(), counted_article(0)])
    paper.load([article(f"n{number}", headline=f"Counter {number}", status="scheduled",
                        tags=["T"], published_at=at(begin + number)) for number in range(1, 4)])
    server = paper.serve({"http.threads": 4})
    # The server's clock may be a few milliseconds behind: it is read as cheaply as can be.
    with reading(server, lambda: max(0, min(3, int(time.time() - 0.02) - begin)), LISTS, max):
        eventually(lambda: time.time() > begin + 4, 10)
    assert figures_of(server)["hits"] > 0


def test_every_connection_sees_a_withdrawn_article_gone_at_once(paper):
    server = paper.load(EDITION).serve({"http.threads": 4})
    wires = [server.wire() for _ in range(CLIENTS)]
    for turn in range(6):
        withdrawn = turn % 2 == 1
        status = "withdrawn" if withdrawn else "published"
        paper.load([counted_article(turn, status=status)])
        for _ in range(2):  # from the database, then from the cache
            for wire, target in zip(wires, itertools.cycle(SHOWING)):
                answer = wire.ask("GET " + target)
                is_own = target in ("/api/v1/articles/1", "/national/1/a")
                assert answer.status == (410 if is_own and withdrawn else 200), target
                assert (f"Counter {turn}".encode() in answer.body) == (not withdrawn), target
    for wire in wires:
        wire.socket.close()


def test_an_empty_paper_shows_its_first_lines_at_once(paper):
    server = paper.load([]).serve()
    lists = ["/", "/api/v1/front", "/api/v1/sections", "/api/v1/site", "/latest", "/sitemap.xml",
             "/sitemaps/fronts.xml", "/api/v1/articles?tag=T", "/feed.json"]
    for _ in range(2):
        for target in lists:
            assert "national" not in server.get(target).text, target
    paper.load([section(), counted_article(0)])
    for target in lists:
        if target != "/sitemap.xml":
            assert "national" in server.get(target).text, target
    assert "/national/1/a" in server.get("/sitemaps/1.xml").text


@pytest.mark.parametrize("change", ["section", "most_read", "related"])
def test_the_lists_of_a_page_change_at_once(paper, change):
    """Names of sections, picks, and an article that is no longer ranked."""
    server = paper.load([*EDITION, views("a", recent(3600)[:14] + "00:00Z", 5)]).serve()
    for turn in range(1, 5):
        if change == "section":
            paper.load([section(name=f"Named {turn}")])
            for target in ("/national/1/a", "/", "/api/v1/site", "/national", "/api/v1/latest"):
                assert f"Named {turn}" in server.get(target).text, target
        elif change == "related":
            paper.load([counted_article(0, related=[f"later-{turn}"])])
            assert f"later-{turn}" not in server.get("/api/v1/articles/1/related").text
            paper.load([article(f"later-{turn}", "sports", published_at=recent(90000))])
            for target in ("/api/v1/articles/1/related", "/national/1/a"):
                assert f"later-{turn}" in server.get(target).text, target
        else:
            paper.load([counted_article(turn, most_read=turn % 2 == 0)])
            eventually(lambda turn=turn: server.slugs("/api/v1/most-read") == ["a"][turn % 2:],
                       SOON)


# What became of an import


def headlines_in(paper):
    with closing(sqlite3.connect(paper.database, timeout=10)) as base:
        return dict(base.execute("SELECT slug, headline FROM articles"))


def headlines_of(server):
    items = server.read("/api/v1/articles?limit=100")["items"]
    listed = {item["slug"]: item["headline"] for item in items}
    for slug in ("a", "s3", "s7"):
        assert server.read(path_of(slug))["headline"] == listed[slug]
    return listed


def test_an_import_that_is_killed_leaves_nothing_stale(paper):
    server = paper.load(EDITION).serve()
    chosen = random.Random(9)
    for turn in range(KILLS):
        headlines_of(server)
        lines = ndjson(article(f"s{n % 20}", "sports", headline=f"Turn {turn}, line {n}",
                               published_at=recent(1000 + n % 20)) for n in range(20_000))
        importing = paper.start("import", "-")
        feeding = threading.Thread(target=feed, args=(importing, lines))
        feeding.start()
        time.sleep(chosen.uniform(0, 0.5))  # a random moment of it
        importing.kill()
        importing.wait()
        feeding.join()
        if turn % 2:
            eventually(lambda: headlines_of(server) == headlines_in(paper), SOON)
        else:
            write_nothing_that_is_shown(paper, turn)
            assert headlines_of(server) == headlines_in(paper)
    assert any(name.startswith("Turn ") for name in headlines_in(paper).values())


def write_nothing_that_is_shown(paper, turn):
    """The next writer, whose change makes nothing stale."""
    paper.load([redirect(f"/old/{turn}", "b")])


def feed(process, lines):
    try:
        process.stdin.write(lines)
        process.stdin.close()
    except BrokenPipeError:
        pass


def announce(paper):
    """As a writer that dies right after its commit."""
    with open(paper.database + "-versions", "r+b") as file, mmap.mmap(file.fileno(), 0) as table:
        (announced,) = struct.unpack_from("=I", table, ANNOUNCED_AT)
        struct.pack_into("=I", table, ANNOUNCED_AT, announced + 1)


def test_what_another_program_schedules_appears_at_its_time(paper):
    server = paper.load([*EDITION, article("later", status="draft")]).serve()
    server.slugs("/api/v1/latest")
    then = int(time.time()) + 3
    with closing(sqlite3.connect(paper.database, timeout=10)) as base, base:
        base.execute("UPDATE articles SET status = 'scheduled', published_at = ? "
                     "WHERE slug = 'later'", (then,))
    while time.time() < then:
        assert "later" not in server.slugs("/api/v1/latest") or time.time() >= then
        time.sleep(0.05)
    eventually(lambda: "later" in server.slugs("/api/v1/latest"), SOON)


def test_what_another_program_changes_is_seen_soon(paper):
    server = paper.load(EDITION).serve()
    for turn in range(3):
        is_everywhere(server, "")
        change_row(paper, f"Changed {turn}")
        eventually(lambda turn=turn: is_everywhere(server, f"Changed {turn}"), SOON)


def test_a_writer_that_died_after_its_commit_is_noticed_soon(paper):
    server = paper.load(EDITION).serve()
    for turn in range(3):
        is_everywhere(server, "")
        announce(paper)
        change_row(paper, f"Left {turn}")
        eventually(lambda turn=turn: is_everywhere(server, f"Left {turn}"), SOON)


def test_a_writer_that_died_after_its_commit_is_noticed_by_the_next(paper):
    """At once: taking the write lock checks for it first."""
    server = paper.load(EDITION).serve()
    for turn in range(3):
        is_everywhere(server, "")
        announce(paper)
        change_row(paper, f"Left {turn}")
        write_nothing_that_is_shown(paper, turn)
        assert is_everywhere(server, f"Left {turn}")


def test_a_restart_caches_nothing_from_before(paper):
    server = paper.load(EDITION).serve()
    assert is_everywhere(server, "Counter 0")
    server.kill()
    paper.load([counted_article(1)])
    change_row(paper, "Between")
    assert is_everywhere(paper.serve(), "Between")


def test_versions_of_another_khobor_are_replaced_and_those_who_use_them_are_seen(paper):
    paper.load(EDITION)
    file = Path(paper.database + "-versions")
    file.write_bytes(struct.pack("=I", 4711) + file.read_bytes()[4:])
    server = paper.serve()
    for counter in range(1, 4):
        assert paper.try_load([counted_article(counter)]).status == 0
        assert is_everywhere(server, f"Counter {counter}")
    assert figures_of(server)["hits"] > 0


def test_nothing_is_cached_without_a_file_of_versions(paper):
    """Files may not be as large."""
    paper.load(EDITION)
    Path(paper.database + "-versions").unlink()
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    server = paper.serve(preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE,
                                                               (1_000_000, limit)))
    assert "the file of versions has no room: File too large" in server.logged()
    assert "responses are not cached: changes by other processes are seen late" in server.logged()
    for counter in range(1, 4):
        assert paper.try_load([counted_article(counter)]).status == 0
        assert is_everywhere(server, f"Counter {counter}")
    assert figures_of(server)["hits"] == 0
