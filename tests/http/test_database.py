"""The database's file: what is refused and left as it was, who waits for whom, a full disk."""

import fcntl
import os
import re
import resource
import shutil
import sqlite3
import subprocess
import tempfile
import time
from contextlib import closing
from pathlib import Path

import pytest
from khobor import (BINARY, PATIENCE, ROOT, SOON, Paper, article, check_report, eventually, ndjson,
                    parse, run, section)

WRITING = [["import", "-"], ["migrate"], ["serve", "--listen", "127.0.0.1:0"]]
READING = [["export"], ["views", "a"]]
IMPATIENT = {"store.lock_timeout_ms": 300}


def names(commands):
    return [command[0] for command in commands]


@pytest.fixture(params=WRITING + READING, ids=names(WRITING + READING))
def command(request):
    return request.param


@pytest.fixture(params=WRITING, ids=names(WRITING))
def writing(request):
    return request.param


def refusal(database, command, **more):
    """Why a command does not take a database, which has to be said within its patience."""
    began = time.monotonic()
    done = run(command[0], "--database", database, *command[1:], stdin=ndjson([section()]), **more)
    assert done.out == b""
    assert time.monotonic() - began < 3 * PATIENCE
    return done.why


def content(paper):
    """What is in a database and in its log of writes; a reader may leave its index of that, and a
    writer the time of the database's last change."""
    return {path.name: path.read_bytes() for path in paper.folder.glob("paper.db*")
            if path.stat().st_size and not path.name.endswith(("-shm", "-serve"))}


# What is no database of ours


def test_a_folder_is_refused(paper, command):
    assert refusal(paper.folder, command) == f"khobor: database: {paper.folder} is a folder"


def test_a_missing_folder_is_refused(paper, command):
    path = paper.folder / "no/paper.db"
    assert refusal(path, command).startswith(f"khobor: database: {path}")
    assert not path.parent.exists()


def test_a_path_that_can_not_be_written_is_refused(command):
    """Nobody can make files in /proc, not even root."""
    path = "/proc/khobor-test.db"
    assert refusal(path, command).startswith(f"khobor: database: {path}")


@pytest.mark.parametrize("bytes_of_it", [b"hello\n", b"\x00" * 5000, os.urandom(20000),
                                         b"SQLite format 3\x00"],
                         ids=["text", "zeros", "noise", "head"])
def test_a_file_that_is_no_database_is_refused_and_left_as_it_was(paper, command, bytes_of_it):
    with open(paper.database, "wb") as file:
        file.write(bytes_of_it)
    assert refusal(paper.database, command).startswith("khobor: database: ")
    assert content(paper) == {"paper.db": bytes_of_it}


@pytest.mark.parametrize("sql", [
    "CREATE TABLE notes (text)", "CREATE TABLE articles (id INTEGER PRIMARY KEY)",
    "PRAGMA application_id = 5", "PRAGMA user_version = 1",
    "PRAGMA journal_mode = WAL; CREATE TABLE notes (text)"])
def test_another_programs_database_is_refused_and_left_as_it_was(paper, command, sql):
    database = sqlite3.connect(paper.database)
    database.executescript(sql)
    database.close()
    before = content(paper)
    why = refusal(paper.database, command)
    assert why == "khobor: database: the file belongs to another program"
    assert content(paper) == before


def test_a_database_of_a_newer_khobor_is_refused_and_left_as_it_was(paper, command):
    paper.load([section(), article("a")])
    database = sqlite3.connect(paper.database)
    database.execute("PRAGMA user_version = 99")
    database.close()
    before = content(paper)
    why = refusal(paper.database, command)
    assert why.startswith("khobor: database: the file has version 99 and this Khobor knows up to ")
    assert why.endswith(": use a newer Khobor")
    assert content(paper) == before


@pytest.mark.parametrize("reading", READING, ids=names(READING))
def test_an_empty_file_is_no_paper_yet(paper, reading):
    open(paper.database, "wb").close()
    assert "run `khobor migrate` first" in refusal(paper.database, reading)
    paper.load([section()])
    assert len(paper.records()) == 1


def test_a_damaged_database_is_said(paper, command):
    paper.load([section(), *(article(f"a{i}", body="x" * 3000) for i in range(200))])
    with open(paper.database, "r+b") as file:
        file.truncate(8192)
    assert refusal(paper.database, command).startswith("khobor: database: ")


