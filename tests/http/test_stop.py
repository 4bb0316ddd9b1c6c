"""Stopping: in time, with exit status 0, and with nothing lost that was answered."""

import fcntl
import signal
import sqlite3
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Thread

import pytest
from khobor import PATIENCE, a_reader, article, eventually, section

EDITION = [section("a"), article("one", "a", body="x" * 3_000_000), article("two", "a")]
LOST = "khobor: database: {} views could not be stored in the end and are lost\n"
HALF = (b"POST /api/v1/articles/two/views HTTP/1.1\r\nHost: x\r\nUser-Agent: Mozilla/5.0 half\r\n"
        b"Content-Length: 9\r\n\r\nhalf")
SIGNALS = pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])


@pytest.fixture
def server(paper):
    return paper.load(EDITION).serve()


@SIGNALS
def test_a_server_at_rest_stops_at_once(server, how):
    began = time.monotonic()
    server.stop(how)
    assert time.monotonic() - began < 1 * PATIENCE
    assert " info: stopping\n" in server.logged()


@SIGNALS
def test_a_server_stops_at_once_with_connections_that_wait(server, how):
    wires = [server.wire() for _ in range(50)]
    assert {wire.ask("GET /healthz").status for wire in wires[:40]} == {200}
    began = time.monotonic()
    server.stop(how)
    assert time.monotonic() - began < 1 * PATIENCE
    assert all(wire.is_ended() for wire in wires)


def test_other_signals_end_nothing(server):
    for other in (signal.SIGUSR1, signal.SIGUSR2, signal.SIGHUP, signal.SIGPIPE, signal.SIGXFSZ):
        server.process.send_signal(other)
        assert server.get("/healthz").status_code == 200
    eventually(lambda: server.get("/readyz").status_code == 200)
    assert "stopping" not in server.logged()


def test_clients_that_neither_end_nor_read_do_not_keep_a_server_from_stopping(server):
    wires = [server.wire() for _ in range(4)]
    wires[0].send(b"GET")
    wires[1].send(b"GET /healthz HTTP/1.1\r\nHost: x\r\n")
    wires[2].send(HALF)
    wires[3].send(b"GET /api/v1/articles/one HTTP/1.1\r\nHost: x\r\n\r\n" * 8)
    assert server.get("/healthz").status_code == 200
    server.stop()
    assert all(wire.is_ended() for wire in wires[:3])


def test_a_request_under_way_is_answered(paper, server):
    with server.wire() as wire:
        wire.send(HALF)
        assert server.get("/healthz").status_code == 200
        server.process.send_signal(signal.SIGTERM)
        eventually(lambda: " info: stopping" in server.logged())
        assert wire.send(b"whole").answer().status == 204
    server.stop()
    assert paper.counted("two") == 1


def test_nobody_new_is_let_in_while_stopping(server):
    with server.wire() as wire:
        wire.send(HALF)
        server.process.send_signal(signal.SIGTERM)

        def refused():
            try:
                with server.wire() as another:
                    return another.ask("GET /healthz") is None
            except OSError:
                return True
        assert eventually(refused, 2 * PATIENCE)
    server.stop()


@SIGNALS
def test_every_view_that_was_answered_is_counted(paper, server, how):
    answered = [0] * 6

    def post(number):
        connection = HTTPConnection("127.0.0.1", server.port, timeout=10)
        try:
            while True:
                connection.request("POST", "/api/v1/articles/two/views",
                                   headers={"User-Agent": a_reader()})
                answer = connection.getresponse()
                answer.read()
                assert answer.status == 204
                answered[number] += 1
        except (OSError, HTTPException):
            connection.close()
    threads = [Thread(target=post, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    eventually(lambda: sum(answered) > 1000, 10 * PATIENCE)
    server.stop(how)
    for thread in threads:
        thread.join()
    # Each of the six may have had one under way whose answer it did not see.
    assert 0 <= paper.counted("two") - sum(answered) <= 6
    # One that was counted may have lost its answer to the stop, for each client.
    # One that was counted may have lost its answer to the stop, for each client.
    assert sum(answered) <= paper.counted("two") <= sum(answered) + len(threads)


def test_a_server_stops_in_time_while_another_process_writes(paper, server):
    server.view("two", 3)
    eventually(lambda: paper.counted("two") == 3)
    with open(paper.database + "-write", "wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        server.view("two", 2)
        server.stop()
    assert paper.counted("two") == 3
    again = paper.serve()
    eventually(lambda: again.most_read() == [("two", 5)])


def test_a_server_stops_in_time_while_another_program_writes(paper, server):
    server.view("two", 3)
    eventually(lambda: paper.counted("two") == 3)
    database = sqlite3.connect(paper.database, isolation_level=None)
    database.execute("BEGIN IMMEDIATE")
    server.view("two", 2)
    server.stop()
    database.execute("ROLLBACK")
    database.close()
    again = paper.serve()
    eventually(lambda: again.most_read() == [("two", 5)])


def test_views_that_are_in_memory_alone_are_named_when_they_are_lost(paper, server):
    """Without a journal, as when its file can't be made."""
    server.stop()
    Path(paper.database + "-views").unlink()
    server = paper.serve_without_journal()
    with open(paper.database + "-write", "wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        server.view("two", 2)
        server.stop(status=1)
    assert server.logged().endswith(LOST.format(2))
    assert paper.counted("two") == 0


def test_nothing_is_lost_when_nothing_waits_to_be_stored(paper, server):
    with open(paper.database + "-write", "wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        server.stop()


def test_views_are_stored_in_the_end_when_the_other_process_ends_in_time(paper, server):
    with open(paper.database + "-write", "wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        server.view("two", 2)
        server.process.send_signal(signal.SIGTERM)
        eventually(lambda: " info: stopping" in server.logged())
    server.stop()
    assert paper.counted("two") == 2


def test_a_second_signal_changes_nothing(server):
    with server.wire() as wire:
        wire.send(b"GET")
        assert server.get("/healthz").status_code == 200
        for how in (signal.SIGTERM, signal.SIGINT, signal.SIGTERM):
            server.process.send_signal(how)
        server.stop()


def test_a_database_is_whole_after_a_stop(paper, server):
    server.view("two")
    server.stop()
    assert {path.name for path in paper.folder.glob("paper.db-*") if path.stat().st_size} == {
        "paper.db-serve", "paper.db-versions", "paper.db-views"}
    with sqlite3.connect(paper.database) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_server_may_be_started_and_stopped_again_and_again(paper):
    paper.load([section("a"), article("one", "a")])
    for count in range(1, 6):
        server = paper.serve()
        server.view("one")
        server.stop()
        assert paper.counted("one") == count


def test_a_hang_up_and_a_broken_pipe_are_no_end(server):
    for how in (signal.SIGPIPE, signal.SIGXFSZ):
        server.process.send_signal(how)
    assert server.get("/healthz").status_code == 200
