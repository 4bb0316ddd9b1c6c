"""The database's file, and the files next to it, changed by something else than Khobor."""

import fcntl
import os
import shutil
import signal
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from khobor import article, eventually, ndjson, run, section

WAIT = 10


def articles(first, last):
    return [article(f"a{number}") for number in range(first, last + 1)]


@pytest.fixture
def backup(paper, tmp_path):
    """A copy of a paper with 30 articles; the paper itself has 30 more, which are in its WAL."""
    paper.load([section(), *articles(1, 30)])
    copy = tmp_path / "backup"
    shutil.copyfile(paper.database, copy)
    return copy


def killed_with_a_wal(paper):
    server = paper.serve()
    paper.load(articles(31, 60))
    server.view("a1", 3)
    server.kill()
    assert os.path.getsize(paper.database + "-wal") > 0


def refused(paper, command, *arguments):
    done = paper.run(command, *arguments)
    assert done.status == 1, done
    assert len(done.said) == 1 and "khobor restore FILE" in done.said[0], done
    return done.said[0]


@pytest.mark.parametrize("put", [shutil.copyfile, shutil.copy2, shutil.move])
def test_a_backup_next_to_the_wal_of_the_file_before_is_refused(paper, backup, put):
    killed_with_a_wal(paper)
    put(backup, paper.database)
    wal = (paper.folder / "paper.db-wal").read_bytes()
    for command in ("serve", "import", "export"):
        why = refused(paper, command, *["--demo"] * (command == "import"))
        assert "was replaced, and" in why
    assert (paper.folder / "paper.db-wal").read_bytes() == wal


def test_a_server_that_was_killed_starts_with_its_own_wal(paper):
    paper.load([section(), *articles(1, 30)])
    killed_with_a_wal(paper)
    server = paper.serve()
    eventually(lambda: server.most_read(window="all") == [("a1", 3)])
    assert server.read("/api/v1/articles/a60")["slug"] == "a60"


def test_a_whole_folder_may_be_copied_with_its_times(paper, tmp_path):
    paper.load([section(), *articles(1, 30)])
    killed_with_a_wal(paper)
    copied = tmp_path / "copied"
    copied.mkdir()
    subprocess.run(["cp", "-a", *tmp_path.glob("paper.db*"), copied], check=True)
    for name in tmp_path.glob("paper.db*"):
        name.unlink()
    for name in copied.iterdir():
        name.rename(tmp_path / name.name)
    server = paper.serve()
    assert server.read("/api/v1/articles/a60")["slug"] == "a60"


def overwrite(backup, database):
    shutil.copyfile(backup, database)


def replace(backup, database):
    os.replace(backup, database)


def remove(_, database):
    os.unlink(database)


@pytest.mark.parametrize("change, told", [
    (overwrite, "was overwritten while it was in use"),
    (replace, "was replaced by another file while it was in use"),
    (remove, "was removed while it was in use")])
def test_a_running_server_writes_nothing_into_another_file(paper, backup, change, told):
    server = paper.serve()
    paper.load(articles(31, 60))
    server.view("a1", 1)
    eventually(lambda: paper.counted("a1") == 1)
    change(backup, paper.database)
    eventually(lambda: server.get("/readyz").status_code == 503, WAIT)
    assert "the database's file was replaced" in server.get("/readyz").text
    assert told in server.logged()
    assert server.post_view("a1").status_code == 503
    before = os.path.exists(paper.database) and open(paper.database, "rb").read()
    if before:  # an import is refused, too
        assert paper.try_load(articles(61, 62)).status == 1
    server.stop()
    assert (os.path.exists(paper.database) and open(paper.database, "rb").read()) == before


