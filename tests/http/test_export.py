"""Exporting: the import format again, in the order of ids, and the same bytes on a second round."""

import json
import os
import tempfile
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from khobor import NOON, Paper, article, ndjson, path_of, redirect, section, views

FIELDS = {
    "section": ["type", "slug", "name", "position"],
    "article": ["type", "slug", "section", "kicker", "headline", "standfirst", "desk", "authors",
                "credits", "tags", "body", "language", "status", "published_at", "updated_at",
                "image",
                "related", "most_read", "lead"],
    "views": ["type", "slug", "hour", "count"],
    "redirect": ["type", "from", "to"],
}
EDITION = [
    section("b", "খ", position=3), section("a", "ক"), article("z", "a"),
    article("নদী", "b", kicker="\u200fক\u200c", body="a\n\tb", tags=["t", "t"], lead=True,
            image={"url": "/a", "alt": "x\"y"}, related=["z", "none"], updated_at=NOON),
    article("draft", "a", status="draft", published_at=None),
    article("withdrawn", "a", status="withdrawn"), article("a", "a", status="scheduled"),
    views("নদী", "2024-04-16T10:00:00Z", 3), views("z", "2024-04-16T11:00:00Z", 2),
    views("z", "2024-04-16T10:00:00Z", 1), redirect("/z", "z"), redirect("/a?b=c#d", "নদী"),
]


def test_an_export_has_every_record_with_every_field_in_the_order_of_ids(paper):
    got = paper.load(EDITION).records()
    assert all(list(record) == FIELDS[record["type"]] for record in got)
    assert [r.get("slug") or r["from"] for r in got] == [
        "b", "a", "z", "নদী", "draft", "withdrawn", "a", "z", "z", "নদী", "/a?b=c#d", "/z"]
    assert [(r["hour"], r["count"]) for r in got if r["type"] == "views"] == [
        ("2024-04-16T16:00:00+06:00", 1), ("2024-04-16T17:00:00+06:00", 2),
        ("2024-04-16T16:00:00+06:00", 3)]


def test_an_export_says_what_was_imported(paper):
    got = {record.get("slug"): record for record in paper.load(EDITION).records()
           if record["type"] == "article"}
    assert got["নদী"] == {
        **article("নদী", "b", kicker="\u200fক\u200c", body="a\n\tb", tags=["t", "t"], lead=True,
                  related=["z", "none"], updated_at=NOON),
        "image": {"url": "/a", "width": None, "height": None, "alt": "x\"y", "caption": None,
                  "credit": None},
        "standfirst": None, "desk": None, "authors": [], "credits": [], "language": "bn",
        "status": "published", "most_read": True}
    assert got["draft"]["published_at"] is None and got["draft"]["status"] == "draft"


def round_trip(first, second, **more):
    """Exports one paper, imports that into another, exports again; gives both."""
    exported = first.export(**more)
    done = second.run("import", "--strict", "-", stdin=exported, **more)
    assert (done.status, done.err) == (0, "")
    return exported, second.export(**more)


def test_an_export_imported_and_exported_gives_the_same_bytes_and_ids(new_paper):
    first, second = new_paper().load(EDITION), new_paper()
    once, twice = round_trip(first, second)
    assert once == twice
    one, two = first.serve(), second.serve()
    for name in ("z", "নদী"):
        assert one.get(path_of(name)).content == two.get(path_of(name)).content
    for path in ("/api/v1/latest", "/api/v1/sections", "/api/v1/articles/z/related"):
        assert one.get(path).content == two.get(path).content
    assert one.most_read(window="all") == two.most_read(window="all") == [("নদী", 3), ("z", 3)]


def test_an_export_of_the_demo_edition_comes_back_the_same(new_paper):
    first, second = new_paper(), new_paper()
    assert first.run("import", "--demo").status == 0
    once, twice = round_trip(first, second)
    assert once == twice and once.count(b"\n") > 100


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kolkata", "America/St_Johns", "Africa/Monrovia"])
def test_an_export_in_any_zone_means_the_same_instants(new_paper, zone):
    """Monrovia's clocks were 44 minutes and 30 seconds behind until 1972."""
    first, second = new_paper(), new_paper()
    times = ["1000-01-02T00:00:00Z", "1971-06-01T12:34:56Z", "2024-04-16T06:00:00Z",
             "9999-12-30T23:59:59Z"]
    first.load([section(), *(article(f"a{i}", published_at=time) for i, time in enumerate(times))])
    once, twice = round_trip(first, second, settings={"site.timezone": zone})
    assert once == twice
    utc = {"settings": {"site.timezone": "UTC"}}
    assert first.export(**utc) == second.export(**utc)
    assert [json.loads(line)["published_at"] for line in second.export(**utc).splitlines()[1:]] == \
        [time.replace("Z", "+00:00") for time in times]


def test_export_writes_a_file_whole(paper):
    paper.load(EDITION)
    done = paper.run("export", paper.folder / "out")
    assert (done.status, done.out, done.err) == (0, b"", "")
    assert (paper.folder / "out").read_bytes() == paper.export() == paper.run("export", "-").out
    assert not (paper.folder / "out.new").exists()


