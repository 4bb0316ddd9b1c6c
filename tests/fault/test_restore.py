"""A backup and a restore that are killed at any step leave the old paper or the new one, whole."""

import shutil
import subprocess

import pytest
from khobor import BINARY, article, eventually, section
from readers import acknowledged_by, finish, free_port, posting

CALLS = ["rename", "link", "unlink", "ftruncate", "fsync", "fdatasync", "pwrite64",
         "copy_file_range", "fchmod", "flock", "openat"]
OLD, NEW = [f"old{number}" for number in range(1, 6)], [f"new{number}" for number in range(1, 4)]
KILLS_AT_MOST = 200  # for each kind

pytestmark = pytest.mark.strace


def killed_at(paper, step, command, *arguments):
    """Runs a command that is killed at the step-th of its calls of a kind; whether it got so far."""
    call, number = step
    done = subprocess.run(
        ["strace", "-f", "-qq", "-e", f"trace={call}", "-e",
         f"inject={call}:signal=KILL:when={number}", "-o", paper.folder / "trace", BINARY, command,
         "--database", paper.database, *arguments], capture_output=True, check=False, timeout=60)
    assert done.returncode in (0, 137, -9), done
    return done.returncode != 0


def kills(paper, command, *arguments, before=lambda: None, every=1):
    """Kills the command at each call of each kind in turn, or every so many; gives (kind, number)
    after each kill."""
    for call in CALLS:
        for number in range(1, KILLS_AT_MOST, every):
            before()
            if not killed_at(paper, (call, number), command, *arguments):
                break
            yield call, number


def exported(paper):
    """The slugs of the paper, by the command an operator would use."""
    done = paper.run("export")
    assert (done.status, done.err) == (0, ""), done
    return sorted(record["slug"] for record in paper.records() if record["type"] == "article")


@pytest.fixture
def papers(paper, tmp_path):
    """The paper, with old articles, some of them in its WAL, and a copy with new ones."""
    paper.load([section(), *map(article, NEW)])
    done = paper.run("backup", tmp_path / "copy")
    assert done.status == 0, done
    for file in tmp_path.glob("paper.db*"):
        file.unlink()
    paper.load([section(), *map(article, OLD[:3])])
    server = paper.serve()
    paper.load(map(article, OLD[3:]))
    server.view("old1", 3)
    server.kill()
    kept = tmp_path / "kept"
    kept.mkdir()
    for file in tmp_path.glob("paper.db*"):
        subprocess.run(["cp", "-a", file, kept], check=True)
    return paper


def test_a_restore_that_is_killed_leaves_the_old_paper_or_the_new(papers, tmp_path):
    def put_back():
        for file in tmp_path.glob("paper*"):
            file.unlink()
        for file in (tmp_path / "kept").iterdir():
            subprocess.run(["cp", "-a", file, tmp_path], check=True)

    seen, count = set(), 0
    for step in kills(papers, "restore", tmp_path / "copy", before=put_back):
        found = exported(papers)
        assert found in (sorted(OLD), sorted(NEW)), (step, found)
        count += 1
        if count % 10 == 0:  # starting takes longer
            server = papers.serve()
            eventually(lambda server=server, found=found: server.most_read(window="all") == (
                [("old1", 3)] if found == sorted(OLD) else []))
            server.stop()
        seen.add(tuple(found))
        # What was killed can be done again.
        done = papers.run("restore", tmp_path / "copy")
        assert (done.status, exported(papers)) == (0, sorted(NEW)), (step, done)
    assert count > 50 and len(seen) == 2


def test_a_backup_that_is_killed_leaves_the_copy_before_it(papers, tmp_path):
    target = tmp_path / "target.db"
    shutil.copyfile(tmp_path / "copy", target)
    server = papers.serve()
    count = 0
    for step in kills(papers, "backup", target):
        database, papers.database = papers.database, str(target)
        found = exported(papers)
        papers.database = database
        assert found in (sorted(OLD), sorted(NEW)), (step, found)
        count += 1
    assert count > 30
    done = papers.run("backup", target)
    assert done.status == 0 and not list(tmp_path.glob("target.db-new*")), done
    assert server.get("/readyz").status_code == 200


def test_backups_under_views_and_imports_hold_what_was_acknowledged(paper, tmp_path):
    paper.load([section(), *(article(f"a{number}") for number in range(1, 11))])
    port = free_port()
    paper.serve(options=("--listen", f"127.0.0.1:{port}"))
    with posting(port, 4, articles=10, views=2000) as clients:
        for number in range(6):
            before = acknowledged_by(clients)
            paper.load([article(f"b{number}")])
            done = paper.run("backup", tmp_path / f"copy{number}.db")
            after = acknowledged_by(clients) + 8 * len(clients)
            assert done.status == 0, done
            database, paper.database = paper.database, str(tmp_path / f"copy{number}.db")
            counted = sum(paper.counted(f"a{article}") for article in range(1, 11))
            assert f"b{number}" in exported(paper)
            paper.database = database
            assert before <= counted <= after, (before, counted, after)
        finish(clients)


def test_a_first_import_that_is_killed_leaves_what_can_be_imported_into(paper, tmp_path):
    def remove():
        for file in tmp_path.glob("paper*"):
            file.unlink()

    count = 0
    for step in kills(paper, "import", "--demo", before=remove, every=7):
        paper.load([section("own"), article("own", "own")])
        assert "own" in exported(paper), step
        count += 1
    assert count > 20
