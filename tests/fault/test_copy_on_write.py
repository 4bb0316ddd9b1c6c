"""A full disk that copies on write: a store into a block that a copy shares has no room."""

import os

import pytest
from khobor import article, eventually, section

WAIT = 20


pytestmark = pytest.mark.mount("btrfs", "xfs")


@pytest.fixture
def full_disk(copying_disk):
    """A paper with five stored views, on a disk that is full, and whose blocks are all shared."""
    copying_disk.load([section(), article("a"), article("b")])
    server = copying_disk.serve()
    server.view("a", 5)
    eventually(lambda: copying_disk.counted("a") == 5)
    server.stop()
    return copying_disk


def fill(paper):
    paper.share_blocks()
    paper.fill_disk()


def check_waiting(server):
    """Views are taken, and it is told that they are nowhere but in memory."""
    eventually(lambda: server.get("/readyz").status_code == 503, WAIT)
    assert server.get("/healthz").status_code == 200
    assert server.get("/api/v1/articles/a").status_code == 200


def check_healed(paper, server, views):
    paper.free_disk()
    eventually(lambda: dict(server.most_read(window="all")) == views, WAIT)
    eventually(lambda: server.get("/readyz").status_code == 200, WAIT)
    eventually(lambda: paper.counted("a") == views["a"], WAIT)


def test_a_disk_that_fills_up_ends_no_server_and_loses_no_view(full_disk):
    server = full_disk.serve()
    fill(full_disk)
    server.view("a", 3)
    server.view("b", 2)
    check_waiting(server)
    check_healed(full_disk, server, {"a": 8, "b": 2})
    server.view("a", 1)
    eventually(lambda: full_disk.counted("a") == 9, WAIT)
    server.stop()


def test_a_disk_with_a_few_blocks_left_ends_no_server(full_disk):
    """Enough for the WAL and not for its index, which SQLite maps."""
    server = full_disk.serve()
    full_disk.share_blocks()
    for blocks in range(7, 15):
        full_disk.fill_disk(room=blocks * 4096)
        os.sync()
        server.view("a", 1)
        check_waiting(server)
        full_disk.free_disk()
        eventually(lambda blocks=blocks: full_disk.counted("a") == blocks - 1, WAIT)
        eventually(lambda: server.get("/readyz").status_code == 200, WAIT)
    server.stop()


def test_a_start_on_a_full_disk_says_why_and_loses_nothing(full_disk):
    """SQLite needs a WAL and its index, which have no room."""
    server = full_disk.serve()
    server.view("a", 3)
    server.kill()
    fill(full_disk)
    done = full_disk.run("serve", "--listen", "127.0.0.1:0")
    assert (done.status, len(done.said)) == (1, 1), done
    full_disk.free_disk()
    server = full_disk.serve()
    eventually(lambda: server.most_read(window="all") == [("a", 8)], WAIT)
    server.stop()


def test_versions_on_a_full_disk_are_moved_in_memory(full_disk):
    """An import moves versions, which needs a block."""
    server = full_disk.serve()
    assert "Headline of a" in server.get("/api/v1/articles/a").text
    full_disk.share_blocks()
    full_disk.fill_disk(room=1_000_000)
    done = full_disk.try_load([article("a", headline="Another")])
    assert done.status in (0, 1), done
    said = "Another" if done.status == 0 else "Headline of a"
    eventually(lambda: said in server.get("/api/v1/articles/a").text, WAIT)
    full_disk.free_disk()
    full_disk.load([article("a", headline="After")])
    eventually(lambda: "After" in server.get("/api/v1/articles/a").text, WAIT)
    server.stop()
