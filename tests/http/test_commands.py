"""The command line: help, usage, exit statuses, health; one line says why a command could not."""

import socket
import subprocess

import pytest
from khobor import BINARY, ROOT, article, hour, ndjson, run, section, views

COMMANDS = ["serve", "import", "export", "backup", "restore", "check", "migrate", "health", "views", "config",
            "version"]


@pytest.mark.parametrize("asked", ["--help", "-h", "help"])
def test_help_lists_every_command(asked):
    done = run(asked)
    assert (done.status, done.err) == (0, "")
    lines = done.out.decode().splitlines()
    assert lines[0] == "usage: khobor COMMAND [OPTION…]"
    assert [line.split()[0] for line in lines if line.startswith("  ")] == COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command):
    done = run(command, "--help")
    assert (done.status, done.err) == (0, "")
    text = done.out.decode()
    assert text.startswith(f"usage: khobor {command} [OPTION…]")
    for option in ("--config FILE", "--database FILE", "--help"):
        assert f"  {option} " in text


@pytest.mark.parametrize("command, options", [
    ("serve", ["--listen", "--static", "--develop"]), ("import", ["--demo", "--strict", "--dry-run"]),
    ("health", ["--listen"]), ("config", ["--example", "--listen", "--static", "--develop"])])
def test_help_tells_a_commands_own_options(command, options):
    text = run(command, "--help").out.decode()
    told = {line.split()[0] for line in text.splitlines() if line.startswith("  --")}
    assert told == {"--config", "--database", "--help", *options}


@pytest.mark.parametrize("asked", ["version", "--version"])
def test_the_version_is_the_projects(asked):
    done = run(asked)
    assert (done.status, done.err) == (0, "")
    assert done.out.decode() == f"khobor {(ROOT / 'VERSION').read_text().strip()}\n"


@pytest.mark.parametrize("arguments", [
    [], [""], ["serv"], ["Serve"], ["--serve"], ["-x"], ["serve", "--databse", "x"],
    ["serve", "-d"],
    ["serve", "x"], ["serve", "--database"], ["serve", "--demo"], ["import"],
    ["import", "--demo", "x"], ["import", "a", "b"], ["import", "--listen", "x", "-"],
    ["export", "a", "b"], ["migrate", "x"], ["health", "x"], ["views"], ["views", "a", "b"],
    ["config", "x"], ["config", "--example=x"], ["version", "x"], ["import", "--strict=1", "-"]],
    ids=" ".join)
def test_wrong_usage_is_status_2_and_one_line(tmp_path, arguments):
    done = run(*arguments, cwd=tmp_path)
    assert (done.status, done.out) == (2, b"")
    assert len(done.said) == 1, done.err
    assert done.said[0].startswith("khobor: ") and "--help`" in done.said[0]
    assert list(tmp_path.iterdir()) == []


def test_options_may_stand_behind_the_argument_and_be_shortened(paper):
    (paper.folder / "in").write_bytes(ndjson([section()]))
    done = run("import", paper.folder / "in", "--data", paper.database, "--str")
    assert (done.status, done.err) == (0, "")
    assert len(paper.records()) == 1


def test_a_file_whose_name_begins_with_a_dash_is_read_behind_two(paper):
    (paper.folder / "-in").write_bytes(ndjson([section()]))
    assert paper.run("import", "--", "-in", cwd=paper.folder).status == 0


def test_migrate_makes_a_database_and_says_so(paper):
    first, again = paper.run("migrate"), paper.run("migrate")
    assert (first.status, first.err, again.status, again.err) == (0, "", 0, "")
    assert first.out.decode().startswith(f"{paper.database} was brought from version 0 to ")
    assert again.out.decode().startswith(f"{paper.database} is at version ")


@pytest.mark.parametrize("command", [["export"], ["views", "x"]], ids=" ".join)
def test_reading_a_database_that_is_not_there_makes_none(paper, command):
    assert paper.run(*command).why == f"khobor: database: {paper.database} does not exist"
    assert list(paper.folder.iterdir()) == []


def test_views_tells_the_hours_and_the_total(paper):
    paper.load([section(), article("নদী\u09dc"), article("unread"),
                views("নদী\u09dc", "2024-04-16T10:00:00Z", 3), views("নদী\u09dc", hour(), 4)])
    done = paper.run("views", "নদী\u09a1\u09bc")
    lines = done.out.decode().splitlines()
    assert (done.status, done.err) == (0, "")
    assert lines[:2] == ["hour\tcounted\trepeated\tbots",
                         "2024-04-16T16:00:00+06:00\t3\t0\t0"]
    assert lines[2].endswith("+06:00\t4\t0\t0") and lines[3:] == ["total\t7\t0\t0"]
    assert paper.run("views", "unread").out == b"hour\tcounted\trepeated\tbots\ntotal\t0\t0\t0\n"
    assert paper.run("views", "none").why == 'khobor: no article has the slug "none"'


def test_health_is_the_exit_status(paper):
    server = paper.serve()
    address = f"127.0.0.1:{server.port}"
    done = run("health", "--listen", address)
    assert (done.status, done.out, done.err) == (0, b"", "")
    assert run("health", settings={"http.listen": address}).status == 0
    assert run("health", settings={"http.listen": f"0.0.0.0:{server.port}"}).status == 0
    server.stop()
    assert run("health", "--listen", address).why == \
        f"khobor: no healthy server answers on {address}"


def test_health_of_something_else_is_none():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        process = subprocess.Popen([BINARY, "health", "--listen", f"127.0.0.1:{port}"],
                                   stderr=subprocess.PIPE)
        connection, _ = silent.accept()
        connection.recv(1000)
        connection.sendall(b"HTTP/1.1 500 no\r\n\r\n")
        connection.close()
        assert process.wait(10) == 1
        process.communicate()
        assert "no healthy server" in run("health", "--listen", f"127.0.0.1:{port}").why


def test_serve_prints_one_line_and_says_the_port_it_took(paper):
    server = paper.serve()
    assert server.line == f"khobor: listening on http://127.0.0.1:{server.port}\n"
    assert server.port != 0
    assert server.get("/healthz").json() == {"status": "ok"}
    assert server.get("/readyz").json() == {"status": "ready"}
    server.stop()  # which sees that nothing else was printed


def test_a_commands_output_can_be_closed(paper):
    paper.load([section()])
    for command in (["export"], ["config"], ["version"], ["--help"]):
        process = subprocess.Popen([BINARY, *command], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE,
                                   env={"KHOBOR_STORE_DATABASE": paper.database})
        process.stdout.close()
        assert process.wait(10) in (0, 1, -13)
        process.stderr.close()
