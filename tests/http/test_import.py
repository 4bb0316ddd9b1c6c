"""Importing: what a line may leave out, what updates, all or nothing, gzip, pipes, interruption."""

import gzip
import os
import re
import signal
import sqlite3

import pytest
from khobor import (PATIENCE, article, check_report, eventually, ndjson, path_of, redirect,
                    section, views)

EDITION = [section(), article("one"), article("two"), views("one", "2024-04-16T10:00:00Z", 5),
           redirect("/old/1", "one")]


def summary(done):
    """What an import says of itself: lines, new, changed, unchanged, bad."""
    said = re.fullmatch(r"(\d+) lines in \d+\.\d s: (\d+) new, (\d+) changed, (\d+) unchanged, "
                        r"(\d+) bad(?:; nothing was stored)?\n", done.out.decode())
    return [int(number) for number in said.groups()]


def test_an_import_says_what_it_did(paper):
    assert summary(paper.try_load(EDITION)) == [5, 5, 0, 0, 0]
    again = paper.try_load(EDITION)
    assert summary(again) == [5, 0, 0, 5, 0]
    assert (again.status, again.err) == (0, "")
    changed = [section(name="N"), article("one", kicker="K"), article("two"),
               views("one", "2024-04-16T10:00:00Z", 6), redirect("/old/1", "two"), article("three")]
    assert summary(paper.try_load(changed)) == [6, 1, 4, 1, 0]


def test_importing_the_same_again_changes_nothing(paper):
    before = paper.load(EDITION).export()
    paper.load(EDITION)
    assert paper.export() == before
    paper.load([section(), article("one", status="published", kicker=None, authors=[], image=None,
                                   language="bn", most_read=True, lead=False, tags=None,
                                   published_at="2024-04-16T06:00:00.75Z")])
    assert paper.export() == before
    assert paper.serve().read("/api/v1/articles/one")["revision"] == 1


def test_fields_in_any_order_and_with_any_spaces_are_one_line(paper):
    before = paper.load(EDITION).export()
    line = (b' \t{ "body" : "Body of one." ,"headline":"Headline \\u006ff one",'
            b'"section":"national",\t"published_at":"2024-04-16T06:00:00z",'
            b'"slug":"\\u006fne","type":"article" } \r')
    assert summary(paper.try_load([line])) == [1, 0, 0, 1, 0]
    assert paper.export() == before


def test_an_image_with_its_fields_in_another_order_is_the_same(paper):
    paper.load([section(), article("one", image={"url": "/a", "width": 5, "alt": "A"})])
    again = paper.try_load([article("one",
                                    image={"alt": "A", "caption": None, "width": 5, "url": "/a"})])
    assert summary(again) == [1, 0, 0, 1, 0]


@pytest.mark.parametrize("blank", [b"", b"   ", b"\t", b"\r", b"\n\n\n"])
def test_blank_lines_are_passed_over_and_counted(paper, blank):
    done = paper.try_load([section(), blank, article("one"), b"{"])
    line = 4 + blank.count(b"\n")
    assert done.said == [f"khobor: -:{line}: the line ends in the middle (near byte 1)"]
    assert summary(done)[0] == line


@pytest.mark.parametrize("lines, read", [
    (b"", 0), (b"\n", 1), (b"\xef\xbb\xbf", 1), (ndjson([section()])[:-1], 1),
    (b"\xef\xbb\xbf" + ndjson([section()]), 1), (ndjson([section()]).replace(b"\n", b"\r\n"), 1)],
    ids=["nothing", "a blank line", "a mark", "no line feed at the end", "a mark in front", "crlf"])
def test_files_of_every_shape_are_read(paper, lines, read):
    (paper.folder / "in").write_bytes(lines)
    done = paper.run("import", paper.folder / "in")
    assert (done.status, done.err) == (0, "")
    assert summary(done)[0] == read
    assert [r["slug"] for r in paper.records()] == ["national"] * (len(lines) > 3)


