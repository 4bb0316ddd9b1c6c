"""A writer that fails loses no acknowledged view, counts none twice, and keeps nobody from reading:
the disk is full, read-only, or another process holds the database."""

import fcntl
import sqlite3
from contextlib import closing, contextmanager

import pytest
from khobor import PATIENCE, article, eventually, section
from readers import check_counts, finish, free_port, more_acknowledged, posting, shown

CLIENTS = 4
ARTICLES = 20
JOURNAL = 65536
SETTINGS = {"popularity.journal": JOURNAL, "store.lock_timeout_ms": 100}
EDITION = [section(), *(article(f"a{number}") for number in range(1, ARTICLES + 1))]
WAIT = 10 * PATIENCE


@contextmanager
def disk_full(paper):
    paper.fill_disk()
    yield
    paper.free_disk()


@contextmanager
def locked_by_another_program(paper):
    """As by somebody's sqlite3, who knows nothing of Khobor's own locks."""
    with closing(sqlite3.connect(paper.database, isolation_level=None, timeout=10)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def locked_by_an_import(paper):
    with open(paper.database + "-write", "wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


FAILURES = [disk_full, locked_by_another_program, locked_by_an_import]


def is_ready(server):
    return server.get("/readyz").status_code == 200


def options(port):
    return ("--listen", f"127.0.0.1:{port}")


@pytest.mark.parametrize("failing", FAILURES)
def test_views_wait_in_the_journal_until_they_can_be_stored(small_disk, failing):
    small_disk.load(EDITION)
    server = small_disk.serve(SETTINGS)
    with posting(server.port, CLIENTS, articles=ARTICLES, pause_s=0.001) as clients:
        more_acknowledged(clients, 200)
        with failing(small_disk):
            eventually(lambda: not is_ready(server), WAIT)
            more_acknowledged(clients, 500)
            assert server.get("/healthz").ok
            assert server.read("/api/v1/articles/a1")["slug"] == "a1"
            assert server.slugs("/api/v1/latest?limit=5")
        eventually(lambda: is_ready(server), WAIT)
        more_acknowledged(clients, 200)
    assert server.logged().count("views can't be stored") == 1
    assert server.logged().count("views are stored again; none was lost") == 1
    check_counts(server, clients)


@pytest.mark.parametrize("failing", FAILURES)
def test_a_server_that_is_killed_while_it_can_not_store_loses_nothing(small_disk, failing):
    small_disk.load(EDITION)
    port = free_port()
    server = small_disk.serve(SETTINGS, options=options(port))
    with posting(port, CLIENTS, articles=ARTICLES, pause_s=0.001) as clients:
        for _ in range(3):
            with failing(small_disk):
                eventually(lambda: not is_ready(server), WAIT)
                more_acknowledged(clients, 100)
                server.kill()
            server = small_disk.serve(SETTINGS, options=options(port))
            more_acknowledged(clients, 100)
    check_counts(server, clients)


def test_a_journal_that_is_full_hands_over_to_memory(small_disk):
    small_disk.load(EDITION)
    server = small_disk.serve({**SETTINGS, "popularity.journal": 1024})
    with locked_by_an_import(small_disk):
        with posting(server.port, CLIENTS, articles=ARTICLES, views=1000) as clients:
            finish(clients)
        eventually(lambda: "the journal of views is full" in server.logged(), WAIT)
        assert not is_ready(server)
    eventually(lambda: is_ready(server), WAIT)
    assert server.logged().count("views are written to the journal again") == 1
    check_counts(server, clients)


def test_a_full_disk_at_the_start_leaves_views_in_memory(small_disk):
    """There is no room for a journal: it counts, serves, says so, and stores once it can."""
    small_disk.load(EDITION)
    small_disk.fill_disk(room=300_000)
    server = small_disk.serve(SETTINGS)
    answer = server.get("/readyz")
    assert (answer.status_code, "in memory alone" in answer.text) == (503, True)
    assert "the journal of views can't have" in server.logged()
    with posting(server.port, CLIENTS, articles=ARTICLES, views=100) as clients:
        finish(clients)
    small_disk.free_disk()
    eventually(lambda: sum(shown(server).values()) == 400, WAIT)
    check_counts(server, clients)


def test_a_server_that_was_killed_on_a_full_disk_starts_and_serves(small_disk):
    small_disk.load(EDITION)
    server = small_disk.serve(SETTINGS)
    with posting(server.port, CLIENTS, articles=ARTICLES, views=100) as clients:
        small_disk.fill_disk()
        finish(clients)
    server.kill()
    server = small_disk.serve(SETTINGS)
    assert server.read("/api/v1/articles/a1")["slug"] == "a1"
    eventually(lambda: not is_ready(server), WAIT)
    small_disk.free_disk()
    check_counts(server, clients)


def test_a_read_only_disk_is_refused_in_one_line(small_disk):
    small_disk.load(EDITION)
    small_disk.protect_disk()
    done = small_disk.run("serve")
    small_disk.unprotect_disk()
    assert done.why.startswith("khobor: database: ")
    server = small_disk.serve(SETTINGS)
    server.view("a1", 3)
    eventually(lambda: shown(server) == {"a1": 3}, WAIT)
