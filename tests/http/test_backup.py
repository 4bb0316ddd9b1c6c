"""khobor backup and khobor restore."""

import os
import resource
import shutil
import sqlite3
from contextlib import closing

import pytest
from khobor import article, eventually, run, section


@pytest.fixture
def server(paper):
    paper.load([section(), *(article(f"a{number}") for number in range(1, 6))])
    return paper.serve()


def backup(paper, target, *options):
    done = paper.run("backup", *options, target)
    assert (done.status, done.err) == (0, ""), done
    return done.out.decode().strip()


def refused(done, why):
    assert (done.status, len(done.said), done.out) == (1, 1, b""), done
    assert why in done.said[0], done.said


def counted(database, slug):
    done = run("views", "--database", str(database), slug)
    assert done.status == 0, done
    return tuple(map(int, done.out.decode().splitlines()[-1].split("\t")[1:]))


def slugs(database):
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as opened:
        return [slug for slug, in opened.execute("SELECT slug FROM articles ORDER BY id")]


def test_a_backup_holds_what_was_acknowledged_before_it(paper, server, tmp_path):
    """Views that wait in the journal, too: nothing was stored since they were posted."""
    for times in range(1, 6):
        server.view("a1", 10)
        server.post_view("a2", User_Agent="Googlebot")
        target = tmp_path / f"copy{times}.db"
        assert backup(paper, target) == str(target)
        assert counted(target, "a1") == (10 * times, 0, 0)
        assert counted(target, "a2") == (0, 0, times)
        assert len(slugs(target)) == 5
    eventually(lambda: paper.counted("a1") == 50)


def test_a_backup_is_one_file_that_can_be_served(paper, server, tmp_path):
    server.view("a3", 7)
    backup(paper, tmp_path / "copy.db", "--verify")
    assert [path.name for path in tmp_path.glob("copy*")] == ["copy.db"]
    done = run("serve", "--help")
    assert done.status == 0
    server.stop()
    paper.database = str(tmp_path / "copy.db")
    other = paper.serve()
    eventually(lambda: other.most_read(window="all") == [("a3", 7)])
    other.view("a3", 1)
    eventually(lambda: other.most_read(window="all") == [("a3", 8)])


def test_a_folder_gets_dated_copies_and_the_oldest_go(paper, server, tmp_path):
    folder = tmp_path / "copies"
    folder.mkdir()
    others = ["other-2020-01-01T00-00-00Z.db", "paper-2020.db", "paper-notes", "paper-x.db"]
    for name in others:
        (folder / name).write_text("")
    for day in range(1, 5):
        (folder / f"paper-2020-01-0{day}T00-00-00Z.db").write_text("")
    made = backup(paper, folder, "--keep", "3")
    assert sorted(path.name for path in folder.iterdir()) == sorted([
        *others, "paper-2020-01-03T00-00-00Z.db", "paper-2020-01-04T00-00-00Z.db",
        os.path.basename(made)])
    assert server.get("/readyz").status_code == 200


def test_what_a_backup_may_not_overwrite_stays(paper, server, tmp_path):
    text, other = tmp_path / "notes", tmp_path / "other.db"
    text.write_text("notes")
    with closing(sqlite3.connect(other)) as opened:
        opened.execute("CREATE TABLE own (own)")
    shutil.copyfile(paper.database, tmp_path / "second.db")
    (tmp_path / "second.db-wal").write_bytes(b"x")
    link = tmp_path / "link.db"
    os.link(paper.database, link)
    for target, why in ((paper.database, "is the paper itself"), (link, "is the paper itself"),
                        (text, "is not an SQLite database"),
                        (other, "belongs to another program"),
                        (tmp_path / "second.db", "is a paper, not a copy: files of one are next to it"),
                        (tmp_path / "nowhere/x.db", "can't be created: No such file")):
        before = target.read_bytes() if hasattr(target, "read_bytes") and target.exists() else None
        refused(paper.run("backup", target), why)
        assert before is None or target.read_bytes() == before
    assert not list(tmp_path.glob("*-new*"))


