"""The files that khobor backup and khobor restore must not take for copies of theirs."""

import os
import shutil
import sqlite3
from contextlib import closing

import pytest
from khobor import article, eventually, ndjson, section

OWN_NAME = "is a name that the paper itself uses"
IN_THE_WAY = "is in the way; move it"


@pytest.fixture
def paper(paper):
    return paper.load([section(), *(article(f"a{number}") for number in range(1, 6))])


@pytest.fixture
def copy(paper, tmp_path):
    assert paper.run("backup", tmp_path / "copy.db").status == 0
    return tmp_path / "copy.db"


def refused(done, why):
    assert (done.status, len(done.said), done.out) == (1, 1, b""), done
    assert why in done.said[0], done.said


def contents(folder):
    """The files without what a reader of SQLite's leaves: an index of the WAL and an empty WAL."""
    found = {path.name: path.read_bytes() for path in folder.iterdir() if not path.is_symlink()}
    return {name: content for name, content in found.items()
            if not name.endswith("-shm") and (content or not name.endswith("-wal"))}


@pytest.mark.parametrize("suffix", ["wal", "shm", "journal", "serve", "gate", "write", "views",
                                    "versions", "versions-new", "restore"])
def test_a_backup_takes_no_name_of_the_paper_s_own_files(paper, tmp_path, suffix):
    before = contents(tmp_path)
    refused(paper.run("backup", f"{paper.database}-{suffix}"), OWN_NAME)
    os.symlink(tmp_path, tmp_path / "link")
    refused(paper.run("backup", tmp_path / "link" / f"{os.path.basename(paper.database)}-{suffix}"),
            OWN_NAME)
    assert contents(tmp_path) == before


def test_a_copy_of_the_temporary_name_is_not_restored_onto_itself(paper, copy, tmp_path):
    temporary = tmp_path / f"{os.path.basename(paper.database)}-restore"
    shutil.copyfile(copy, temporary)
    os.link(temporary, tmp_path / "hard.db")
    os.symlink(temporary, tmp_path / "soft.db")
    before = contents(tmp_path)
    for source in (temporary, tmp_path / "hard.db", tmp_path / "soft.db"):
        refused(paper.run("restore", source), OWN_NAME)
    assert contents(tmp_path) == before


@pytest.mark.parametrize("suffix", ["-new", "-new-wal", "-new-journal"])
def test_a_file_of_another_s_in_the_place_of_the_temporary_one_stays(paper, copy, suffix):
    other = copy.with_name(copy.name + suffix)
    other.write_text("the notes of a month")
    before = contents(copy.parent)
    refused(paper.run("backup", copy), IN_THE_WAY)
    assert contents(copy.parent) == before


@pytest.mark.parametrize("make", [os.link, os.symlink])
def test_a_link_in_the_place_of_the_temporary_one_stays(paper, copy, tmp_path, make):
    precious = tmp_path / "precious.db"
    shutil.copyfile(copy, precious)
    make(precious, copy.with_name("copy.db-new"))
    before = precious.read_bytes()
    refused(paper.run("backup", copy), IN_THE_WAY)
    assert precious.read_bytes() == before and copy.with_name("copy.db-new").exists()


def test_what_a_killed_backup_left_is_used_again(paper, copy):
    left = copy.with_name("copy.db-new")
    for content in (b"", bytes(4096), copy.read_bytes()):
        left.write_bytes(content)
        done = paper.run("backup", copy)
        assert (done.status, done.err) == (0, ""), done
        assert not left.exists()


def test_another_paper_at_rest_is_not_replaced(paper, copy, tmp_path):
    ours, paper.database = paper.database, str(tmp_path / "other.db")
    paper.load([section(), article("theirs")])
    assert not os.path.exists(f"{paper.database}-wal")
    paper.database, other = ours, tmp_path / "other.db"
    before = other.read_bytes()
    refused(paper.run("backup", other), "is a paper, not a copy")
    assert other.read_bytes() == before


def test_no_restore_while_an_import_has_the_paper_open(paper, copy):
    """What the import acknowledges would go into the paper that is put aside."""
    importing = paper.start("import", "-")
    importing.stdin.write(ndjson([section(f"more{number}") for number in range(199)]))
    importing.stdin.flush()
    refused(eventually(lambda: (done := paper.run("restore", copy)).status == 1 and done),
            "is written by another process")
    assert (importing.communicate()[1], importing.returncode) == (b"", 0)
    assert paper.run("restore", copy).status == 0


def test_an_empty_name_of_a_copy_is_refused(paper):
    refused(paper.run("backup", ""), "the name of the copy is empty")


def test_check_tells_of_a_lock_file_that_holds_something(paper):
    gate = f"{paper.database}-gate"
    with open(gate, "w") as opened:
        opened.write("not ours")
    done = paper.run("check")
    assert done.status == 1 and "is not a file of Khobor's" in done.out.decode(), done
    assert done.said[0].endswith(f"1 fault was found in {paper.database}"), done
    assert open(gate).read() == "not ours"


def test_a_copy_of_a_later_version_is_named_in_the_refusal(paper, copy):
    with closing(sqlite3.connect(copy)) as opened:
        opened.execute("PRAGMA user_version = 9999")
    done = paper.run("restore", copy)
    refused(done, str(copy))
    assert "-restore" not in done.said[0], done