def test_a_line_may_have_4_mib_and_not_a_byte_more(paper):
    line = ndjson([article("one", body="")])[:-1]
    longest = line.replace(b'"body": ""', b'"body": "' + b"x" * ((4 << 20) - len(line)) + b'"')
    assert len(longest) == 4 << 20
    done = paper.try_load([section(), longest, longest.replace(b"xx", b"xxx", 1), article("two")])
    assert done.said == ["khobor: -:3: the line is longer than 4194304 bytes"]
    assert summary(done) == [4, 3, 0, 0, 1]
    assert len(paper.serve().read("/api/v1/articles/one")["body"]) == (4 << 20) - len(line)


@pytest.mark.parametrize("times", [1, 40])
def test_a_line_far_too_long_is_passed_over_in_little_memory(paper, times):
    line = b'{"type":"section","slug":"x","name":"' + b"x" * (times * (1 << 20) + (4 << 20)) + b'"}'
    done = paper.try_load([section(), line, article("one")])
    assert done.said == ["khobor: -:2: the line is longer than 4194304 bytes"]
    assert summary(done) == [3, 2, 0, 0, 1]


def test_texts_of_the_longest_length_go_in(paper):
    fields = {"kicker": "ক" * 341, "headline": "x" * 4096, "standfirst": "x" * 16384,
              "desk": "x" * 1024,
              "authors": ["x" * 512] * 20, "credits": ["x" * 256] * 20, "tags": ["ক" * 170] * 40,
              "related": ["x" * 450] * 20}
    server = paper.load([section("s" * 450, "n" * 256),
                         article("ক" * 150, "s" * 450, **fields)]).serve()
    got = server.read(path_of("ক" * 150))
    assert {name: got[name] for name in fields if name != "related"} == \
        {name: value for name, value in fields.items() if name != "related"}
    listed = server.read("/api/v1/articles?tag=" + "ক" * 170)["items"]
    assert [card["url"] for card in listed] == [got["url"]]


def test_related_may_name_what_comes_later_or_never(paper):
    paper.load([section(), article("one", related=["two", "never"]), article("two")])
    assert paper.serve().slugs("/api/v1/articles/one/related") == ["two"]


def test_a_section_without_position_comes_last_and_keeps_its_place(paper):
    paper.load([section("a", position=4), section("b"), section("c", position=0)])
    paper.load([section("a"), section("b", "B")])
    assert [(r["slug"], r["name"], r["position"]) for r in paper.records()] == \
        [("a", "জাতীয়", 4), ("b", "B", 5), ("c", "জাতীয়", 6)]


def test_the_language_of_an_article_is_the_papers_unless_it_says_so(paper):
    paper.load([section(), article("one"), article("two", language="en-GB")],
               settings={"site.language": "en"})
    paper.load([article("three")])
    assert [r["language"] for r in paper.records()[1:]] == ["en", "en-GB", "bn"]


def test_strict_stops_at_the_first_bad_line_and_leaves_nothing(paper):
    paper.load([section(), article("before")])
    before = paper.export()
    done = paper.try_load([*(article(f"a{i}") for i in range(1500)), b"{", b"{"], "--strict")
    assert done.status == 1
    assert done.said == ["khobor: -:1501: the line ends in the middle (near byte 1)",
                         "khobor: -: stopped at line 1501; nothing was stored"]
    assert paper.export() == before


def test_strict_stores_what_is_right(paper):
    done = paper.try_load(EDITION, "--strict")
    assert (done.status, done.err, summary(done)) == (0, "", [5, 5, 0, 0, 0])
    assert len(paper.records()) == 5


@pytest.mark.parametrize("options", [["--dry-run"], ["--dry-run", "--strict"]], ids=str)
def test_a_dry_run_says_the_same_and_stores_nothing(paper, options):
    done = paper.try_load(EDITION, *options)
    assert (done.status, done.err, summary(done)) == (0, "", [5, 5, 0, 0, 0])
    assert done.out.decode().endswith("; nothing was stored\n")
    assert paper.export() == b""


