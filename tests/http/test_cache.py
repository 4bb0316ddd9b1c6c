"""What the server keeps is never seen once it no longer holds: the moment an import ends, its
changes are everywhere, whoever asks, however they ask, and whatever became of the import. What is
kept leaves as it would if it were made anew, and within its room."""

import itertools
import mmap
import random
import re
import sqlite3
import struct
import threading
import time
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from khobor import (PATIENCE, SOON, a_reader, article, at, eventually, ndjson, path_of, redirect,
                    section, views)

CLIENTS = 20
IMPORTS = 60
KILLS = 12
FIGURES = re.compile(r"the cache had (\d+) responses in (\d+) bytes of (\d+): "
                     r"(\d+) hits, (\d+) stale, (\d+) misses")
COUNTER = re.compile(r"Counter (\d+)\b")
# All that shows the headline of "a", the first of section "national".
SHOWING = ["/api/v1/articles/1", "/national/1/a", "/api/v1/sections/national", "/api/v1/latest",
           "/feed.json", "/feed.xml", "/", "/api/v1/front", "/api/v1/articles/2?include=latest",
           "/national/2/b", "/api/v1/articles?tag=T", "/news-sitemap.xml"]
LISTS = ["/api/v1/sections/national", "/api/v1/latest", "/feed.json", "/", "/api/v1/front",
         "/api/v1/articles/1?include=latest", "/national/1/a", "/api/v1/articles?tag=T"]
ANNOUNCED_AT = 4  # in NAME-versions: commits that were announced


def recent(seconds_ago):
    return at(time.time() - seconds_ago)


def counted_article(counter, **more):
    return article("a", headline=f"Counter {counter}", published_at=START, tags=["T"], **more)


START = recent(60)
EDITION = [section(), section("sports", "Sports"), counted_article(0),
           article("b", published_at=recent(120), body="A text that is worth encoding. " * 200),
           *(article(f"s{n}", "sports", tags=["Tax", f"tag-{n}"], authors=[f"W{n % 3}"],
                     published_at=recent(1000 + n)) for n in range(20))]


def figures_of(server):
    """(answers, bytes, room, hits, stale, misses) as the server tells when it is stopped."""
    server.stop()
    told = FIGURES.findall(server.logged())
    assert len(told) == 1, server.logged()
    return dict(zip(("answers", "bytes", "room", "hits", "stale", "misses"), map(int, told[0])))


def fields_of(answer):
    """The header fields but for the time at which it was sent."""
    return {name: value for name, value in answer.headers.items() if name != "date"}


# What an import changed


class Reader(threading.Thread):
    """Asks again and again over one connection. What it begins to ask for must have a counter of
    least() or more, as that was when it began: newest_of those that are shown."""

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
    """Readers who ask while the block of the `with` runs, and never see what is too old."""
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
        for _ in range(2):  # made, and kept
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
def test_what_is_beside_an_article_changes_at_once(paper, change):
    """Of names of sections, of picks, and of an article that is no more to be ranked."""
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
    """The next who takes the write lock; what he writes makes nothing stale."""
    paper.load([redirect(f"/old/{turn}", "b")])


def feed(process, lines):
    try:
        process.stdin.write(lines)
        process.stdin.close()
    except BrokenPipeError:
        pass


def change_row(paper, headline):
    """As another program does, which publishes nothing."""
    with closing(sqlite3.connect(paper.database, timeout=10)) as base, base:
        base.execute("UPDATE articles SET headline = ? WHERE slug = 'a'", (headline,))


def announce(paper):
    """As a writer that dies right behind its commit."""
    with open(paper.database + "-versions", "r+b") as file, mmap.mmap(file.fileno(), 0) as table:
        (announced,) = struct.unpack_from("=I", table, ANNOUNCED_AT)
        struct.pack_into("=I", table, ANNOUNCED_AT, announced + 1)


def is_everywhere(server, headline):
    """Each is asked for, whatever the one before it showed: then all of them are kept."""
    return all([headline in server.get(target).text for target in SHOWING])


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


def test_a_writer_that_died_behind_its_commit_is_noticed_soon(paper):
    server = paper.load(EDITION).serve()
    for turn in range(3):
        is_everywhere(server, "")
        announce(paper)
        change_row(paper, f"Left {turn}")
        eventually(lambda turn=turn: is_everywhere(server, f"Left {turn}"), SOON)