def test_another_program_may_write_and_move_the_wal(paper):
    paper.load([section(), *articles(1, 30)])
    server = paper.serve()
    paper.load(articles(31, 60))
    for statements in ("PRAGMA wal_checkpoint", "UPDATE articles SET headline = 'New' WHERE id = 1",
                       "PRAGMA wal_checkpoint(RESTART)", "PRAGMA wal_checkpoint(TRUNCATE)"):
        with closing(sqlite3.connect(paper.database, isolation_level=None)) as other:
            other.execute(statements)
        paper.load([article("a31", headline=f"After {statements}")])
        eventually(lambda: paper.counted("a1") == 0)
        server.view("a2", 1)
        assert server.get("/readyz").status_code == 200, statements
    eventually(lambda: server.most_read(window="all") == [("a2", 4)])
    assert server.get("/readyz").status_code == 200
    assert "was overwritten" not in server.logged()


def test_a_wal_that_another_program_cuts_is_no_replacement(paper):
    """In the same moment as commits of this paper's own processes, too."""
    paper.load([section(), *articles(1, 30)])
    server = paper.serve()
    for number in range(10):
        paper.load([article("a1", headline=f"H{number}")])
        with closing(sqlite3.connect(paper.database, isolation_level=None)) as other:
            other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        server.view("a2", 1)
        eventually(lambda number=number: paper.counted("a2") == number + 1)
        assert server.get("/readyz").status_code == 200, server.logged()


def can_lock(file):
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    fcntl.flock(file, fcntl.LOCK_UN)
    return True


def test_an_import_whose_database_is_overwritten_stores_nothing_in_it(paper, backup):
    importing = paper.start("import", "--strict", "-", stdin=subprocess.PIPE,
                            stderr=subprocess.PIPE)
    importing.stdin.write(ndjson(articles(31, 60)))
    importing.stdin.flush()
    # Its transaction is open: it is locked, and the opening's own writes are recorded.
    record = Path(paper.database + "-serve")
    before = record.stat().st_mtime_ns
    with open(paper.database + "-write", "rb") as lock:
        eventually(lambda: record.stat().st_mtime_ns > before and record.read_bytes()[8] == 0
                   and not can_lock(lock))
    overwrite(backup, paper.database)
    importing.stdin.close()
    assert importing.wait(20) == 1
    assert open(paper.database, "rb").read() == backup.read_bytes()


def test_a_stopped_server_notices_what_happened_in_the_meantime(paper, backup):
    server = paper.serve()
    server.process.send_signal(signal.SIGSTOP)
    for name in ("-wal", "-shm"):  # as if it had just been cut
        Path(paper.database + name).unlink(missing_ok=True)
    os.replace(backup, paper.database)
    paper.load(articles(31, 32))
    server.process.send_signal(signal.SIGCONT)
    eventually(lambda: server.get("/readyz").status_code == 503, WAIT)


def test_an_import_by_another_name_of_a_served_file_is_refused(paper, tmp_path):
    paper.load([section(), article("a")])
    server = paper.serve()
    os.link(paper.database, tmp_path / "other.db")
    done = run("import", "--database", tmp_path / "other.db", "--demo")
    assert (done.status, len(done.said)) == (1, 1), done
    assert "is served under another name" in done.said[0]
    assert server.get("/readyz").status_code == 200


def test_one_file_is_served_once_whatever_its_name(paper, tmp_path):
    paper.load([section(), article("a")])
    server = paper.serve()
    os.unlink(paper.database + "-serve")
    done = paper.run("serve", "--listen", "127.0.0.1:0")
    assert (done.status, len(done.said)) == (1, 1), done
    assert "is served by another process" in done.said[0]
    os.link(paper.database, tmp_path / "other.db")
    done = paper.run("serve", "--listen", "127.0.0.1:0", "--database", tmp_path / "other.db")
    assert (done.status, len(done.said)) == (1, 1), done
    assert "is served by another process" in done.said[0]
    server.stop()


def test_a_wal_that_grew_is_cut(paper):
    """One strict import of 80 MB, which is one transaction."""
    paper.load([section()])
    server = paper.serve()
    done = paper.try_load([article(f"b{number}", body="ক" * 900_000) for number in range(30)],
                          "--strict")
    assert done.status == 0, done
    assert server.get("/readyz").status_code == 200
    eventually(lambda: os.path.getsize(paper.database + "-wal") == 0, WAIT)