def test_an_export_that_fails_leaves_the_old_file(paper):
    paper.load(EDITION)
    (paper.folder / "out").write_bytes(b"before")
    (paper.folder / "out.new").mkdir()
    assert "can't be written" in paper.run("export", paper.folder / "out").why
    assert (paper.folder / "out").read_bytes() == b"before"
    assert "can't be written" in paper.run("export", paper.folder / "no/folder").why


def test_export_to_a_full_device_is_said(paper):
    paper.load(EDITION)
    with open("/dev/full", "wb") as full:
        done = paper.run("export", stdout=full)
    assert done.status == 1
    assert done.said == ["khobor: standard output: can't be written: No space left on device"]


def test_export_to_a_pipe_that_was_closed_ends(paper):
    paper.load([section(), *(article(f"a{i}", body="x" * 10000) for i in range(100))])
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "wb") as broken:
        assert "can't be written" in paper.run("export", stdout=broken).why


def test_an_export_beside_a_server_has_what_is_stored(paper):
    server = paper.load(EDITION).serve()
    server.view("z", 4)
    server.stop()
    assert paper.counted("z") == 7
    assert sum(r["count"] for r in paper.records() if r["type"] == "views") == 10


def test_an_empty_paper_exports_nothing(paper):
    assert paper.run("migrate").status == 0
    assert paper.export() == b""


NONCHARACTERS = "".join(map(chr, [*range(0xfdd0, 0xfdf0), *(plane << 16 | low for plane in range(17)
                                                            for low in (0xfffe, 0xffff))]))
CHARACTERS = st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters=NONCHARACTERS)
TEXT = st.text(CHARACTERS, min_size=1, max_size=30).filter(lambda text: text.strip(" "))
BODY = st.text(CHARACTERS | st.sampled_from("\n\r\t"), max_size=200)
TEXTS = st.lists(TEXT, max_size=4)
TIME = st.datetimes(min_value=datetime(1000, 1, 2)).map(
    lambda time: time.strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")).filter(
        lambda time: time < "9999-12-30")
NUMBER = st.integers(0, 100000)
IMAGE = st.fixed_dictionaries(
    {"url": TEXT.map("/".__add__)},
    optional={name: st.none() | TEXT for name in ("alt", "caption", "credit")} |
    {name: st.none() | NUMBER for name in ("width", "height")})
SLUG = st.text("abক\u09dcনিখ\u200c19-_", max_size=10)
ARTICLE = st.fixed_dictionaries(
    {"headline": TEXT, "body": BODY, "published_at": TIME},
    optional={name: st.none() | TEXT for name in ("kicker", "standfirst", "desk")} |
    {name: st.none() | TEXTS for name in ("authors", "credits", "tags")} |
    {name: st.none() | st.booleans() for name in ("most_read", "lead")} |
    {"updated_at": st.none() | TIME, "image": st.none() | IMAGE,
     "related": st.none() | st.lists(SLUG.map("a".__add__), max_size=3),
     "status": st.none() | st.sampled_from(["published", "scheduled", "draft", "withdrawn"])})


@st.composite
def editions(draw):
    """Articles with slugs of their own, some views of them and some redirects to them."""
    lines = [section("a", draw(TEXT)), section("b", draw(TEXT))]
    drawn = draw(st.lists(st.tuples(SLUG, ARTICLE, st.booleans()), max_size=6))
    slugs = [f"s{number}-{slug}" for number, (slug, _, _) in enumerate(drawn)]
    lines += [{"type": "article", "slug": slug, "section": "ab"[second], **fields}
              for slug, (_, fields, second) in zip(slugs, drawn)]
    for slug in slugs:
        for hours, count in draw(st.dictionaries(st.integers(0, 99), st.integers(0, 10 ** 9),
                                                 max_size=2)).items():
            lines.append(views(slug, f"2024-04-{1 + hours // 24:02}T{hours % 24:02}:00:00Z", count))
        for source in draw(st.sets(TEXT, max_size=2)):
            lines.append(redirect(f"/{slug}/{source}", slug))
    return lines


@given(editions())
def test_any_edition_comes_back_as_it_was(lines):
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        first, second = Paper(Path(one)), Paper(Path(two))
        first.load(lines)
        once, twice = round_trip(first, second)
        assert once == twice
        articles = [line for line in lines if line["type"] == "article"]
        records = [json.loads(line) for line in once.splitlines()]
        got = [record for record in records if record["type"] == "article"]
        assert len(got) == len(articles)
        for line, record in zip(articles, got):
            for name in ("slug", "headline", "body", "kicker", "standfirst", "desk"):
                assert record[name] == line.get(name)
            for name in ("authors", "credits", "tags", "related"):
                assert record[name] == (line.get(name) or [])
        done = first.run("import", "-", stdin=ndjson(lines))
        assert b" 0 new, 0 changed, " in done.out
