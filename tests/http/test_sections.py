"""The sections, each with its newest, and the site's own document."""

import re
import sqlite3
import time
from contextlib import closing
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from khobor import article, section
from shapes import LIST, SECTION, SITE, check_list, check_problem
from urllib.parse import quote

BORO = "ব\u09dc-খবর"


@pytest.fixture(scope="module")
def server(new_paper):
    return new_paper().load([
        section("last", "শেষ", position=9), section("first", "First", position=1),
        section("twin", "Twin", position=9), section(BORO, "বড় খবর"), section("empty", "Empty"),
        *(article(f"a{i}", "first") for i in range(7)), article("b", BORO)]).serve()


def test_sections_come_by_position_and_then_as_they_were_stored(server):
    got = server.read("/api/v1/sections")
    assert list(got) == LIST and got["next"] is None
    assert [(item["slug"], item["name"], item["position"]) for item in got["items"]] == [
        ("first", "First", 1), ("last", "শেষ", 9), ("twin", "Twin", 9), (BORO, "বড় খবর", 10),
        ("empty", "Empty", 11)]


def test_a_section_has_its_newest(server):
    for item in server.read("/api/v1/sections")["items"]:
        check_list(item, SECTION)
        assert [card["slug"] for card in item["items"]] == \
            server.slugs("/api/v1/articles", params={"section": item["slug"], "limit": 5})


def test_one_section_has_the_shape_of_an_item_of_all(server):
    for item in server.read("/api/v1/sections?limit=3")["items"]:
        assert server.read(f"/api/v1/sections/{quote(item['slug'])}?limit=3") == item


def test_an_empty_section_has_no_items(server):
    assert server.read("/api/v1/sections/empty") == {
        "slug": "empty", "name": "Empty", "position": 11, "items": [], "next": None}


@pytest.mark.parametrize("spelling",
                         [BORO, BORO.replace("\u09dc", "\u09a1\u09bc"), BORO + "\u200c"])
def test_a_section_is_found_in_any_spelling(server, spelling):
    assert server.read("/api/v1/sections/" + quote(spelling))["slug"] == BORO


@pytest.mark.parametrize("slug", ["nowhere", "1", "First", "first%2f", "%25", "a" * 2000])
def test_an_unknown_section_is_404(server, slug):
    assert "no such section" in check_problem(server.get("/api/v1/sections/" + slug), 404)


def test_a_paper_without_sections_has_empty_lists(paper):
    server = paper.serve()
    assert server.read("/api/v1/sections") == {"items": [], "next": None}
    assert server.read("/api/v1/articles") == {"items": [], "next": None}
    assert server.read("/api/v1/site")["sections"] == []


def test_the_site_has_every_field_in_order(server):
    site = server.read("/api/v1/site")
    assert list(site) == SITE
    assert (site["name"], site["url"], site["language"], site["timezone"]) == \
        ("খবর", "http://127.0.0.1:8080", "bn", "Asia/Dhaka")
    assert list(site["today"]) == ["date", "text", "bangla", "bangla_text"]
    assert list(site["today"]["bangla"]) == ["year", "month", "day"]
    assert site["sections"] == [{name: item[name] for name in ("slug", "name", "position")}
                                for item in server.read("/api/v1/sections")["items"]]


def test_the_site_says_what_the_settings_say(paper):
    settings = {"site.name": "The “Daily” <b>", "site.url": "https://example.org/",
                "site.language": "en", "site.timezone": "America/New_York"}
    site = paper.serve(settings).read("/api/v1/site")
    assert (site["name"], site["url"], site["language"], site["timezone"]) == \
        ("The “Daily” <b>", "https://example.org", "en", "America/New_York")


@pytest.mark.parametrize("zone", ["Asia/Dhaka", "Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC"])
def test_today_is_the_papers_day(paper, zone):
    server = paper.serve({"site.timezone": zone})

    def day():
        return datetime.fromtimestamp(time.time(), ZoneInfo(zone)).strftime("%Y-%m-%d")
    before = day()
    today = server.read("/api/v1/site")["today"]
    assert before <= today["date"] <= day()
    assert re.fullmatch(r"\S+, [০-৯]{1,2} \S+ [০-৯]{4}", today["text"])
    assert re.fullmatch(r"[০-৯]{1,2} \S+ [০-৯]{4}", today["bangla_text"])


def test_a_new_section_is_seen_by_a_running_server(paper):
    server = paper.load([section("a")]).serve()
    paper.load([section("b", "B"), section("a", "A", position=5)])
    assert [(s["slug"], s["name"],
             s["position"]) for s in server.read("/api/v1/site")["sections"]] \
        == [("b", "B", 2), ("a", "A", 5)]


@pytest.mark.parametrize("sections, articles, limit, taken", [
    (12, 100, 100, 83), (12, 100, 80, 80), (100, 11, 20, 10), (200, 6, 100, 5)])
def test_all_sections_have_at_most_1000_articles_together(paper, sections, articles, limit, taken):
    server = paper.load([section(f"s{i}") for i in range(sections)] + [
        article(f"a{i}-{n}", f"s{i}", body="") for i in range(2) for n in range(articles)]).serve()
    items = server.read(f"/api/v1/sections?limit={limit}")["items"]
    assert [len(item["items"]) for item in items] == [taken] * 2 + [0] * (sections - 2)
    assert [item["next"] is None for item in items] == [False] * 2 + [True] * (sections - 2)


def test_a_paper_has_at_most_200_sections(paper):
    done = paper.try_load([section(f"s{i}") for i in range(201)])
    assert done.status == 1
    assert done.said == ["khobor: -:201: slug: is a new section's, but a paper has at most 200 sections"]
    assert len(paper.serve().read("/api/v1/sections")["items"]) == 200
    assert paper.load([section("s7", "again")])


@pytest.fixture
def older(paper):
    """A paper of an older version, which let a section have a slug that is reserved now."""
    paper.load([section("old", "Live"), section("national"), article("a", "old"),
                article("b", "national")])
    with closing(sqlite3.connect(paper.database)) as base, base:
        base.execute("UPDATE sections SET slug = 'live', slug_key = 'live' WHERE slug = 'old'")
    return paper


def test_a_section_with_a_slug_that_is_reserved_now_keeps_its_addresses(older):
    server = older.serve()
    assert server.read("/api/v1/sections/live")["name"] == "Live"
    assert server.slugs("/api/v1/articles?section=live") == ["a"]
    for path in ("/live", "/live/feed.xml", server.read("/api/v1/articles/a")["url"]):
        assert server.get(path).status_code == 200, path


def test_a_section_with_a_slug_that_is_reserved_now_can_be_imported_again(older):
    done = older.try_load([section("live", "Live", position=1), section("live", "লাইভ"),
                           article("c", "live")])
    assert done.out.decode().endswith(": 1 new, 1 changed, 1 unchanged, 0 bad\n")
    assert older.serve().read("/api/v1/sections/live")["name"] == "লাইভ"


def test_serve_warns_of_each_section_whose_slug_is_reserved_now(older):
    server = older.serve()
    server.stop()
    warnings = [line for line in server.logged().splitlines() if "warning" in line]
    assert len(warnings) == 1 and 'section "live"' in warnings[0], warnings
