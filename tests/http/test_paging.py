"""Walking a list: limits, cursors, `next` and its Link; nothing is skipped and nothing repeated."""

from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st
from khobor import article, at, section
from shapes import check_problem

# 37 articles, of which five have the time of another.
TIMES = [1713000000 + 1000 * (i - i % 7 % 2) for i in range(37)]
EDITION = [section("a"), section("b", "খ"),
           *(article(f"n{i}", "ab"[i % 3 == 0], published_at=at(time),
                     tags=["নদী"] if i % 2 else [], authors=["A B"] if i % 5 else [])
             for i, time in enumerate(TIMES))]
ROUTES_WITH_A_LIMIT = ["/api/v1/articles", "/api/v1/latest", "/api/v1/articles/1/related",
                       "/api/v1/sections", "/api/v1/sections/a", "/api/v1/most-read"]


@pytest.fixture(scope="module")
def server(new_paper):
    return new_paper().load(EDITION).serve()


def pages(server, path):
    """The pages from an address on, by `next`, which Link says as well."""
    while path:
        answer = server.get(path)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        yield page
        path = page["next"]
        assert answer.headers.get("Link") == (f'<{path}>; rel="next"' if path else None)


def walk(server, path):
    return [item["slug"] for page in pages(server, path) for item in page["items"]]


@pytest.mark.parametrize("limit", [1, 2, 7, 36, 37, 38, 100])
@pytest.mark.parametrize("path", ["/api/v1/articles", "/api/v1/latest"])
def test_a_walk_gives_every_article_once(server, path, limit):
    whole = [f"n{i}" for _, i in sorted(zip(TIMES, count()), reverse=True)]
    walked = [[item["slug"] for item in page["items"]] for page in
              pages(server, f"{path}?limit={limit}")]
    assert sum(walked, []) == whole
    assert [len(page) for page in walked[:-1]] == [limit] * (len(walked) - 1)
    assert 0 < len(walked[-1]) <= limit


@pytest.mark.parametrize("query", [
    "section=b", "tag=নদী", "author=A%20B", "section=a&tag=নদী", "tag=নদী&author=A%20B",
    "section=b&tag=নদী&author=A%20B", "from=2024-04-13T12:00:00+06:00", "to=2024-04-13",
    "section=a&from=2024-04-13T12:00:00+06:00&to=2024-04-13T20:00:00+06:00", "fields=slug,id"])
def test_next_keeps_the_filters(server, query):
    whole = server.read(f"/api/v1/articles?limit=100&{query}")
    assert whole["next"] is None and len(whole["items"]) > 4
    walked = [item for page in pages(server, f"/api/v1/articles?limit=2&{query}")
              for item in page["items"]]
    assert walked == whole["items"]


def test_a_section_is_walked_from_its_own_address(server):
    whole = server.slugs("/api/v1/articles?section=b&limit=100")
    assert walk(server, "/api/v1/sections/b?limit=3") == whole
    assert walk(server, "/api/v1/latest?section=b&limit=3") == whole
    assert walk(server, "/api/v1/sections/b?limit=3&fields=slug") == whole


def test_a_section_of_the_list_of_sections_is_walked_by_its_next(server):
    for item in server.read("/api/v1/sections?limit=4")["items"]:
        assert item["next"].startswith(f"/api/v1/sections/{item['slug']}?")
        walked = [card["slug"] for card in item["items"]] + walk(server, item["next"])
        assert walked == server.slugs(f"/api/v1/articles?section={item['slug']}&limit=100")


@given(st.lists(st.integers(1, 40), min_size=1))
def test_any_sequence_of_limits_gives_the_whole_list(server, limits):
    walked, path, taken = [], "/api/v1/articles?limit=1", 0
    while path:
        limit = limits[taken % len(limits)]
        page = server.read(path.replace("limit=1", f"limit={limit}", 1))
        assert len(page["items"]) <= limit
        walked += [item["slug"] for item in page["items"]]
        path = page["next"] and page["next"].replace(f"limit={limit}", "limit=1", 1)
        taken += 1
    assert walked == server.slugs("/api/v1/articles?limit=100")


@pytest.mark.parametrize("limit", [1, 3, 10])
def test_articles_that_arrive_between_pages_make_none_skipped_and_none_repeated(paper, limit):
    server = paper.load(EDITION).serve()
    before = server.slugs("/api/v1/articles?limit=100")
    walked, new = [], count()
    for page in pages(server, f"/api/v1/articles?limit={limit}"):
        slugs = [item["slug"] for item in page["items"]]
        walked += slugs
        last = TIMES[int(slugs[-1][1:])] if slugs[-1].startswith("n") else TIMES[0]
        # Newer than all, at the very second where the page ended, and older than all.
        paper.load([article(f"x{next(new)}", "a", published_at=at(time))
                    for time in (TIMES[-1] + 5000, last, TIMES[0] - 5000)])
        if len(walked) > 60:
            break
    assert [slug for slug in walked if slug.startswith("n")] == before
    assert len(walked) == len(set(walked))