def test_a_writer_that_died_behind_its_commit_is_noticed_by_the_next(paper):
    """At once: who takes the write lock sees it before anything else."""
    server = paper.load(EDITION).serve()
    for turn in range(3):
        is_everywhere(server, "")
        announce(paper)
        change_row(paper, f"Left {turn}")
        write_nothing_that_is_shown(paper, turn)
        assert is_everywhere(server, f"Left {turn}")


def test_a_server_that_starts_again_keeps_nothing_of_before(paper):
    server = paper.load(EDITION).serve()
    assert is_everywhere(server, "Counter 0")
    server.kill()
    paper.load([counted_article(1)])
    change_row(paper, "Between")
    assert is_everywhere(paper.serve(), "Between")


def test_versions_that_are_another_khobors_keep_nothing(paper):
    """Nor are they overwritten: it may be in use."""
    paper.load(EDITION)
    file = Path(paper.database + "-versions")
    foreign = struct.pack("=I", 4711) + file.read_bytes()[4:]
    file.write_bytes(foreign)
    server = paper.serve()
    assert "paper.db-versions can't be used: it is of another version of khobor" in server.logged()
    assert "responses are not cached: changes by other processes are seen late" in server.logged()
    for counter in range(1, 4):
        assert paper.try_load([counted_article(counter)]).status == 0
        assert is_everywhere(server, f"Counter {counter}")
    assert file.read_bytes() == foreign
    figures = figures_of(server)
    assert (figures["answers"], figures["hits"]) == (0, 0)


def test_versions_that_are_a_folder_keep_nothing(paper):
    paper.load(EDITION)
    file = Path(paper.database + "-versions")
    file.unlink()
    file.mkdir()
    server = paper.serve()
    assert "responses are not cached: changes by other processes are seen late" in server.logged()
    for counter in range(1, 4):
        assert paper.try_load([counted_article(counter)]).status == 0
        assert is_everywhere(server, f"Counter {counter}")
    assert figures_of(server)["hits"] == 0


# How what is kept leaves


KEPT = [*SHOWING, "/api/v1/site", "/sports", "/tag/Tax", "/api/v1/articles?limit=2",
        "/api/v1/most-read", "/robots.txt", "/favicon.ico", "/sitemap.xml", "/sitemaps/1.xml"]
BY_CONTENT = [target for target in KEPT if "most-read" not in target]  # not by when it started
ENCODINGS = ["identity", "gzip", "br"]


def test_what_is_kept_has_the_same_bytes_as_what_is_made(paper):
    paper.load(EDITION)
    plain = paper.serve({"http.cache_kb": 0})
    made = {}
    with plain.wire() as wire:
        for target, encoding in itertools.product(BY_CONTENT, ENCODINGS):
            made[target, encoding] = wire.ask("GET " + target, "Accept-Encoding: " + encoding)
    assert figures_of(plain)["answers"] == 0
    server = paper.serve({"http.threads": 1})
    with server.wire() as wire:
        for _ in range(3):
            for (target, encoding), expected in made.items():
                got = wire.ask("GET " + target, "Accept-Encoding: " + encoding)
                assert got.status == 200
                assert (got.body, fields_of(got)) == (expected.body, fields_of(expected)), target
    assert {answer.headers.get("content-encoding") for answer in made.values()} == {
        None, "gzip", "br"}
    figures = figures_of(server)
    assert figures["hits"] >= 2 * len(made)
    assert figures["stale"] == 0


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_head_and_304_of_what_is_kept_have_the_fields_of_the_first(paper, encoding):
    server = paper.load(EDITION).serve({"http.threads": 1})
    accept = "Accept-Encoding: " + encoding
    with server.wire() as wire:
        for target in KEPT:
            answers = {"get": [], "head": [], "304": []}
            for _ in range(3):
                get = wire.ask("GET " + target, accept)
                answers["get"].append(get)
                answers["head"].append(wire.ask("HEAD " + target, accept, head=True))
                answers["304"].append(wire.ask("GET " + target, accept,
                                               "If-None-Match: " + get.headers["etag"]))
            assert [a.status for a in answers["304"]] == [304] * 3
            for kind, three in answers.items():
                assert fields_of(three[0]) == fields_of(three[1]) == fields_of(three[2]), kind
            assert fields_of(answers["head"][2]) == fields_of(answers["get"][0])
            for name in ("etag", "cache-control", "vary"):
                assert answers["304"][2].headers[name] == answers["get"][0].headers[name]


