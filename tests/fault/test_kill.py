"""A server that is killed loses no view that it acknowledged, and counts none twice."""

import fcntl
import random

from khobor import PATIENCE, article, eventually, section
from readers import (acknowledged_by, check_counts, finish, free_port, posting, shown)

CLIENTS = 8
VIEWS = 50_000 // PATIENCE
KILLS = 20
ARTICLES = 50


def test_every_acknowledged_view_counts_once_however_often_the_server_is_killed(paper):
    paper.load([section(), *(article(f"a{number}") for number in range(1, ARTICLES + 1))])
    port = free_port()
    options = ("--listen", f"127.0.0.1:{port}")
    server = paper.serve(options=options)
    with posting(port, CLIENTS, articles=ARTICLES, views=VIEWS // CLIENTS) as clients:
        # Killed again and again amid the views, each time after as many more of them.
        for kill in range(1, KILLS + 1):
            eventually(lambda kill=kill: acknowledged_by(clients) >= VIEWS * kill // (KILLS + 1), 60)
            server.kill()
            server = paper.serve(options=options)
        finish(clients)
    assert acknowledged_by(clients) == VIEWS // CLIENTS * CLIENTS
    counted = check_counts(server, clients)
    # What is stored is what was shown, and nothing waits in the journal any more.
    server = paper.serve(options=options)
    assert shown(server) == counted
    assert "views are read from the journal" not in server.logged()


def test_a_view_that_was_just_acknowledged_outlives_a_kill(paper):
    paper.load([section(), article("a")])
    for times in range(1, 11):
        server = paper.serve()
        server.view("a", 3)
        server.kill()
        server = paper.serve()
        eventually(lambda times=times: server.most_read(window="all") == [("a", 3 * times)])
        server.stop()


def test_the_journal_of_another_paper_counts_nothing(paper, tmp_path):
    paper.load([section(), article("a")])
    server = paper.serve()
    server.view("a", 5)
    server.kill()
    views = (tmp_path / "paper.db-views").read_bytes()
    for name in tmp_path.glob("paper.db*"):
        name.unlink()
    paper.load([section(), article("b")])
    (tmp_path / "paper.db-views").write_bytes(views)
    server = paper.serve()
    server.view("b", 1)
    eventually(lambda: server.most_read(window="all") == [("b", 1)])


def test_views_of_an_article_that_the_database_does_not_know_hold_up_no_others(paper, tmp_path):
    """As when yesterday's copy of a database is put back beside today's journal."""
    paper.load([section(), article("a")])
    paper.serve().stop()
    copy = (tmp_path / "paper.db").read_bytes()
    paper.load([article("b")])
    server = paper.serve()
    server.view("b", 3)
    server.view("a", 2)
    server.kill()
    for name in ("paper.db-wal", "paper.db-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    (tmp_path / "paper.db").write_bytes(copy)
    server = paper.serve()
    server.view("a", 5)
    eventually(lambda: server.most_read(window="all") == [("a", 7)])
    assert server.get("/readyz").ok


def test_what_waits_in_a_journal_that_was_cut_is_read_and_told(paper, tmp_path):
    paper.load([section(), article("a")])
    server = paper.serve()
    server.view("a", 2)
    eventually(lambda: paper.counted("a") == 2)
    with open(paper.database + "-write", "wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        server.view("a", 20)
        server.kill()
    journal = tmp_path / "paper.db-views"
    journal.write_bytes(journal.read_bytes()[:-1])
    server = paper.serve()
    eventually(lambda: server.most_read(window="all") == [("a", 22)])
    assert "paper.db-views was missing or damaged" in server.logged()
    server.kill()
    journal.unlink()
    server = paper.serve()
    assert "paper.db-views was missing or damaged" in server.logged()


def test_a_damaged_journal_is_passed_over(paper, tmp_path):
    """Zeros, noise, and a cut: what is whole counts, the rest does not, and the server serves."""
    paper.load([section(), article("a")])
    journal = tmp_path / "paper.db-views"
    for damage in (lambda data: data[:4096] + bytes(len(data) - 4096),
                   lambda data: data[:4096] + random.Random(2).randbytes(len(data) - 4096),
                   lambda data: data[:5000], lambda data: b"", lambda data: b"x" * len(data)):
        server = paper.serve()
        before = dict(server.most_read(window="all")).get("a", 0)
        server.view("a", 2)
        server.kill()
        journal.write_bytes(damage(journal.read_bytes()))
        server = paper.serve()
        server.view("a", 1)
        eventually(lambda before=before: dict(server.most_read(window="all")).get("a") in (
            before + 1, before + 3))
        server.stop()


def test_a_journal_that_comes_back_counts_nothing_twice(paper, tmp_path):
    """While it can't be used, how far it was stored must stay known."""
    paper.load([section(), article("a")])
    journal, aside = tmp_path / "paper.db-views", tmp_path / "aside"
    server = paper.serve()
    server.view("a", 5)
    eventually(lambda: paper.counted("a") == 5)
    server.stop()
    journal.rename(aside)
    server = paper.serve_without_journal()
    server.view("a", 3)
    server.stop()
    journal.unlink()
    aside.rename(journal)
    server = paper.serve()
    server.view("a", 1)
    eventually(lambda: paper.counted("a") == 9)
    assert "views are read from the journal" not in server.logged()


def test_without_a_journal_views_count_in_memory_and_that_is_told(paper):
    paper.load([section(), article("a")])
    server = paper.serve_without_journal()
    server.view("a", 3)
    eventually(lambda: server.most_read(window="all") == [("a", 3)])
    assert "the journal of views can't have 536875008 bytes: File too large" in server.logged()
    answer = server.get("/readyz")
    assert (answer.status_code, "in memory alone" in answer.text) == (503, True)
    assert server.get("/healthz").status_code == 200
    server.stop()
