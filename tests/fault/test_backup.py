"""A backup that is taken while views and lines come has all that was acknowledged before it began,
nothing twice; one that can't be written leaves the one before."""

import fcntl
import os
import shutil
import sqlite3
import subprocess
import time
from contextlib import ExitStack, closing

import pytest
from khobor import Paper, article, eventually, ndjson, run, section
from killing import KILLS, count_calls, kills_among, run_killed, stopped_opening
from readers import acknowledged_by, free_port, more_acknowledged, posting, stored, total_of

ARTICLES = 20
EDITION = [section(), *(article(f"a{number}") for number in range(1, ARTICLES + 1))]


def opened(file, folder):
    """A backup as a paper: a copy, because reading makes files next to a database."""
    folder.mkdir(exist_ok=True)
    paper = Paper(folder)
    for path in folder.glob("paper.db*"):
        path.unlink()
    shutil.copyfile(file, paper.database)
    return paper


def back_up(paper, target, *options, **more):
    done = paper.run("backup", target, *options, **more)
    assert (done.status, done.err) == (0, ""), done
    return done.out.decode()


def counts_of(clients, which):
    return [total_of(clients, which, number) for number in range(1, ARTICLES + 1)]


def check_between(paper, least, clients):
    """Each article's views are at least those before the backup, and at most those sent by now."""
    counted = stored(paper)
    sent = [done + open_ for done, open_ in zip(counts_of(clients, "acknowledged"),
                                                counts_of(clients, "unanswered"))]
    for number in range(1, ARTICLES + 1):
        count = counted.get(f"a{number}", 0)
        assert least[number - 1] <= count <= sent[number - 1], number
    assert sum(least) > 0


def test_a_backup_under_views_and_an_import_has_all_that_was_acknowledged(paper, tmp_path):
    paper.load(EDITION)
    server = paper.serve()
    lines = ndjson(article(f"b{number}") for number in range(20000))
    with posting(server.port, 4, articles=ARTICLES, pause_s=0.003) as clients:
        more_acknowledged(clients, 200)
        importing = paper.start("import", "-", stdout=subprocess.DEVNULL)
        importing.stdin.write(lines)
        importing.stdin.close()
        importing.stdin = None
        for turn in range(6):
            more_acknowledged(clients, 100)
            least = counts_of(clients, "acknowledged")
            target = tmp_path / f"backup{turn}.db"
            back_up(paper, target)
            check_between(opened(target, tmp_path / "opened"), least, clients)
        importing.wait()
    server.stop()


def test_views_that_can_not_be_stored_are_in_the_backup(paper, tmp_path):
    """They wait in the journal while another process holds the database."""
    paper.load(EDITION)
    server = paper.serve()
    server.view("a1", 2)
    eventually(lambda: paper.counted("a1") == 2)
    with closing(sqlite3.connect(paper.database, isolation_level=None, timeout=10)) as other:
        other.execute("BEGIN IMMEDIATE")
        server.view("a1", 3)
        assert ", 3 views from the journal" in back_up(paper, tmp_path / "backup.db")
        other.execute("ROLLBACK")
    eventually(lambda: paper.counted("a1") == 5)
    assert ", 0 views from the journal" in back_up(paper, tmp_path / "again.db")
    for name in ("backup.db", "again.db"):
        copy = opened(tmp_path / name, tmp_path / "opened")
        assert stored(copy) == {"a1": 5}
        copy.serve().stop()  # no journal is counted onto it
        assert stored(copy) == {"a1": 5}


def test_views_whose_records_are_overwritten_meanwhile_are_in_the_backup(paper, tmp_path):
    """With the smallest ring, and more views than it holds while a backup is stopped."""
    paper.load(EDITION)
    server = paper.serve({"popularity.journal": 1024})
    target = tmp_path / "backup.db"
    before = after = 0
    for ending in ("-backup-new", "-views", "-backup-new-wal"):
        with open(paper.database + "-write", "rb") as lock, ExitStack() as block:
            fcntl.flock(lock, fcntl.LOCK_EX)
            server.view("a1", 300)
            before += 300
            block.enter_context(stopped_opening(paper, ("backup", target), ending))
            fcntl.flock(lock, fcntl.LOCK_UN)
            for _ in range(3):
                server.view("a2", 400)
                after += 400
                eventually(lambda: stored(paper) == {"a1": before, "a2": after})
        counted = stored(opened(target, tmp_path / "opened"))
        assert counted["a1"] == before, ending
        assert after - 1200 <= counted.get("a2", 0) <= after, ending
    server.stop()