def test_a_dry_run_reports_bad_lines(paper):
    done = paper.try_load([section(), b"{", article("one"), article("two", "nowhere")], "--dry-run")
    assert done.status == 1
    assert [line.split(": ")[1] for line in done.said] == ["-:2", "-:4"]
    assert summary(done) == [4, 2, 0, 0, 2]
    assert paper.export() == b""


@pytest.mark.parametrize("members", [1, 3])
@pytest.mark.parametrize("source", ["file", "pipe"])
def test_gzip_is_recognised(paper, members, source):
    lines = ndjson(EDITION)
    step = -(-len(lines) // members)
    packed = b"".join(gzip.compress(lines[i:i + step]) for i in range(0, len(lines), step))
    (paper.folder / "in").write_bytes(packed)
    done = paper.run("import", "-", stdin=packed) if source == "pipe" else \
        paper.run("import", paper.folder / "in")
    assert (done.status, done.err, summary(done)) == (0, "", [5, 5, 0, 0, 0])


@pytest.mark.parametrize("part", [0.02, 0.5, 0.999])
def test_gzip_that_ends_early_is_said_and_whole_lines_before_it_are_stored(paper, part):
    lines = ndjson([section(),
                    *(article(f"a{i}", body=os.urandom(200).hex()) for i in range(3000))])
    packed = gzip.compress(lines)
    done = paper.run("import", "-", stdin=packed[:int(len(packed) * part)])
    assert "the gzip data is damaged or ends early" in done.why
    assert done.why.startswith("khobor: -: ")
    stored = len(paper.records())
    nothing = done.why.endswith("; nothing was stored")
    said = 0 if nothing else int(done.why.split("lines 1 to ")[1].split()[0])
    assert stored == said
    assert stored >= 3001 * part - 1100


def test_gzip_that_is_damaged_is_said(paper):
    packed = bytearray(gzip.compress(ndjson([section()] + [article(f"a{i}") for i in range(500)])))
    packed[len(packed) // 2] ^= 0xff
    done = paper.run("import", "-", stdin=bytes(packed))
    assert done.status == 1
    assert done.said[-1].startswith("khobor: -: ")


@pytest.mark.parametrize("name, reason", [
    ("nothing", "No such file or directory"), (".", "Is a directory"), ("", "No such file")])
def test_a_file_that_can_not_be_read_is_said(paper, name, reason):
    done = paper.run("import", name, cwd=paper.folder)
    assert reason in done.why


def test_a_pipe_that_gives_lines_slowly_is_stored_as_they_come(paper):
    """Also nobody else waits: a second import goes on while the first waits for lines."""
    process = paper.start("import", "-")
    process.stdin.write(ndjson([section(), article("one")]))
    process.stdin.flush()
    eventually(lambda: b'"slug":"one"' in paper.run("export").out, 5 * PATIENCE)
    paper.load([article("beside")], settings={"store.lock_timeout_ms": 1000})
    process.stdin.write(ndjson([article("two")])[:-20])
    process.stdin.flush()
    paper.load([article("beside-too")], settings={"store.lock_timeout_ms": 1000})
    process.stdin.write(ndjson([article("two")])[-20:])
    out, err = process.communicate(timeout=20)
    assert (process.returncode, err.decode()) == (0, "")
    assert out.startswith(b"3 lines")
    assert [r["slug"] for r in paper.records()] == ["national", "one", "beside", "beside-too",
                                                    "two"]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("lines", [0, 1, 1001, 2500])
def test_an_interrupt_leaves_whole_batches_and_says_how_far(paper, how, lines):
    process = paper.start("import", "-")
    records = [section(), *(article(f"a{i}") for i in range(lines))]
    process.stdin.write(ndjson(records) + b'{"type":"article","slug":"half')
    process.stdin.flush()
    eventually(lambda: paper.run("export").out.count(b"\n") == len(records), 10 * PATIENCE)
    process.send_signal(how)
    assert process.wait(5 * PATIENCE) == 1
    with process:
        out, err = process.stdout.read(), process.stderr.read().decode()
    check_report(err)
    assert out == b""
    assert err == (f"khobor: -: stopped at line {len(records)}; "
                   f"lines 1 to {len(records)} are stored\n")
    assert len(paper.records()) == len(records)


def test_an_interrupt_of_a_silent_pipe_ends_the_import(paper):
    process = paper.start("import", "-")
    eventually(lambda: os.path.exists(paper.database + "-write"))
    eventually(lambda: paper.run("export").status == 0)
    process.send_signal(signal.SIGINT)
    assert process.wait(5 * PATIENCE) == 1
    with process:
        assert process.stderr.read() == b"khobor: -: stopped at line 0; nothing was stored\n"


@pytest.mark.parametrize("option", ["--strict", "--dry-run"])
def test_an_interrupt_of_all_or_nothing_leaves_nothing(paper, option):
    paper.load([section()])
    process = paper.start("import", option, "-")
    process.stdin.write(ndjson(article(f"a{i}") for i in range(500)))
    process.stdin.flush()
    # It holds the lock from its first line on, until it ends.
    eventually(lambda: paper.try_load([section("x")],
                                      settings={"store.lock_timeout_ms": 10}).status)
    process.send_signal(signal.SIGINT)
    assert process.wait(5 * PATIENCE) == 1
    with process:
        assert process.stderr.read().decode().endswith("; nothing was stored\n")
    assert not [r for r in paper.records() if r["type"] == "article"]


def test_a_killed_import_leaves_a_database_that_goes_on(paper):
    lines = ndjson([section()] + [article(f"a{i}", body="x" * 500) for i in range(20000)])
    (paper.folder / "in").write_bytes(lines)
    process = paper.start("import", paper.folder / "in")
    eventually(lambda: paper.run("export").out.count(b"\n") > 100, 10 * PATIENCE)
    process.kill()
    process.communicate()
    stored = len(paper.records())
    assert 100 < stored
    done = paper.run("import", paper.folder / "in")
    assert (done.status, summary(done)[1]) == (0, 20001 - stored)
    with sqlite3.connect(paper.database) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_no_bar_is_drawn_in_a_pipe(paper):
    lines = ndjson([section()] + [article(f"a{i}") for i in range(6000 * PATIENCE)])
    done = paper.run("import", "-", stdin=lines)
    assert (done.status, done.err) == (0, "")
    assert b"\r" not in done.out and b"\x1b" not in done.out


def test_a_bar_is_drawn_on_a_terminal(paper):
    ours, theirs = os.openpty()
    with open(paper.folder / "in", "wb") as file:
        file.write(ndjson([section()] + [article(f"a{i}", body="x" * 2000) for i in range(20000)]))
    process = paper.start("import", paper.folder / "in", stderr=theirs)
    os.close(theirs)
    drawn = b""
    try:
        while chunk := os.read(ours, 65536):
            drawn += chunk
    except OSError:  # how a terminal says that nobody has it open any more
        pass
    os.close(ours)
    assert process.wait(30) == 0
    process.communicate()
    assert b"left" in drawn and b"[#" in drawn and drawn.endswith(b"\r\x1b[K")


def test_many_imports_at_once_all_go_in(paper):
    paper.load([section()])
    running = [paper.start("import", "-") for _ in range(6)]
    for number, process in enumerate(running):
        process.stdin.write(ndjson(article(f"a{number}-{i}") for i in range(300)))
        process.stdin.close()
    for process in running:
        assert process.wait(60) == 0
        with process:
            assert process.stderr.read() == b""
    assert len({r["slug"] for r in paper.records()}) == 1801


def test_an_import_lets_a_running_server_see_its_batches(paper):
    server = paper.load([section()]).serve()
    process = paper.start("import", "-")
    for number in range(4):
        process.stdin.write(ndjson([article(f"a{number}")]))
        process.stdin.flush()
        eventually(lambda: server.get(f"/api/v1/articles/a{number}").status_code == 200,
                   5 * PATIENCE)
    process.communicate(timeout=20)
    assert process.returncode == 0
