"""khobor check: what is wrong with a paper, a line each, and what to do."""

import os
import random
import sqlite3
from contextlib import closing

import pytest
from khobor import PATIENCE, article, eventually, hour, section, views

PAPER = [section(), *(article(f"a{number}", tags=["নদী"], authors=["A"]) for number in range(1, 9)),
         views("a1", hour(0), 5), views("a2", hour(1), 7)]


@pytest.fixture
def paper(paper):
    return paper.load(PAPER)


def check(paper, *options):
    """The exit status and the lines."""
    done = paper.run("check", *options)
    assert done.status in (0, 1) and len(done.said) == done.status, done
    return done.status, done.out.decode().splitlines()


def change(paper, *statements):
    with closing(sqlite3.connect(paper.database, isolation_level=None)) as opened:
        opened.execute("PRAGMA ignore_check_constraints = ON")
        for statement in statements:
            opened.execute(statement)


def test_a_paper_that_was_imported_has_no_fault(paper):
    assert check(paper) == (0, [f"{paper.database}: no fault was found"])
    server = paper.serve()
    server.view("a3", 4)
    eventually(lambda: paper.counted("a3") == 4)
    assert check(paper)[0] == 0
    server.kill()
    assert check(paper)[0] == 0


def test_the_demo_edition_has_no_fault(paper):
    assert paper.run("import", "--demo").status == 0
    assert check(paper)[0] == 0


@pytest.mark.parametrize("statement, line", [
    ("UPDATE articles SET headline = CAST(x'e0a6' AS TEXT) WHERE id = 3",
     "article 3: the column headline is not whole UTF-8"),
    ("UPDATE articles SET tags = '[' WHERE id = 4", "article 4: the column tags is not JSON"),
    ("UPDATE sections SET name = CAST(x'ff' AS TEXT)",
     "section 1: the column name is not whole UTF-8"),
    ("UPDATE articles SET updated_at = 9000000000000 WHERE id = 5",
     "article 5: a time is in no year from 1000 to 9999"),
    ("UPDATE articles SET revision = -1 WHERE id = 5",
     "article 5: the revision must be over 0"),
    ("INSERT INTO views_apart VALUES (3600, 2, -1, 0)",
     "article 2: views that did not count are below 0"),
    ("INSERT INTO changes VALUES (1000, 99)", "article 99: a change that waits is of no article"),
    ("INSERT INTO view_slots VALUES (9000000000, 1, 1)",
     "views were counted in the future of this clock"),
    ("UPDATE articles SET section_id = 9 WHERE id = 1", "names a row that is not there")])
def test_what_is_wrong_is_named(paper, statement, line):
    change(paper, statement)
    status, lines = check(paper)
    assert status == 1 and any(line in found for found in lines), lines
    assert all("; " in found for found in lines)  # with what to do


def test_what_is_derived_can_be_derived_again(paper):
    before = paper.export()
    change(paper, "UPDATE view_totals SET total = total + 3",
           "UPDATE view_totals SET ranked_at = 7 WHERE article_id = 2",
           "UPDATE article_terms SET listed_at = listed_at + 1 WHERE article_id = 6")
    status, lines = check(paper)
    assert status == 1 and len(lines) >= 4, lines
    assert all(line.endswith("; run `khobor check --repair`") for line in lines), lines
    assert check(paper, "--repair") == (0, [f"{paper.database}: no fault was found"])
    assert paper.export() == before


def test_many_faults_of_one_kind_are_counted(paper):
    change(paper, "UPDATE articles SET revision = 0")
    lines = check(paper)[1]
    assert len(lines) == 6 and lines[-1].startswith("3 more of this kind: "), lines


def test_files_next_to_the_database_are_looked_at(paper):
    versions = paper.database + "-versions"
    os.chmod(versions, 0o600)
    os.link(versions, paper.database + "-second")
    assert check(paper)[1] == [
        f"{versions} has a second name (a hard link); correct it, or remove the file while "
        "nothing runs"]


def test_damage_that_sqlite_finds_is_found(paper):
    """Bytes overwritten at random places of the file; what can't be opened at all is told too."""
    with open(paper.database, "rb") as file:
        whole = file.read()
    chance = random.Random(5)
    found = 0
    for _ in range(max(4, 24 // PATIENCE)):
        damaged = bytearray(whole)
        at = chance.randrange(4096, len(whole) - 256)
        damaged[at:at + 128] = chance.randbytes(128)
        with open(paper.database, "wb") as file:
            file.write(damaged)
        for suffix in ("-serve", "-wal", "-shm"):
            if os.path.exists(paper.database + suffix):
                os.unlink(paper.database + suffix)
        try:
            with closing(sqlite3.connect(paper.database)) as opened:
                is_damaged = opened.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",)
        except (sqlite3.DatabaseError, UnicodeDecodeError):  # its message quotes what it found
            is_damaged = True
        done = paper.run("check")
        assert done.status in (0, 1), done
        found += is_damaged
        assert not is_damaged or done.status == 1, (at, done)
    assert found > 0