def test_an_article_that_is_withdrawn_between_pages_leaves_no_hole(paper):
    server = paper.load(EDITION).serve()
    whole = server.slugs("/api/v1/articles?limit=100")
    first = server.read("/api/v1/articles?limit=5")
    paper.load([{**EDITION[2 + int(slug[1:])], "status": "withdrawn"} for slug in whole[4:7]])
    assert walk(server, first["next"]) == whole[7:]


def test_a_list_of_a_rare_combination_goes_on_behind_an_empty_page(paper):
    """At most 10,000 articles are looked at for one page."""
    paper.load([section("a"), section("b"), article("rare", "b", published_at=at(0), tags=["t"]),
                *(article(f"n{i}", "a", published_at=at(1000 + i), tags=["t"], body="")
                  for i in range(10005))])
    server = paper.serve()
    first, *rest = pages(server, "/api/v1/articles?section=b&tag=t")
    assert first["items"] == [] and first["next"]
    assert [item["slug"] for page in rest for item in page["items"]] == ["rare"]


@pytest.mark.parametrize("limit",
                         ["0", "101", "-1", "+1", "ten", "", " 1", "1 ", "1.0", "1e1", "0x1",
                                   "1000", "99999999999999999999", "১", "1,2"])
@pytest.mark.parametrize("path", ROUTES_WITH_A_LIMIT)
def test_a_limit_out_of_bounds_is_refused(server, path, limit):
    answer = server.get(f"{path}?limit={limit.replace(' ', '%20')}")
    detail = check_problem(answer, 400, "limit")
    assert detail == f'limit must be a whole number from 1 to 100, got "{limit}"'


@pytest.mark.parametrize("limit, taken", [("1", 1), ("007", 7), ("36", 36), ("100", 37)])
def test_a_limit_in_bounds_is_taken(server, limit, taken):
    assert len(server.read("/api/v1/latest?limit=" + limit)["items"]) == taken


@pytest.mark.parametrize("path, taken", [
    ("/api/v1/articles", 20), ("/api/v1/latest", 20), ("/api/v1/sections/a", 20),
    ("/api/v1/articles/n1/related", 20)])
def test_a_limit_is_20_unless_another_is_given(server, path, taken):
    assert len(server.read(path)["items"]) == taken


def test_sections_have_5_articles_each_unless_another_limit_is_given(server):
    for query, taken in (("", 5), ("?limit=1", 1), ("?limit=12", 12)):
        items = server.read("/api/v1/sections" + query)["items"]
        assert [len(item["items"]) for item in items] == [taken, taken]


@pytest.mark.parametrize("cursor", [
    "", "x", "1", "1.", ".1", "1.2.3", "1.2x", " 1.2", "1.2 ", "+1.2", "1.+2", "01.2", "1.02",
    "-0.1",
    "1,2", "1.-", "--1.2", "1e5.2", "0x1.2", "1. 2", "9223372036854775808.1",
    "1.9223372036854775808",
    "1" * 400 + ".1", "১.২", "null", "eyJpZCI6MX0="])
@pytest.mark.parametrize("path", ["/api/v1/articles", "/api/v1/latest", "/api/v1/sections/a"])
def test_a_broken_cursor_is_refused(server, path, cursor):
    answer = server.get(f"{path}?cursor={cursor.replace(' ', '%20')}")
    assert check_problem(answer, 400,
                         "cursor").startswith("cursor must be what a list's `next` gave")


def test_a_made_up_cursor_shows_nothing_that_is_yet_to_come(paper):
    server = paper.load([section("a"), article("now", "a"),
                         article("later", "a", published_at="2999-01-01T00:00:00Z")]).serve()
    for cursor in ("9223372036854775807.9223372036854775807", "32503680001.1"):
        assert server.slugs("/api/v1/articles?cursor=" + cursor) == ["now"]
    assert server.slugs("/api/v1/articles?cursor=-9223372036854775808.0") == []


def test_lists_without_pages_have_no_next(server):
    for path in ("/api/v1/sections", "/api/v1/articles/1/related", "/api/v1/most-read"):
        answer = server.get(path + "?limit=1")
        assert answer.json()["next"] is None and "Link" not in answer.headers
