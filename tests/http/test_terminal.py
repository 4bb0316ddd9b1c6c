"""Names from outside can't send commands to the terminal of the person who runs Khobor: whatever a
file, an argument or a variable is called, each message is one line without control characters."""

import pytest
from khobor import article, eventually, run, section

# A colour, a line of its own, the line from its beginning, a bell, C1's CSI, right-to-left.
HOSTILE = "a\x1b[31m\nkhobor: good\rb\x07\x9b2J\u202e.x"
SHOWN = "a?[31m?khobor: good?b??2J?.x"


def plain(text):
    """The lines of a text, which has nothing in it that a terminal obeys."""
    obeyed = [c for c in text.replace("\n", "")
              if ord(c) < 0x20 or 0x7f <= ord(c) < 0xa0 or 0x202a <= ord(c) <= 0x202e]
    assert not obeyed, text
    return text.splitlines()


@pytest.fixture
def named(paper, tmp_path):
    """A file with a hostile name, whose lines have faults."""
    path = tmp_path / HOSTILE
    path.write_text('{"type":"video"}\n{\n')
    return path


@pytest.mark.parametrize("options, lines", [((), 2), (("--strict",), 2), (("--dry-run",), 2)])
def test_a_bad_line_of_an_import_names_the_file_plainly(paper, named, options, lines):
    done = paper.run("import", *options, named)
    assert done.status == 1
    said = plain(done.err)
    plain(done.out.decode())
    assert len(said) == lines and all(SHOWN in line for line in said), done


@pytest.mark.parametrize("arguments", [
    ["import", "/nowhere/" + HOSTILE],
    ["export", "/nowhere/" + HOSTILE],
    ["restore", "/nowhere/" + HOSTILE],
    ["views", HOSTILE],
    ["views", "a", HOSTILE],
    ["import", "--" + HOSTILE],
    ["backup", "--keep", HOSTILE, "b"],
    ["health", "--listen", HOSTILE],
    ["serve", "--static", HOSTILE],
    ["serve", "--config", HOSTILE],
    ["config", "--config", "/nowhere/" + HOSTILE],
])
def test_a_complaint_is_one_plain_line_whatever_is_asked(paper, arguments):
    paper.load([section()])
    done = paper.run(*arguments)
    assert done.status in (1, 2)
    assert len(plain(done.err)) == 1 and plain(done.out.decode()) == [], done


@pytest.mark.parametrize("arguments", [[HOSTILE], ["--" + HOSTILE]])
def test_an_unknown_command_is_named_plainly(arguments):
    done = run(*arguments)
    assert done.status == 2
    assert len(plain(done.err)) == 1 and SHOWN in done.err


@pytest.mark.parametrize("command", ["serve", "import", "export", "migrate", "health", "views",
                                     "config", "backup", "restore"])
def test_a_database_with_such_a_name_is_refused_plainly(tmp_path, command):
    done = run(command, "--database", tmp_path / HOSTILE, *(
        ["x"] if command in ("import", "views", "backup", "restore") else []))
    assert done.status in (1, 2)
    assert len(plain(done.err)) == 1 and plain(done.out.decode()) == [], done


def test_a_variable_of_the_environment_is_named_plainly(paper):
    done = paper.run("config", settings={"site." + HOSTILE: "x", "site.name": "b"})
    assert done.status == 0
    assert len(plain(done.err)) == 1
    plain(done.out.decode())
    done = paper.run("config", settings={"site.name": HOSTILE})
    assert done.status == 1 and len(plain(done.err)) == 1


def test_a_configuration_with_such_a_name_is_printed_plainly(tmp_path):
    path = tmp_path / HOSTILE
    path.write_text("[site]\nname = B\n")
    done = run("config", "--config", path)
    assert done.status == 0
    assert any(SHOWN in line for line in plain(done.out.decode()))
    path.write_text(f"[site]\n{HOSTILE.splitlines()[0]} = B\n")
    done = run("config", "--config", path)
    assert done.status == 1 and len(plain(done.err)) == 1


def test_a_backup_with_such_a_name_is_reported_plainly(paper, tmp_path):
    paper.load([section()])
    done = paper.run("backup", tmp_path / HOSTILE)
    assert (done.status, len(plain(done.out.decode())), done.err) == (0, 1, "")
    done = paper.run("restore", tmp_path / HOSTILE)
    assert (done.status, len(plain(done.out.decode())), done.err) == (0, 1, "")


@pytest.mark.parametrize("folder", ["templates", "assets"])
def test_a_file_of_a_theme_is_named_plainly(paper, tmp_path, folder):
    (tmp_path / folder).mkdir()
    (tmp_path / folder / (HOSTILE.replace(".x", ".html"))).write_text("{{broken")
    paper.load([section(), article("one")])
    done = paper.run("serve", "--listen", "127.0.0.1:0", "--static", tmp_path)
    assert done.status == 1
    assert len(plain(done.err)) == 1, done


def test_the_log_of_a_theme_that_broke_is_plain(paper, tmp_path):
    (tmp_path / "templates").mkdir()
    server = paper.load([section()]).serve(options=["--static", tmp_path, "--develop"])
    (tmp_path / "templates" / (HOSTILE.replace(".x", ".html"))).write_text("{{broken")
    eventually(lambda: "the theme is broken" in server.logged())
    plain(server.logged())