def test_ways_to_ask_for_the_same_are_one_answer(paper):
    server = paper.load(EDITION).serve({"http.threads": 1})
    ways = ["/api/v1/articles?tag=Tax&limit=5", "/api/v1/articles?limit=5&tag=Tax",
            "/api/v1/articles?utm_source=x&tag=Tax&limit=5",
            "/api/v1/articles?tag=Tax&limit=5&utm_campaign=y&utm_medium=z",
            "/api/v1/articles?tag=T%61x&limit=05", "/api/v1/articles?fbclid=a%20b&limit=5&tag=Tax"]
    with server.wire() as wire:
        first, *others = [wire.ask("GET " + way) for way in ways + ways]
    for other in others:
        assert (other.body, fields_of(other)) == (first.body, fields_of(first))
    figures = figures_of(server)
    assert (figures["answers"], figures["hits"], figures["misses"]) == (1, len(others), 1)


def test_what_differs_is_never_mixed_up(paper):
    """Segments and values that look alike once they are decoded."""
    server = paper.load([*EDITION, article("x", tags=["a/b", "a", "b"])]).serve()
    for _ in range(2):
        assert server.get("/api/v1/tags/a%2Fb").status_code == 200
        assert server.get("/api/v1/tags/a/b").status_code == 404
        assert server.get("/national%2F1%2Fa").status_code == 404
        assert server.get("/national/1/a").status_code == 200
        assert server.read("/api/v1/articles?tag=a%26limit=1")["items"] == []
        assert len(server.read("/api/v1/articles?tag=Tax&limit=1")["items"]) == 1


# Caches outside


TAGGED = {
    "/api/v1/articles/1": {"article-1", "sections"},
    "/national/1/a": {"article-1", "sections", "most-read", "theme", "card-2"},
    "/api/v1/sections/sports": {"list-sports", "sections", "card-3"},
    "/api/v1/latest": {"list", "card-1", "card-2"},
    "/": {"list", "lead", "most-read", "card-1", "theme"},
    "/feed.xml": {"list", "article-1", "theme"},
    "/api/v1/most-read": {"counts"},
    "/sitemap.xml": {"paper", "theme"},
    "/robots.txt": {"theme"},
}


@pytest.mark.parametrize("setting, field, separator", [
    ("cache-tag", "cache-tag", ","), ("surrogate-key", "surrogate-key", " ")])
def test_a_cache_outside_is_told_what_an_answer_is_made_from(paper, setting, field, separator):
    server = paper.load(EDITION).serve({"http.cache_tags": setting, "http.threads": 1})
    with server.wire() as wire:
        for target, expected in TAGGED.items():
            first, again = (wire.ask("GET " + target) for _ in range(2))
            tags = first.headers[field].split(separator)
            assert expected <= set(tags), (target, tags)
            assert len(tags) == len(set(tags))
            assert again.headers[field] == first.headers[field]
            kept = wire.ask("GET " + target, "If-None-Match: " + first.headers["etag"])
            assert (kept.status, kept.headers[field]) == (304, first.headers[field])
        assert field not in wire.ask("GET /healthz").headers
        assert field not in wire.ask("GET /nowhere").headers


def test_what_is_made_from_too_much_to_be_named_is_of_the_paper(paper):
    """To name a part of it would leave the rest stale in a cache outside."""
    sections = [section(f"আন্তর্জাতিক-খবর-{n}", f"N {n}") for n in range(60)]
    paper.load([*sections, *(article(f"a{n}", sections[n % 60]["slug"]) for n in range(300))])
    server = paper.serve({"http.cache_tags": "cache-tag"})
    for target, tags in (("/api/v1/sections", {"paper"}), ("/api/v1/sections?limit=1", {"paper"}),
                         ("/", {"paper", "most-read", "theme"})):
        for _ in range(2):
            assert set(server.get(target).headers["Cache-Tag"].split(",")) == tags, target
    paper.load([article("new", sections[0]["slug"], headline="New one")])
    assert "New one" in server.get("/api/v1/sections").text
    assert "New one" in server.get("/").text


def test_without_a_setting_no_cache_outside_is_told(paper):
    server = paper.load(EDITION).serve()
    for target in TAGGED:
        assert not {"Cache-Tag", "Surrogate-Key"} & set(server.get(target).headers), target