def test_a_folder_keeps_the_newest_backups_of_its_paper(paper, tmp_path):
    paper.load(EDITION)
    folder = tmp_path / "backups"
    folder.mkdir()
    others = ["other-2020-01-01T00-00-00.db", "paper-2020-01-01T00-00-00.db.old", "paper.db",
              "paper-2020-01-01.db", "paper-backup"]
    for name in others:
        (folder / name).write_bytes(b"mine")
    (folder / "paper-2020-01-02T00-00-00.db").write_bytes(b"no database")
    shutil.copyfile(paper.database, folder / "paper-2020-01-03T00-00-00.db")
    (folder / "paper-backup-new").write_bytes(b"of a backup that was killed")
    for _ in range(4):
        back_up(paper, folder, "--keep", "2", "--verify")
    left = sorted(path.name for path in folder.iterdir())
    dated = [name for name in left if name not in (*others, "paper-2020-01-02T00-00-00.db")]
    assert len(left) == len(dated) + len(others) + 1
    assert len(dated) == 2 and dated[0] > "paper-2026"
    assert paper.run("backup", tmp_path / "x.db", "--keep", "2").why.endswith(
        "x.db is no folder; --keep is for dated backups in a folder")


def names(folder):
    return sorted(path.name for path in folder.rglob("*") if "log" not in path.name
                  and not path.name.endswith(("-shm", "-wal")))


@pytest.mark.parametrize("name, told", [
    ("paper.db", "belongs to the database itself"), ("link", "belongs to the database itself"),
    ("paper.db-views", "belongs to the database itself"),
    ("paper.db-restore", "belongs to the database itself"),
    ("served.db", "is a paper that was in use"), ("text", "is not a database of Khobor's"),
    ("dangling", "is not a regular file"), ("none/backup.db", "No such file or directory"),
    ("pipe", "is not a regular file")])
def test_a_target_that_is_no_backup_stays_as_it_is(paper, name, told):
    paper.load(EDITION)
    served = Paper(paper.folder)
    served.database = str(paper.folder / "served.db")
    served.load(EDITION)
    (paper.folder / "link").symlink_to("paper.db")
    (paper.folder / "dangling").symlink_to("nothing")
    (paper.folder / "text").write_text("mine")
    os.mkfifo(paper.folder / "pipe")
    before = names(paper.folder)
    assert told in paper.run("backup", paper.folder / name).why
    assert names(paper.folder) == before
    assert (paper.folder / "text").read_text() == "mine"
    assert len(paper.records()) == len(EDITION)


def test_an_earlier_backup_is_replaced_unless_it_is_open(paper):
    paper.load(EDITION)
    target = paper.folder / "backup.db"
    back_up(paper, target)
    paper.load([article("new")])
    with closing(sqlite3.connect(target)) as other:
        other.execute("SELECT count(*) FROM articles").fetchone()
        assert "is open in another process" in paper.run("backup", target).why
    back_up(paper, target)
    assert len(opened(target, paper.folder / "opened").records()) == len(EDITION) + 1


def test_a_full_disk_leaves_the_backup_before(small_disk):
    small_disk.load(EDITION)
    folder = small_disk.disk / "backups"
    folder.mkdir()
    back_up(small_disk, folder / "backup.db")
    before = (folder / "backup.db").read_bytes()
    small_disk.load([article("new")])
    small_disk.fill_disk()
    done = small_disk.run("backup", folder / "backup.db")
    assert done.status == 1 and len(done.said) == 1, done
    small_disk.free_disk()
    assert names(folder) == ["backup.db"]
    assert (folder / "backup.db").read_bytes() == before


def test_a_killed_backup_leaves_the_one_before_and_the_next_cleans_up(paper, tmp_path):
    paper.load(EDITION)
    target = tmp_path / "backups" / "backup.db"
    target.parent.mkdir()
    back_up(paper, target)
    before = len(EDITION)
    calls = count_calls(paper, ("backup", target))
    paper.load([article("new")])
    for call in kills_among(calls):
        old = target.read_bytes()
        killed = run_killed(paper, ("backup", target), call)
        found = len(opened(target, tmp_path / "opened").records())
        assert found in (before, before + 1), call
        assert not killed or found == before + 1 or target.read_bytes() == old
        assert run("export", "--database", paper.database).status == 0
    back_up(paper, target)
    assert names(target.parent) == ["backup.db"]


def test_backups_and_servers_that_are_killed_under_load_lose_nothing(paper, tmp_path):
    """Every backup that ended well has what was acknowledged before; so has the paper at the end."""
    paper.load(EDITION)
    port = free_port()
    options = ("--listen", f"127.0.0.1:{port}")
    server = paper.serve(options=options)
    target = tmp_path / "backup.db"
    with posting(port, 4, articles=ARTICLES, pause_s=0.002) as clients:
        calls = count_calls(paper, ("backup", target))
        for turn in range(max(KILLS, 10)):
            more_acknowledged(clients, 30)
            run_killed(paper, ("backup", target), 1 + (turn * 37) % calls)
            least = counts_of(clients, "acknowledged")
            if turn % 2:
                server.kill()
            back_up(paper, target)
            check_between(opened(target, tmp_path / "opened"), least, clients)
            if turn % 2:
                server = paper.serve(options=options)
    assert acknowledged_by(clients) > 0
    deadline = time.monotonic() + 10
    while sum(stored(paper).values()) < acknowledged_by(clients):
        assert time.monotonic() < deadline
    check_between(paper, counts_of(clients, "acknowledged"), clients)
    server.stop()
