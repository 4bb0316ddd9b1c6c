"""Files that have the name of one of Khobor's next to the database, and are something else."""

import os

import pytest
from khobor import article, run, section


def refusal(database, command):
    """The one line of a command that can't use a database."""
    arguments = {"serve": ["--listen", "127.0.0.1:0"], "import": ["--demo"]}.get(command, [])
    done = run(command, "--database", str(database), *arguments)
    assert (done.status, len(done.said), done.out) == (1, 1, b""), done
    return done.said[0]


@pytest.mark.parametrize("suffix", ["serve", "gate", "write", "versions", "views"])
def test_a_file_of_ones_own_beside_the_database_is_refused_and_stays(paper, tmp_path, suffix):
    paper.load([section(), article("a")])
    own, target = tmp_path / f"paper.db-{suffix}", tmp_path / "own"
    target.write_text("notes")
    for put, why in ((lambda: own.symlink_to(target), "is a symbolic link"),
                     (lambda: os.link(target, own), "has a second name (a hard link)"),
                     (lambda: own.write_text("notes"), "is not a file of Khobor's"),
                     (own.mkdir, "is a folder")):
        own.unlink(missing_ok=True)
        put()
        assert refusal(paper.database, "serve") == (
            f"khobor: database: {own} {why}; move it away")
        assert target.read_text() == "notes"
        assert own.is_dir() or own.read_text() == "notes"


@pytest.mark.parametrize("command", ["serve", "import", "migrate", "export"])
def test_a_file_of_another_program_gets_no_files_beside_it(tmp_path, command):
    for name, content in (("passwd", "root:x:0:0:root:/root:/bin/sh\n" * 9), ("short", "x")):
        other = tmp_path / name
        other.write_text(content)
        assert refusal(other, command) == f"khobor: database: {other} is not an SQLite database"
        assert sorted(tmp_path.glob(f"{name}*")) == [other]
