"""What goes with an article: the editors' picks, then a tag in common, then the section."""

import pytest
from khobor import article, at, section
from shapes import check_list, check_problem

BORO_ONE, BORO_TWO = "ব\u09dc", "ব\u09a1\u09bc"

EDITION = [
    section("a"), section("b"),
    article("main", "a", tags=["t", BORO_ONE], related=[
        "pick-2", "later-line", "no-such", "draft", "withdrawn", "to-come", "main", "tagged-1",
        "pick-2", "প\u09a1\u09bcা"], published_at=at(500)),
    article("pick-2", "b", published_at=at(10)), article("later-line", "b", published_at=at(900)),
    article("প\u09dcা", "b", published_at=at(20)),
    article("tagged-1", "b", tags=["t"], published_at=at(1)),
    article("tagged-2", "b", tags=[BORO_TWO], published_at=at(800)),
    article("tagged-3", "b", tags=["t", BORO_ONE], published_at=at(700)),
    article("section-1", "a", published_at=at(600)),
    article("section-2", "a", published_at=at(400)),
    article("section-and-tag", "a", tags=["t"], published_at=at(650)),
    article("stranger", "b", tags=["u"], published_at=at(999)),
    article("draft", "a", status="draft", tags=["t"]),
    article("withdrawn", "a", status="withdrawn", tags=["t"]),
    article("to-come", "a", tags=["t"], published_at="2999-01-01T00:00:00Z"),
]
ORDER = ["pick-2", "later-line", "tagged-1", "প\u09dcা", "tagged-2", "tagged-3", "section-and-tag",
         "section-1", "section-2"]


@pytest.fixture(scope="module")
def server(new_paper):
    return new_paper().load(EDITION).serve()


def test_picks_come_first_then_tags_then_the_section_each_once(server):
    got = server.read("/api/v1/articles/main/related")
    check_list(got)
    assert [card["slug"] for card in got["items"]] == ORDER


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 5, 8, 9, 10, 100])
def test_a_limit_cuts_the_list_and_changes_no_order(server, limit):
    assert server.slugs(f"/api/v1/articles/1/related?limit={limit}") == ORDER[:limit]


def test_the_included_list_is_the_beginning_of_the_route_s(server):
    included = server.read("/api/v1/articles/main?include=related")["related"]["items"]
    assert included == server.read("/api/v1/articles/main/related?limit=3")["items"]


def test_an_article_alone_in_its_section_has_nothing_related(paper):
    server = paper.load([section("a"), section("b"), article("alone", "a"),
                         article("x", "b")]).serve()
    assert server.slugs("/api/v1/articles/alone/related") == []


def test_more_of_a_tag_than_a_page_has_does_not_repeat_any(paper):
    server = paper.load([section("a"), *(article(f"n{i}", "a", tags=["t", "u"], published_at=at(i),
                                                 related=["n3"]) for i in range(130))]).serve()
    got = server.slugs("/api/v1/articles/n50/related?limit=100")
    assert got == ["n3"] + [f"n{i}" for i in range(129, 3, -1) if i != 50][:99]


@pytest.mark.parametrize("name, status", [("no-such", 404), ("0", 404), ("draft", 404),
                                          ("to-come", 404), ("withdrawn", 410)])
def test_related_of_what_can_not_be_seen_is_refused(server, name, status):
    check_problem(server.get(f"/api/v1/articles/{name}/related"), status)
