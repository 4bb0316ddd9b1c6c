"""Counting: every view that was answered 204 is counted once, ranks within a second, and stays."""

import fcntl
import sqlite3
import time
from contextlib import closing
from http.client import HTTPConnection
from threading import Thread

import pytest
from khobor import PATIENCE, SOON, a_reader, article, at, eventually, hour, section, views
from shapes import check_problem

EDITION = [section("a"), section("b"), article("one", "a"), article("two", "b"),
           article("দুই-৩", "a"),
           article("draft", "a", status="draft"), article("gone", "a", status="withdrawn"),
           article("to-come", "a", published_at="2999-01-01T00:00:00Z")]


@pytest.fixture
def server(paper):
    return paper.load(EDITION).serve()


def test_a_view_is_answered_204_and_moves_the_ranking_within_a_second(server):
    server.view("one", 2)
    answer = server.post_view("2")
    began = time.monotonic()
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Content-Type" not in answer.headers and "Content-Length" not in answer.headers
    eventually(lambda: server.most_read() == [("one", 2), ("two", 1)], SOON)
    assert time.monotonic() - began < SOON
    server.view("two", 2)
    eventually(lambda: server.most_read() == [("two", 3), ("one", 2)], SOON)


def test_a_view_counts_in_every_window_and_in_its_section(server):
    server.view("one")
    server.view("two", 3)
    for window in ("1h", "6h", "24h", "7d", "30d", "all"):
        eventually(lambda: server.most_read(window=window) == [("two", 3), ("one", 1)], SOON)
        assert server.most_read(window=window, section="a") == [("one", 1)]
        assert server.most_read(window=window, section="b") == [("two", 3)]


def test_a_view_is_counted_under_any_name_of_the_article(server):
    for name in ("3", "দুই-৩", "দুই-3", "দুই\u200d-৩"):
        server.view(name)
    eventually(lambda: server.most_read() == [("দুই-৩", 4)], SOON)


@pytest.mark.parametrize("name, status", [
    ("draft", 404), ("to-come", 404), ("nothing", 404), ("0", 404), ("99999999999999999999", 404),
    ("gone", 410)])
def test_views_of_what_can_not_be_seen_are_refused(server, name, status):
    check_problem(server.ask("POST", f"/api/v1/articles/{name}/views"), status)


BODIES = {
    "none": ({}, b""), "text": ({"Content-Type": "text/plain"}, b"beacon"),
    "json": ({"Content-Type": "application/json"}, b'{"count": 1000}'),
    "form": ({"Content-Type": "application/x-www-form-urlencoded"}, b"count=1000&count=2"),
    "parts": ({"Content-Type": "multipart/form-data; boundary=x"}, b"--x\r\nbroken"),
    "long": ({"Accept": "text/html"}, b"\x00\xff" * 30000), "chunked": ({}, iter([b"a", b"b"])),
}


def test_a_body_is_read_and_ignored(paper):
    server = paper.load([section("a"), *(article(name, "a") for name in BODIES)]).serve()
    for name, (headers, body) in BODIES.items():
        answer = server.ask("POST", f"/api/v1/articles/{name}/views?count=7",
                            headers={"User-Agent": a_reader(), **headers}, data=body)
        assert answer.status_code == 204, name
    eventually(lambda: sorted(server.most_read()) == sorted((name, 1) for name in BODIES), SOON)


def test_reading_does_not_count(server):
    for method in ("GET", "HEAD"):
        for path in ("/api/v1/articles/1", "/api/v1/articles/one",
                     "/api/v1/articles/1?include=site"):
            assert server.ask(method, path).status_code == 200
    assert server.get("/api/v1/articles/1/views").status_code == 405
    server.view("two")
    eventually(lambda: server.most_read() == [("two", 1)], SOON)


def test_counts_survive_a_restart(paper, server):
    server.view("one", 5)
    server.view("two", 1)
    server.stop()
    again = paper.serve()
    assert again.most_read(window="1h") == [("one", 5), ("two", 1)]
    again.view("two", 5)
    again.stop()
    assert paper.serve().most_read(window="all") == [("two", 6), ("one", 5)]


def test_counts_that_were_stored_survive_a_kill(paper, server):
    server.view("one", 5)
    eventually(lambda: paper.counted("one") == 5, SOON)
    server.kill()
    assert paper.serve().most_read() == [("one", 5)]


def test_views_are_told_by_the_hour(paper, server):
    first = hour()
    paper.load([views("one", hour(30), 7), views("one", hour(2), 4)])
    server.view("one", 3)
    server.stop()
    lines = paper.run("views", "one", settings={"site.timezone": "UTC"}).out.decode().splitlines()
    assert lines[0] == "hour\tcounted\trepeated\tbots" and lines[-1] == "total\t14\t0\t0"
    assert [line.split("\t")[1] for line in lines[1:-1]] == ["7", "4", "3"]
    assert lines[-2].split("\t")[0] in {first.replace("Z", "+00:00"), hour().replace("Z", "+00:00")}


def post_views(port, path, times, answers):
    """Counts views on one connection; appends each answer's status."""
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    for _ in range(times):
        connection.request("POST", path, headers={"User-Agent": a_reader()})
        answer = connection.getresponse()
        answer.read()
        answers.append(answer.status)
    connection.close()


def in_threads(threads):
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_views_of_eight_readers_at_once_are_all_counted(paper, server):
    answers = [[] for _ in range(8)]
    in_threads([Thread(target=post_views, args=(
        server.port, f"/api/v1/articles/{1 + i % 2}/views", 500, answers[i])) for i in range(8)])
    assert sum(answers, []) == [204] * 4000
    eventually(lambda: server.most_read() == [("two", 2000), ("one", 2000)], SOON)
    assert (paper.counted("one"), paper.counted("two")) == (2000, 2000)


