"""A restore leaves the old paper or the new one, whole, whatever is killed when; the old one stays."""

import fcntl
import shutil
import sqlite3
from contextlib import closing

import pytest
from khobor import Paper, article, eventually, hour, section, views
from killing import count_calls, kills_among, run_killed

OLD, NEW = (60, 13), (30, 5)  # articles, and views of the first


def articles(first, last):
    return [article(f"a{number}") for number in range(first, last + 1)]


def paper_in(folder):
    folder.mkdir(exist_ok=True)
    return Paper(folder)


def killed_with_views(paper, count):
    """Leaves articles in the WAL, and views in the journal that are not stored."""
    server = paper.serve()
    paper.load(articles(31, 60))
    with open(paper.database + "-write", "rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        server.view("a1", count)
        server.kill()


def holds(paper):
    """What a paper has, once a server has stored what waits."""
    paper.serve().stop()
    records = paper.records()
    return (sum(record["type"] == "article" for record in records),
            sum(record["count"] for record in records
                if record["type"] == "views" and record["slug"] == "a1"))


@pytest.fixture(scope="module")
def papers(tmp_path_factory):
    """A folder with a paper whose server was killed, and a backup of an earlier state."""
    folder = tmp_path_factory.mktemp("papers")
    paper = paper_in(folder / "old")
    paper.load([section(), *articles(1, 30), views("a1", hour(5), 5)])
    done = paper.run("backup", folder / "backup.db")
    assert (done.status, done.err) == (0, "")
    paper.load([views("a1", hour(4), 1)])
    killed_with_views(paper, 7)
    return folder


@pytest.fixture
def work(papers, tmp_path):
    """A copy of them, which a test may change."""
    def copy(name="work"):
        shutil.rmtree(tmp_path / name, ignore_errors=True)
        shutil.copytree(papers / "old", tmp_path / name)
        shutil.copy2(papers / "backup.db", tmp_path / name / "backup.db")
        return Paper(tmp_path / name)
    return copy


def parked(paper):
    return sorted(path.name for path in paper.folder.glob("paper.db-2*"))


def test_a_restore_puts_a_backup_in_place_and_can_be_undone(work):
    paper = work()
    done = paper.run("restore", paper.folder / "backup.db")
    assert (done.status, done.err) == (0, "")
    assert holds(paper) == NEW
    old = parked(paper)
    assert [name[len("paper.db-2026-12-01T04-05-06"):] for name in old] == ["", "-views", "-wal"]
    assert done.out.decode().endswith(f"the database before is now {paper.folder / old[0]}\n")
    assert paper.run("restore", "--verify", paper.folder / old[0]).status == 0
    assert holds(paper) == OLD


def test_a_database_itself_is_restored_without_its_side_files(work):
    """As after a backup was copied over the file of a server that was killed."""
    paper = work()
    shutil.copyfile(paper.folder / "backup.db", paper.database)
    assert paper.run("restore", paper.database).status == 0
    assert holds(paper) == NEW
    assert [name[-4:] for name in parked(paper)][1:] == ["iews", "-wal"]


def test_a_restore_to_another_machine_needs_no_database(work, tmp_path):
    source, there = work(), paper_in(tmp_path / "there")
    done = there.run("restore", source.folder / "backup.db")
    assert (done.status, "is now" in done.out.decode()) == (0, False)
    assert holds(there) == NEW
    assert parked(there) == []


def state(paper):
    return {path.name: path.read_bytes() for path in paper.folder.iterdir()
            if not path.name.endswith(("-shm", "-gate", "-write", "-serve"))
            and not path.name.startswith("log")}


def damage(paper):
    file = paper.folder / "backup.db"
    data = bytearray(file.read_bytes())
    data[4096 * 3:4096 * 9] = b"x" * (4096 * 6)
    file.write_bytes(data)
    return file


def other_program(paper):
    file = paper.folder / "other.db"
    with closing(sqlite3.connect(file)) as other:
        other.execute("CREATE TABLE x (y)")
    return file


def text(paper):
    file = paper.folder / "text"
    file.write_text("no database\n" * 100)
    return file


def newer(paper):
    file = paper.folder / "backup.db"
    with closing(sqlite3.connect(file)) as other:
        other.execute("PRAGMA user_version = 99")
        other.execute("PRAGMA journal_mode = DELETE")
    return file


@pytest.mark.parametrize("make, told", [
    (damage, "is damaged"), (other_program, "is not a database of Khobor's"),
    (text, "is not a database of Khobor's"), (newer, "use a newer Khobor"),
    (lambda paper: paper.folder / "none", "can't be opened: No such file"),
    (lambda paper: paper.folder, "is not a database of Khobor's")])
def test_what_can_not_be_restored_leaves_everything_as_it_is(work, make, told):
    paper = work()
    file = make(paper)
    before = state(paper)
    assert told in paper.run("restore", file).why
    assert state(paper) == before
    assert holds(paper) == OLD


def test_a_database_in_use_is_not_replaced(work):
    paper = work()
    server = paper.serve()
    assert "is served by another process" in paper.run("restore", paper.folder / "backup.db").why
    server.stop()
    with open(paper.database + "-write", "rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = paper.run("restore", paper.folder / "backup.db",
                         settings={"store.lock_timeout_ms": 100})
        assert "is being written by another process" in done.why
    with closing(sqlite3.connect(paper.database)) as other:
        other.execute("SELECT count(*) FROM articles").fetchone()
        assert "is open in another process" in paper.run("restore", paper.folder / "backup.db").why
    assert holds(paper) == (60, 13)
    assert parked(paper) == []


def test_a_file_that_is_no_database_is_not_put_away(paper, work):
    source = work()
    note = paper.folder / "paper.db"
    note.write_text("mine")
    assert "is there, and is not a database of Khobor's" in \
        paper.run("restore", source.folder / "backup.db").why
    assert [path.name for path in paper.folder.iterdir() if path.is_file()] == ["paper.db"]
    assert note.read_text() == "mine"


def begin(paper, how):
    """What an operator may do first after a kill."""
    if how == 0:
        assert paper.run("export").status == 0
    if how == 1:
        assert paper.run("restore", paper.folder / "backup.db").status == 0
    return holds(paper)


def test_a_restore_that_is_killed_leaves_the_old_paper_or_the_new_one(work):
    paper = work("count")
    restore = ("restore", paper.folder / "backup.db")
    seen = set()
    for turn, call in enumerate(kills_among(count_calls(paper, restore))):
        paper = work()
        killed = run_killed(paper, ("restore", paper.folder / "backup.db"), call)
        held = begin(paper, turn % 3)
        assert held in (OLD, NEW), (call, held)
        seen.add(held)
        if not killed or held == NEW:
            assert held == NEW
            old = paper.folder / parked(paper)[0]
            assert paper.run("restore", old).status == 0, call
            assert holds(paper) == OLD, call
        assert not list(paper.folder.glob("paper.db-restore*")) or held == OLD
    assert seen == {OLD, NEW}


def test_a_new_file_that_somebody_removed_amid_a_restore_undoes_it(work):
    paper = work("count")
    calls = count_calls(paper, ("restore", paper.folder / "backup.db"))
    undone = 0
    for call in range(calls, 0, -1):
        paper = work()
        run_killed(paper, ("restore", paper.folder / "backup.db"), call)
        note, new = (paper.folder / f"paper.db-{end}" for end in ("restore", "restore-new"))
        if not (note.exists() and new.exists()):
            if undone:
                break
            continue
        new.unlink()
        assert holds(paper) == OLD, call
        assert parked(paper) == [], call
        undone += 1
    assert undone >= 5


def test_a_full_disk_leaves_the_old_paper(small_disk, papers):
    small_disk.load([section(), article("a1")])
    shutil.copy2(papers / "backup.db", small_disk.folder / "backup.db")
    small_disk.fill_disk()
    done = small_disk.run("restore", small_disk.folder / "backup.db")
    assert done.status == 1 and len(done.said) == 1, done
    small_disk.free_disk()
    assert not list(small_disk.disk.glob("*restore*"))
    server = small_disk.serve({"popularity.journal": 1024})
    eventually(lambda: server.get("/readyz").ok)
    assert server.read("/api/v1/articles/a1")["slug"] == "a1"
