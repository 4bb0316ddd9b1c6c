"""The journal's file overwritten, cut, removed and replaced under a server that counts views."""

import os
import sqlite3
import struct
from contextlib import closing

import pytest
from khobor import article, eventually, section
from readers import check_counts, free_port, more_acknowledged, posting

ARTICLES = 5
WAIT = 10
HEADER_BYTES = 4096
RECORD_BYTES = 32


@pytest.fixture
def journal(paper):
    """The path of the journal of a paper with a few articles."""
    paper.load([section(), *(article(f"a{number}") for number in range(1, ARTICLES + 1))])
    return paper.database + "-views"


def overwrite(path, begin, end):
    """As dd conv=notrunc does."""
    with open(path, "r+b") as file:
        file.seek(begin)
        file.write(bytes(end - begin))


def overwrite_records(path):
    overwrite(path, HEADER_BYTES, os.path.getsize(path))


def overwrite_all(path):
    overwrite(path, 0, os.path.getsize(path))


def cut(path):
    os.truncate(path, 0)


def cut_within(path):
    os.truncate(path, HEADER_BYTES + 32 * 1000 + 5)


def remove(path):
    os.unlink(path)


def replace(path):
    with open(path, "rb") as old, open(path + "-copy", "wb") as new:
        new.write(old.read())
    os.rename(path + "-copy", path)


@pytest.mark.parametrize("damage", [overwrite_records, overwrite_all, cut, cut_within, remove,
                                    replace])
def test_views_outlive_what_happens_to_the_journal(paper, journal, damage):
    """No view is lost, not even by a kill after the journal was written again, and it is said."""
    port = free_port()
    server = paper.serve(options=["--listen", f"127.0.0.1:{port}"])
    with posting(port, 2, articles=ARTICLES, pause_s=0.001) as clients:
        more_acknowledged(clients, 100)
        damage(journal)
        eventually(lambda: server.get("/readyz").status_code == 503, WAIT)
        eventually(lambda: server.get("/readyz").status_code == 200, WAIT)
        more_acknowledged(clients, 100)
        server.kill()
    assert "views are in memory alone until they can be stored (" in server.logged()
    server = paper.serve()
    check_counts(server, clients)


@pytest.mark.parametrize("position", [-1, -(1 << 63), (1 << 63) - 1])
def test_a_damaged_position_in_the_journal_is_said_and_counting_goes_on(paper, journal, position):
    """Which records of the old journal are stored is not known: none is counted again."""
    assert journal
    server = paper.serve()
    server.view("a1", 3)
    eventually(lambda: paper.counted("a1") == 3)
    server.stop()
    with closing(sqlite3.connect(paper.database)) as base, base:
        base.execute("UPDATE state SET value = ? WHERE name = 'journal_applied'", (position,))
    server = paper.serve()
    assert f"journal_applied is {position}, not 0 to " in server.logged()
    server.view("a1", 1)
    server.kill()
    server = paper.serve()
    eventually(lambda: server.most_read(window="all") == [("a1", 4)])
    assert server.get("/readyz").status_code == 200
    assert "damaged" not in server.logged()


def check_of(*words):
    """The hash that ends a record."""
    mixed = 0x9E3779B97F4A7C15
    for word in words:
        mixed = (mixed ^ word % 2 ** 64) * 0xFF51AFD7ED558CCD % 2 ** 64
        mixed ^= mixed >> 32
    return mixed


@pytest.mark.parametrize("time", [-(1 << 63), -1, 0, 1 << 40, (1 << 63) - 1])
def test_a_record_of_an_impossible_time_ends_no_server(paper, journal, time):
    """A clock may have been anywhere: the view is counted, in whatever hour."""
    server = paper.serve()
    server.view("a1", 2)
    server.kill()
    with open(journal, "r+b") as file:
        _, journal_id, _ = struct.unpack("=3q", file.read(24))
        file.seek(HEADER_BYTES + RECORD_BYTES)  # record 1
        number, _, what, _ = struct.unpack("=3qQ", file.read(RECORD_BYTES))
        assert number == 1
        file.seek(HEADER_BYTES + RECORD_BYTES)
        file.write(struct.pack("=3qQ", number, time, what,
                               check_of(journal_id, number, time, what)))
    with closing(sqlite3.connect(paper.database)) as base, base:
        base.execute("UPDATE state SET value = 0 WHERE name = 'journal_applied'")
    server = paper.serve()
    server.view("a2", 1)
    eventually(lambda: paper.counted("a2") == 1)
    assert paper.counted_apart("a1")[0] >= 2
    assert server.get("/readyz").status_code == 200
    assert server.most_read(window="1h")
    server.stop()
    assert "error" not in server.logged()