def test_views_beside_imports_are_all_counted(paper, server):
    answers = []
    reader = Thread(target=post_views,
                    args=(server.port, "/api/v1/articles/1/views", 1500, answers))
    reader.start()
    for i in range(5):
        paper.load([article(f"beside-{i}-{n}", "a") for n in range(100)] +
                   [views("two", hour(), i + 1)])
    reader.join()
    assert answers == [204] * 1500
    eventually(lambda: server.most_read(window="all") == [("one", 1500), ("two", 5)], SOON)


def test_an_import_of_views_sets_and_does_not_add(paper, server):
    for _ in range(2):
        paper.load([views("one", hour(3), 120)])
        eventually(lambda: server.most_read() == [("one", 120)], SOON)
    paper.load([views("one", hour(3), 20), views("one", hour(5), 2)])
    eventually(lambda: server.most_read() == [("one", 22)], SOON)
    paper.load([views("one", hour(3), 0), views("one", hour(5), 0)])
    eventually(lambda: server.most_read() == [], SOON)


def test_imported_and_counted_views_add_up(paper, server):
    paper.load([views("one", hour(3), 100)])
    server.view("one", 3)
    for window in ("24h", "all"):
        eventually(lambda: server.most_read(window=window) == [("one", 103)], SOON)
    server.stop()
    assert paper.counted("one") == 103


def test_an_import_beside_a_running_server_is_seen_within_a_second(paper, server):
    paper.load([article("new", "b", published_at=at(time.time())), views("new", hour(), 4)])
    assert server.read("/api/v1/articles/new")["slug"] == "new"
    assert server.slugs("/api/v1/latest?limit=1") == ["new"]
    eventually(lambda: server.most_read(section="b") == [("new", 4)], SOON)
    server.view("new")
    eventually(lambda: server.most_read() == [("new", 5)], SOON)


def test_hours_of_long_ago_are_packed_and_none_is_lost(paper):
    """Hours are packed after 90 days, once some later ones have come; an export tells them all."""
    day = int(time.time()) // 86400 * 86400 - 100 * 86400
    old = [views("one", at(day + 3600 * 5), 3), views("one", at(day + 3600 * 9), 4)]
    paper.load([section("a"), article("one", "a"), *old,
                *(views("one", hour(hours), 1) for hours in range(1, 25))])
    server = paper.serve({"site.timezone": "UTC"})
    server.view("one")

    def packed():
        with closing(sqlite3.connect(paper.database)) as database:
            return database.execute("SELECT hours FROM view_days").fetchall()
    eventually(lambda: packed() == [('{"5":3,"9":4}',)], SOON)
    eventually(lambda: server.most_read(window="all") == [("one", 32)], SOON)
    assert paper.counted("one") == 32
    assert [r["count"] for r in paper.records() if r["type"] == "views"][:2] == [3, 4]
    for count in (4, 40, 4):  # a packed hour is set as any other
        paper.load([views("one", at(day + 3600 * 9), count)])
        eventually(lambda count=count: paper.counted("one") == 28 + count, SOON)
    eventually(lambda: packed() == [('{"5":3,"9":4}',)], SOON)


@pytest.fixture
def held(paper):
    """A server whose writes wait for somebody else, until the returned file is closed."""
    server = paper.load(EDITION + [article(f"n{i}", "a") for i in range(1001)]).serve(
        {"store.lock_timeout_ms": 200, "popularity.pending_views": 1000, "popularity.journal": 1024})
    with open(paper.database + "-write", "wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield server, lock


def test_views_that_can_not_be_stored_are_kept_until_they_can(paper, held):
    server, lock = held
    server.view("one", 3)
    eventually(lambda: server.get("/readyz").status_code == 503, 5 * PATIENCE)
    refused = server.get("/readyz")
    assert check_problem(refused, 503) == "views are counted but can't be stored"
    assert refused.headers["Retry-After"] == "5"
    assert server.get("/healthz").status_code == 200
    server.view("one", 2)
    lock.close()
    eventually(lambda: server.get("/readyz").status_code == 200, 5 * PATIENCE)
    eventually(lambda: server.most_read() == [("one", 5)], SOON)
    assert paper.counted("one") == 5
    assert len([line for line in server.logged().splitlines() if "error" in line]) == 1
    assert "views are stored again; none was lost" in server.logged()


def test_views_over_the_most_that_may_wait_are_answered_503(paper, held):
    server, lock = held
    server.view("one")
    eventually(lambda: server.get("/readyz").status_code == 503, 5 * PATIENCE)
    server.view("one", 1023)  # then the journal is full
    answers = [server.post_view(f"n{i}") for i in range(1001)]
    counted = sum(answer.status_code == 204 for answer in answers)
    assert counted == 999  # and the one that can not be stored
    assert check_problem(answers[-1], 503) == "views can't be counted now; try again later"
    assert answers[-1].headers["Retry-After"] == "5"
    server.view("n0")  # one that waits already only counts up
    lock.close()
    eventually(lambda: server.get("/readyz").status_code == 200, 5 * PATIENCE)
    eventually(lambda: len(server.most_read(limit=100)) == 100, SOON)
    server.stop()
    assert paper.counted("n0") == 2
    assert sum(r["count"] for r in paper.records() if r["type"] == "views") == counted + 2 + 1023