def test_a_database_without_our_tables_is_refused(paper, command):
    """Ours by its number, and made by somebody else."""
    paper.load([section()])
    database = sqlite3.connect(paper.database)
    database.execute("DROP TABLE view_totals")
    database.close()
    assert " is damaged" in refusal(paper.database, command)


def test_a_read_that_fails_is_logged_once_and_is_no_200(paper):
    """What SQLite says goes to the log, in one line, and not to the client."""
    paper.load([section(), article("a")])
    server = paper.serve()
    before = server.logged().count(" error: ")
    with closing(sqlite3.connect(paper.database)) as database:
        database.execute("ALTER TABLE articles RENAME COLUMN headline TO lost")
    answer = server.get("/api/v1/articles/1")
    assert answer.status_code == 500
    assert "headline" not in answer.text
    errors = [line for line in server.logged().splitlines() if " error: " in line][before:]
    assert len(errors) == 1, errors


@pytest.mark.parametrize("damage, target", [
    ("UPDATE articles SET id = 0 WHERE slug = 'a'", "/api/v1/articles/a"),
    ("UPDATE articles SET revision = -1", "/api/v1/articles/a"),
    ("INSERT INTO view_hours VALUES (9223372036854774000, 1, 1)", "/api/v1/most-read"),
])
def test_numbers_that_no_khobor_stored_end_no_process(paper, damage, target):
    """What the file says is no reason to abort."""
    paper.load([section(), article("a")])
    with closing(sqlite3.connect(paper.database)) as database:
        database.execute(damage)
        database.commit()
    server = paper.serve()
    assert server.get(target).status_code in (200, 404, 500)
    assert server.post_view("0").status_code in (204, 404, 500)
    assert server.get("/healthz").status_code == 200
    assert paper.run("export").status in (0, 1)


def test_hours_that_can_not_be_packed_are_said_and_end_no_server(paper):
    """The day of the hour would begin before the first instant that a number can say."""
    paper.load([section(), article("a")])
    recent = int(time.time()) // 3600 * 3600
    with closing(sqlite3.connect(paper.database)) as database:
        database.execute("INSERT OR REPLACE INTO state VALUES ('views_packed_until', ?)",
                         [-2**63])
        database.executemany("INSERT INTO view_hours VALUES (?, 1, 1)", [
            [-2**63 + 2**63 % 3600], *([recent - 3600 * n] for n in range(40))])
        database.commit()
    server = paper.serve()
    eventually(lambda: " error: " in server.logged())
    assert server.get("/healthz").status_code == 200


def test_a_path_may_have_any_characters(paper):
    paper.database = str(paper.folder / "আমার 'পেপার' ?#%;&.db")
    server = paper.load([section(), article("a")]).serve()
    assert server.slugs("/api/v1/articles") == ["a"]
    assert [r["slug"] for r in paper.records()] == ["national", "a"]


def test_a_relative_path_is_below_the_current_folder(paper):
    done = run("import", "--database", "here.db", "-", stdin=ndjson([section()]), cwd=paper.folder)
    assert done.status == 0 and (paper.folder / "here.db").exists()


