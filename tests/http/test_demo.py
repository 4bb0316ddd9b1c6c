"""The demo edition: a paper of today in which every list has something and every link leads on."""

import time
from datetime import datetime
from urllib.parse import quote

import pytest
from khobor import path_of
from shapes import ARTICLE, MOST_READ, RANKED, SECTION, check_card, check_list


@pytest.fixture(scope="module")
def cards(demo):
    """Every card of the edition."""
    got, path = [], "/api/v1/articles?limit=100"
    while path:
        page = demo.read(path)
        got, path = got + page["items"], page["next"]
    return got


def test_there_are_enough_articles_and_eight_sections(demo, cards):
    assert len(cards) >= 60
    assert len({card["id"] for card in cards}) == len(cards)
    assert len(demo.read("/api/v1/site")["sections"]) == 8


def test_the_newest_is_of_this_hour_and_none_is_yet_to_come(demo, cards):
    newest = datetime.fromisoformat(cards[0]["published_at"]).timestamp()
    assert -1 < time.time() - newest < 3600 + 600  # the tests may have begun in the hour before


def test_every_section_has_articles_and_most_read(demo):
    for section in demo.read("/api/v1/sections")["items"]:
        check_list(section, SECTION)
        assert len(section["items"]) == 5
        for window in ("24h", "7d", "30d", "all"):
            most_read = demo.read(f"/api/v1/most-read?window={window}&section={section['slug']}")
            assert most_read["items"]


@pytest.mark.parametrize("window", ["1h", "6h", "24h", "7d", "30d", "all"])
def test_every_window_has_most_read(demo, window):
    got = demo.read(f"/api/v1/most-read?window={window}&limit=10")
    check_list(got, MOST_READ, RANKED)
    assert len(got["items"]) == 10
    assert [item["rank"] for item in got["items"]] == list(range(1, 11))
    within = [item["views"] for item in got["items"] if item["window"] == window]
    assert within == sorted(within, reverse=True)


def test_every_article_is_found_under_its_slug_and_its_id(demo, cards):
    for card in cards:
        by_slug = demo.read(path_of(card["slug"]))
        check_card(by_slug, ARTICLE)
        assert {name: by_slug[name] for name in card} == card
        assert demo.read(f"/api/v1/articles/{card['id']}") == by_slug
        assert by_slug["body"] and by_slug["body_html"].startswith("<")
        assert card["url"] == f"/{card['section']['slug']}/{card['id']}/{quote(card['slug'])}"


def test_every_tag_and_author_leads_to_its_articles(demo, cards):
    for card in cards:
        article = demo.read(f"/api/v1/articles/{card['id']}")
        for name in ("tag", "author"):
            for value in article[name + "s"]:
                listed = demo.slugs(f"/api/v1/articles?limit=100&{name}={quote(value)}")
                assert card["slug"] in listed


def test_every_article_has_related_ones_and_can_be_read_whole(demo, cards):
    for card in cards:
        got = demo.read(f"/api/v1/articles/{card['id']}?include=related,latest,most_read,site")
        assert [len(got[name]["items"]) for name in ("related", "latest", "most_read")] == [3, 4, 5]


def test_the_edition_can_be_loaded_again(paper):
    assert paper.run("import", "--demo").status == 0
    before = [record["slug"] for record in paper.records() if record["type"] == "article"]
    done = paper.run("import", "--demo")
    assert (done.status, done.err) == (0, "")
    assert [record["slug"] for record in paper.records() if record["type"] == "article"] == before


def test_the_edition_can_be_tried_without_storing(paper):
    done = paper.run("import", "--demo", "--dry-run")
    assert (done.status, done.err) == (0, "")
    assert paper.export() == b""


@pytest.mark.clock
@pytest.mark.parametrize("clock, newest", [
    ("@2024-04-16 06:59:30", "2024-04-16T06:00:00+00:00"), ("@2031-12-31 23:00:00",
                                                            "2031-12-31T23:00:00+00:00")])
def test_the_edition_is_moved_to_the_hour_of_loading(paper, clock, newest):
    assert paper.run("import", "--demo", clock=clock).status == 0
    server = paper.serve({"site.timezone": "UTC"}, clock=clock)
    assert server.read("/api/v1/latest?limit=1")["items"][0]["published_at"] == newest
    assert server.read("/api/v1/most-read?window=1h&limit=1")["fallback"] is None