def test_a_backup_onto_a_full_disk_is_undone(paper, server, tmp_path):
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    target = tmp_path / "copy.db"
    backup(paper, target)
    before = target.read_bytes()
    done = paper.run("backup", target, preexec_fn=lambda: resource.setrlimit(
        resource.RLIMIT_FSIZE, (50_000, limit)))
    refused(done, "the copy can't be written")
    assert target.read_bytes() == before
    assert not list(tmp_path.glob("copy.db-*"))


@pytest.mark.parametrize("keep", ["0", "-1", "x", "1x", "", "10001"])
def test_a_wrong_number_of_copies_is_wrong_usage(paper, server, tmp_path, keep):
    done = paper.run("backup", "--keep", keep, tmp_path)
    assert done.status == 2 and "--keep must be a number from 1 to 10000" in done.said[0], done
    refused(paper.run("backup", "--keep", "2", tmp_path / "x.db"), "--keep: ")


def test_a_paper_is_restored_and_the_one_before_is_whole(paper, server, tmp_path):
    server.view("a1", 3)
    copy = backup(paper, tmp_path / "copy.db")
    paper.load([article("a6"), article("a7")])
    server.view("a2", 4)
    server.kill()  # so that its WAL and its journal have something
    done = paper.run("restore", copy)
    assert (done.status, done.err) == (0, ""), done
    aside = next(tmp_path.glob("paper-before-*.db"))
    server = paper.serve()
    eventually(lambda: server.most_read(window="all") == [("a1", 3)])
    assert slugs(paper.database) == [f"a{number}" for number in range(1, 6)]
    server.stop()
    # It can be restored in turn, with the views that waited in its journal.
    paper.database = str(aside)
    server = paper.serve()
    eventually(lambda: server.most_read(window="all") == [("a2", 4), ("a1", 3)])
    assert slugs(aside) == [f"a{number}" for number in range(1, 8)]


def test_the_same_copy_may_be_restored_again_and_counts_nothing_twice(paper, server, tmp_path):
    copy = backup(paper, tmp_path / "copy.db")
    for _ in range(3):
        server.view("a1", 5)
        server.kill()
        done = eventually(lambda: (ran := paper.run("restore", copy)).status == 0 and ran)
        assert done.err == ""
        server = paper.serve()
        server.view("a2", 1)
        eventually(lambda server=server: server.most_read(window="all") == [("a2", 1)])


def test_a_file_in_place_of_the_database_is_taken_as_it_is(paper, server, tmp_path):
    copy = backup(paper, tmp_path / "copy.db")
    paper.load([article("a6")])
    server.kill()
    shutil.copyfile(copy, paper.database)
    done = paper.run("serve", "--listen", "127.0.0.1:0")
    refused(done, f"khobor restore FILE")
    done = paper.run("restore", paper.database)
    assert (done.status, done.err) == (0, ""), done
    assert list(tmp_path.glob("paper-before-*.db-wal"))
    server = paper.serve()
    assert slugs(paper.database) == [f"a{number}" for number in range(1, 6)]


def test_what_can_not_be_restored_changes_nothing(paper, server, tmp_path):
    copy = tmp_path / "copy.db"
    backup(paper, copy)
    refused(paper.run("restore", copy), "is served by another process")
    server.stop()
    damaged, text = tmp_path / "damaged.db", tmp_path / "notes"
    content = bytearray(copy.read_bytes())
    content[9000:60000] = bytes(51000)
    damaged.write_bytes(content)
    text.write_text("notes")
    (tmp_path / "empty").write_bytes(b"")
    before = open(paper.database, "rb").read()
    for source, why in ((damaged, "damaged"), (text, "is not an SQLite database"),
                        (tmp_path / "empty", "is empty"), (tmp_path / "none", "No such file"),
                        (tmp_path, "is a folder")):
        refused(paper.run("restore", source), why)
        assert open(paper.database, "rb").read() == before
    assert not list(tmp_path.glob("paper-before*")) and not list(tmp_path.glob("*-restore*"))


def test_a_paper_is_restored_where_there_is_none(paper, server, tmp_path):
    copy = backup(paper, tmp_path / "copy.db")
    paper.database = str(tmp_path / "moved.db")
    done = paper.run("restore", "--verify", copy)
    assert (done.status, done.out.decode()) == (0, f"{paper.database} is restored\n"), done
    other = paper.serve()
    assert other.read("/api/v1/articles/a5")["slug"] == "a5"