@pytest.fixture
def shelf():
    """A paper in a folder that anybody can look into."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        shutil.copy(BINARY, Path(folder) / "khobor")
        yield Paper(Path(folder)).load([section()])
        os.chmod(folder, 0o755)


def run_as_nobody(paper, command):
    """Runs the binary as somebody who may not write everywhere, as root may; status and stderr."""
    other = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
    done = subprocess.run([paper.folder / "khobor", command[0], "--database", paper.database,
                           *command[1:]], input=ndjson([section("x")]), env={},
                          capture_output=True, timeout=30, check=False, **other)
    check_report(done.stderr.decode())
    return done.returncode, done.stderr.decode().splitlines()


def test_a_read_only_folder_is_refused_by_who_writes(shelf, writing):
    before = content(shelf)
    shelf.folder.chmod(0o555)
    status, said = run_as_nobody(shelf, writing)
    assert (status, len(said)) == (1, 1)
    assert said[0].startswith(f"khobor: database: {shelf.database}")
    assert said[0].endswith("; the database's folder must be writable")
    assert content(shelf) == before


@pytest.mark.parametrize("command", [WRITING[0], WRITING[2]], ids=["import", "serve"])
def test_a_read_only_file_is_refused_by_who_writes(shelf, command):
    before = content(shelf)
    shelf.folder.chmod(0o777)
    for path in shelf.folder.glob("paper.db-*"):
        path.chmod(0o666)
    os.chmod(shelf.database, 0o444)
    status, said = run_as_nobody(shelf, command)
    assert status == 1
    assert said[-1].startswith("khobor: ") and "read-only" in said[-1]
    assert content(shelf) == before


# Who else has it


@pytest.fixture
def locked(paper):
    """A paper whose lock for writing is held."""
    paper.load([section(), article("a")])
    with open(paper.database + "-write", "wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield paper, lock


def test_who_writes_waits_for_the_lock_and_then_says_so(locked, writing):
    paper, _ = locked
    why = refusal(paper.database, writing, settings=IMPATIENT)
    assert why == f"khobor: database: {paper.database} is locked by another process"


def test_who_writes_goes_on_when_the_lock_is_given(locked):
    paper, lock = locked
    process = paper.start("import", "-", settings={"store.lock_timeout_ms": 20000})
    process.stdin.write(ndjson([article("b")]))
    process.stdin.close()
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.3)
    lock.close()
    assert process.wait(10) == 0
    assert [r["slug"] for r in paper.records()] == ["national", "a", "b"]


@pytest.mark.parametrize("reading", READING, ids=names(READING))
def test_who_reads_waits_for_nobody(locked, reading):
    paper, _ = locked
    done = paper.run(*reading, settings=IMPATIENT)
    assert (done.status, done.err) == (0, "")


def test_another_programs_write_is_waited_for_no_longer_than_the_setting_says(paper, writing):
    paper.load([section(), article("a")])
    database = sqlite3.connect(paper.database, isolation_level=None)
    database.execute("BEGIN IMMEDIATE")
    if writing == ["migrate"]:  # nothing is to be written
        assert paper.run("migrate", settings=IMPATIENT).status == 0
    elif writing[0] == "serve":  # readers need no writing
        server = paper.serve(IMPATIENT)
        assert server.slugs("/api/v1/latest") == ["a"]
        assert server.get("/readyz").status_code == 503
        assert "views can't be stored" in server.logged()
    else:
        assert "locked" in refusal(paper.database, writing, settings=IMPATIENT)
    database.execute("ROLLBACK")
    database.close()
    assert [r["slug"] for r in paper.records()] == ["national", "a"]


def test_another_programs_write_is_waited_for_as_long_as_the_setting_says(paper):
    paper.load([section(), article("a")])
    database = sqlite3.connect(paper.database, isolation_level=None, check_same_thread=False)
    database.execute("BEGIN IMMEDIATE")
    process = paper.start("import", "-", settings={"store.lock_timeout_ms": 20000})
    process.stdin.write(ndjson([article("b")]))
    process.stdin.close()
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(1)
    database.execute("COMMIT")
    database.close()
    assert process.wait(10) == 0


def test_a_server_counts_on_while_another_program_writes(paper):
    server = paper.load([section(), article("a")]).serve(IMPATIENT)
    database = sqlite3.connect(paper.database, isolation_level=None)
    database.execute("BEGIN IMMEDIATE")
    server.view("a", 3)
    assert server.read("/api/v1/articles/a")["id"] == 1
    database.execute("ROLLBACK")
    database.close()
    eventually(lambda: server.most_read() == [("a", 3)], 7 * PATIENCE)


def test_a_served_database_is_not_served_twice(paper):
    server = paper.load([section(), article("a")]).serve()
    why = refusal(paper.database, ["serve", "--listen", "127.0.0.1:0"])
    assert why == f"khobor: database: {paper.database} is served by another process"
    server.view("a")
    eventually(lambda: server.most_read() == [("a", 1)], SOON)
    server.stop()
    assert paper.serve().most_read() == [("a", 1)]


def test_a_server_that_was_killed_is_no_hindrance(paper):
    server = paper.load([section(), article("a")]).serve()
    server.kill()
    assert paper.serve().slugs("/api/v1/articles") == ["a"]


def test_a_port_that_is_taken_is_said_and_the_first_server_unharmed(paper, new_paper):
    first = paper.serve()
    address = f"127.0.0.1:{first.port}"
    why = refusal(new_paper().database, ["serve", "--listen", address])
    assert why == f"khobor: http.listen: {address} can't be listened on: Address already in use"
    assert first.get("/healthz").status_code == 200


def test_two_servers_may_stand_side_by_side(paper, new_paper):
    one, two = paper.load([section(), article("a")]).serve(), new_paper().serve()
    assert (one.slugs("/api/v1/articles"), two.slugs("/api/v1/articles")) == (["a"], [])


# A disk that is full


def limit_files(size):
    """A limit for the files of a process, standing in for a disk's end."""
    return {"preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))}


MUCH = [section(), *(article(f"b{i}", body="x" * 2000) for i in range(2500))]


def integrity(paper):
    with sqlite3.connect(paper.database) as database:
        return database.execute("PRAGMA integrity_check").fetchall()


@pytest.mark.parametrize("size", [300_000, 1_000_000, 3_000_000])
def test_an_import_on_a_full_disk_says_so_once_and_keeps_what_was_stored(paper, size):
    paper.load([section(), article("a")])
    done = paper.run("import", "-", stdin=ndjson(MUCH), **limit_files(size))
    stored = re.search(r"^khobor: -: .*(?: lines 1 to ([1-9]\d*) are|; nothing was) stored$", done.why)
    assert integrity(paper) == [("ok",)]
    assert len(paper.records()) == 1 + max(1, int(stored[1] or 0))
    paper.load(MUCH)
    assert len(paper.records()) == len(MUCH) + 1


@pytest.mark.parametrize("size", [0, 1000, 40_000])
def test_a_new_database_on_a_full_disk_says_so_once_and_works_later(paper, size):
    done = paper.run("import", "-", stdin=ndjson(MUCH[:3]), **limit_files(size))
    assert done.why.startswith("khobor: database: ")
    paper.load(MUCH[:3])
    assert len(paper.records()) == 3


def test_an_export_on_a_full_disk_says_so_and_leaves_no_half_file(paper):
    paper.load([section(), *(article(f"a{i}", body="x" * 2000) for i in range(100))])
    done = paper.run("export", paper.folder / "out", **limit_files(100_000))
    assert f"{paper.folder / 'out'}: can't be written: File too large" in done.why
    assert list(paper.folder.glob("out*")) == []


def test_a_server_on_a_full_disk_reads_on_and_keeps_its_counts(paper):
    paper.load([section(), *(article(f"a{i}", body="x" * 500) for i in range(20))])
    size = os.path.getsize(paper.database)
    # The journal of 1,024 views fits.
    server = paper.serve({"popularity.journal": 1024}, **limit_files(size + 4096))
    # Each tick writes some pages to the WAL, until that is as large as files may be.
    posted = 0
    while server.get("/readyz").status_code == 200:
        for i in range(20):
            server.view(f"a{i}")
        posted += 1
        assert posted < 2000
    assert server.read("/api/v1/articles/a1")["slug"] == "a1"
    assert server.slugs("/api/v1/latest?limit=1")
    # What the database has no room for is in the journal, and what that had no room for is named.
    server.process.terminate()
    status = server.process.wait(10 * PATIENCE)
    server.close()
    named = re.search(r"^khobor: database: (\d+) views could not be", server.logged(), re.M)
    lost = int(named[1]) if named else 0
    assert status == (1 if lost else 0)
    assert integrity(paper) == [("ok",)]

    def stored():
        return sum(record["count"] for record in paper.records() if record["type"] == "views")

    assert stored() + lost < 20 * posted
    server = paper.serve()
    eventually(lambda: stored() + lost == 20 * posted)
    assert parse(server.get("/readyz").content) == {"status": "ready"}


def test_a_log_that_can_not_be_written_stops_nothing(paper):
    paper.load([section(), article("a")])
    process = paper.start("serve", "--listen", "127.0.0.1:0", stderr=open("/dev/full", "wb"))
    assert process.stdout.readline().startswith(b"khobor: listening on ")
    process.terminate()
    assert process.wait(5 * PATIENCE) == 0


def test_a_link_is_the_database_that_it_leads_to(paper):
    """Else an import by one name and a server by the other would write at once."""
    paper.load([section(), article("one")])
    link = paper.folder / "link.db"
    link.symlink_to(paper.database)
    server = paper.serve()
    done = run("import", "--database", link, "-",
               stdin=ndjson([article("one", headline="By another name")]))
    assert (done.status, done.err) == (0, "")
    assert server.read("/api/v1/articles/1")["headline"] == "By another name"
    assert not list(paper.folder.glob("link.db-*"))


def test_the_schema_is_the_file_in_sql(paper):
    """`make docs` writes it."""
    assert paper.run("migrate").status == 0
    done = subprocess.run([ROOT / "tools/schema", paper.database], capture_output=True, check=True)
    assert done.stdout == (ROOT / "sql/schema.sql").read_bytes()