def test_a_cache_outside_may_be_given_grace(paper):
    server = paper.load(EDITION).serve({"http.stale_while_revalidate_s": 30,
                                        "http.stale_if_error_s": 600, "http.max_age_s": 5})
    grace = ", stale-while-revalidate=30, stale-if-error=600"
    expected = {"/api/v1/latest": "public, max-age=5" + grace,
                "/": "public, max-age=5" + grace,
                "/api/v1/most-read": "public, max-age=1" + grace,
                "/healthz": "no-store", "/api/v1/nothing": "no-store"}
    for _ in range(2):
        for target, value in expected.items():
            assert server.get(target).headers["Cache-Control"] == value, target
    sheet = re.search(r'href="(/assets/[^"]+/style\.css)"', server.get("/").text)[1]
    for _ in range(2):
        assert server.get(sheet).headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_grace_is_none_unless_it_is_set(paper):
    server = paper.load(EDITION).serve()
    for _ in range(2):
        assert server.get("/api/v1/latest").headers["Cache-Control"] == "public, max-age=10"
    server.stop()
    server = paper.serve({"http.stale_if_error_s": 60})
    assert server.get("/").headers["Cache-Control"] == "public, max-age=10, stale-if-error=60"


# What else goes on


def test_reads_count_whether_they_are_hits_or_not(paper):
    server = paper.load(EDITION).serve({"popularity.count_reads": "on"})
    for _ in range(5):
        for path in (path_of("a"), path_of("a") + "?include=latest", "/api/v1/articles/1"):
            assert server.get(path, headers={"User-Agent": a_reader()}).ok
    for _ in range(5):
        server.ask("HEAD", path_of("a"), headers={"User-Agent": a_reader()})
        server.get("/national/1/a", headers={"User-Agent": a_reader()})
    eventually(lambda: server.most_read(window="1h") == [("a", 15)], SOON)
    assert figures_of(server)["hits"] > 0
    assert paper.counted("a") == 15


def test_views_are_seen_in_what_is_kept(paper):
    server = paper.load(EDITION).serve()
    for times in range(1, 4):
        server.most_read()
        server.view("b")
        eventually(lambda times=times: server.most_read(window="1h") == [("b", times)], SOON)
    eventually(lambda: "most-read" in server.get("/national/1/a").text, SOON)


def test_a_theme_that_changes_is_seen_everywhere(paper, tmp_path):
    """Also at an address that an older page has, and at the one that none has."""
    theme = tmp_path / "theme"
    for folder in ("templates", "assets"):
        (theme / folder).mkdir(parents=True)
    files = {"/robots.txt": theme / "templates/robots.txt",
             "/favicon.ico": theme / "assets/favicon.ico",
             "/assets/000000000000/note.txt": theme / "assets/note.txt"}
    for file in files.values():
        file.write_text("edition 0", encoding="utf-8")
    server = paper.load(EDITION).serve(options=["--static", theme, "--develop"])
    for edition in range(3):
        for address, file in files.items():
            assert server.get(address).text == f"edition {edition}", address
            new = file.with_name(".new")
            new.write_text(f"edition {edition + 1}", encoding="utf-8")
            new.replace(file)
        for address in files:
            eventually(lambda address=address, edition=edition:
                       server.get(address).text == f"edition {edition + 1}", 5 * PATIENCE)


def test_without_room_nothing_is_kept_and_all_is_served(paper):
    server = paper.load(EDITION).serve({"http.cache_kb": 0})
    for counter in range(1, 4):
        paper.load([counted_article(counter)])
        for _ in range(2):
            assert is_everywhere(server, f"Counter {counter}")
    assert "responses are not cached" not in server.logged()  # nobody is told what he has set himself
    figures = figures_of(server)
    assert (figures["answers"], figures["room"], figures["hits"]) == (0, 0, 0)


@pytest.mark.parametrize("room_kb", [64, 1024])
def test_all_that_is_kept_stays_within_its_room(paper, room_kb):
    """Answers in three encodings, with and without a body, many more than there is room for."""
    server = paper.load(EDITION).serve({"http.cache_kb": room_kb, "http.threads": 4})
    wires = [server.wire() for _ in range(24)]
    asked = 0
    for limit, tag in itertools.product(range(1, 21), range(0, 20, 5)):
        target = f"/api/v1/articles?limit={limit}&tag=tag-{tag}"
        for wire, encoding in zip(wires, itertools.cycle(ENCODINGS)):
            other = SHOWING[asked % len(SHOWING)] if asked % 3 == 0 else target
            answer = wire.ask("GET " + other, "Accept-Encoding: " + encoding)
            assert answer.status == 200
            assert wire.ask("GET " + other, "Accept-Encoding: " + encoding,
                            "If-None-Match: " + answer.headers["etag"]).status == 304
            asked += 1
    for wire in wires:
        wire.socket.close()
    figures = figures_of(server)
    assert figures["room"] == room_kb * 1024
    assert figures["bytes"] <= figures["room"]
    assert figures["answers"] < 400
    if room_kb == 1024:
        assert figures["answers"] > 50
