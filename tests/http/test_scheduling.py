"""What may be seen when: drafts, what is yet to come, what was withdrawn; and time by itself."""

import time

import pytest
from khobor import PATIENCE, SOON, article, at, eventually, hour, section, views
from shapes import check_problem

SEEN_IN = ["/api/v1/articles?section=a", "/api/v1/articles?tag=t", "/api/v1/articles?author=A",
           "/api/v1/articles?from=2000-01-01&to=2999-12-31", "/api/v1/latest", "/api/v1/sections/a",
           "/api/v1/articles/old/related"]


def everywhere(server, slug):
    """The lists in which an article stands, of all those in which it could."""
    seen = [path for path in SEEN_IN if slug in server.slugs(path)]
    sections = [card["slug"] for item in server.read("/api/v1/sections")["items"]
                for card in item["items"]]
    embedded = server.read("/api/v1/articles/old?include=related,latest")
    return seen + ["/api/v1/sections"] * (slug in sections) + [
        name for name in ("related", "latest")
        if slug in [card["slug"] for card in embedded[name]["items"]]]


ALL = SEEN_IN + ["/api/v1/sections", "related", "latest"]


def edition(**fields):
    """An old article that picks another, and the other."""
    return [section("a"), article("old", "a", related=["x"], published_at="2020-01-01T00:00:00Z"),
            article("x", "a", tags=["t"], authors=["A"], **fields)]


@pytest.mark.parametrize("fields", [
    {"status": "draft"}, {"status": "draft", "published_at": None},
    {"status": "scheduled", "published_at": "2999-01-01T00:00:00Z"},
    {"status": "published", "published_at": "2999-01-01T00:00:00Z"}], ids=str)
def test_what_is_not_to_be_seen_yet_is_404_and_in_no_list(paper, fields):
    server = paper.load(edition(**fields) + [views("x", hour(), 9)]).serve()
    for path in ("/api/v1/articles/x", "/api/v1/articles/2", "/api/v1/articles/x/related"):
        assert check_problem(server.get(path), 404) == "there is no such article"
    assert everywhere(server, "x") == []
    assert server.most_read(window="all") == []


@pytest.mark.parametrize("fields", [
    {"status": "published"}, {"status": "scheduled"}, {"status": None},
    {"status": "scheduled", "published_at": "2020-01-01T00:00:00Z"}], ids=str)
def test_what_may_be_seen_is_in_every_list(paper, fields):
    server = paper.load(edition(**fields)).serve()
    assert server.get("/api/v1/articles/x").status_code == 200
    assert everywhere(server, "x") == ALL


def test_what_was_withdrawn_is_410_and_in_no_list(paper):
    server = paper.load(edition(status="withdrawn") + [views("x", hour(), 9)]).serve()
    for path in ("/api/v1/articles/x", "/api/v1/articles/2", "/api/v1/articles/x?include=site",
                 "/api/v1/articles/x/related"):
        assert check_problem(server.get(path), 410) == "the article was withdrawn"
    assert everywhere(server, "x") == []
    assert server.most_read(window="all") == []


def test_an_article_can_be_withdrawn_and_come_back(paper):
    server = paper.load(edition()).serve()
    for status, code, lists in (("withdrawn", 410, []), ("published", 200, ALL), ("draft", 404, []),
                                ("scheduled", 200, ALL), ("withdrawn", 410, [])):
        paper.load(edition(status=status))
        assert server.get("/api/v1/articles/x").status_code == code
        assert everywhere(server, "x") == lists
    paper.load(edition())
    assert server.read("/api/v1/articles/x")["revision"] == 7


def test_an_article_that_was_withdrawn_needs_no_time(paper):
    server = paper.load(edition(status="withdrawn", published_at=None)).serve()
    assert server.get("/api/v1/articles/x").status_code == 410


@pytest.mark.parametrize("status", ["scheduled", "published"])
def test_a_scheduled_article_appears_at_its_time_by_itself(paper, status):
    then = int(time.time()) + 2
    server = paper.load(edition(status=status, published_at=at(then))).serve()
    assert (server.get("/api/v1/articles/x").status_code, everywhere(server, "x")) == (404, []) or \
        time.time() >= then
    tag = server.get("/api/v1/latest").headers["ETag"]
    eventually(lambda: server.get("/api/v1/articles/x").status_code == 200, 4 * PATIENCE)
    assert then <= time.time() < then + 1 * PATIENCE
    assert everywhere(server, "x") == ALL
    assert server.get("/api/v1/latest", headers={"If-None-Match": tag}).status_code == 200
    assert server.read("/api/v1/articles/x")["revision"] == 1
    server.view("x")
    eventually(lambda: server.most_read() == [("x", 1)], SOON)


@pytest.mark.clock
def test_an_article_of_the_far_future_appears_in_it(paper):
    paper.load(edition(published_at="2099-01-01T00:00:00Z"))
    assert paper.serve().get("/api/v1/articles/x").status_code == 404
    paper.servers[0].stop()
    assert everywhere(paper.serve(clock="@2099-01-01 00:00:01"), "x") == ALL


@pytest.mark.clock
def test_the_day_of_the_site_turns_by_itself(paper):
    """Midnight in Dhaka is 18:00 in UTC."""
    server = paper.serve(clock="@2024-04-13 17:59:50 x10")
    assert server.read("/api/v1/site")["today"]["bangla_text"] == "৩০ চৈত্র ১৪৩০"
    eventually(lambda: server.read("/api/v1/site")["today"]["bangla_text"] == "১ বৈশাখ ১৪৩১", 4)
    assert server.read("/api/v1/site")["today"]["date"] == "2024-04-14"
