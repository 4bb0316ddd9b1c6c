"""What is trending, and what was most read at an hour that is past."""

import time

import pytest
from khobor import SOON, a_reader, article, at, eventually, hour, section, views
from shapes import TRENDING, TRENDING_ITEM, check_list, check_problem

EDITION = [section("a"), section("b"), article("one", "a"), article("two", "b"),
           article("old", "a", published_at="2001-01-01T00:00:00Z")]


def trending(server, **asked):
    got = server.read("/api/v1/trending", params=asked)
    check_list(got, TRENDING, TRENDING_ITEM)
    return [(i["slug"], i["views"]) for i in got["items"]]


def test_an_old_story_that_is_read_again_rises(paper):
    """By numbers of the day it is far behind; by those of late it leads."""
    paper.load([*EDITION, views("one", hour(20), 400), views("two", hour(7), 60),
                views("old", hour(1), 50), views("old", hour(1000), 1)])
    server = paper.serve()
    assert [slug for slug, _ in server.most_read()] == ["one", "two", "old"]
    assert trending(server) == [("old", 50), ("one", 400), ("two", 60)]
    assert trending(server, section="a", limit=1) == [("old", 50)]
    assert server.read("/api/v1/trending?section=b")["section"] == "b"


def test_a_few_views_are_no_trend(paper):
    paper.load([*EDITION, views("one", hour(2), 3), views("two", hour(40), 900)])
    server = paper.serve({"popularity.trending_views": 4})
    assert trending(server) == []
    server.view("one")
    eventually(lambda: trending(server) == [("one", 4)], SOON)


def test_a_half_life_of_ones_own(paper):
    paper.load([*EDITION, views("one", hour(20), 400), views("two", hour(3), 60)])
    for hours, expected in ((1, [("two", 60), ("one", 400)]), (24, [("one", 400), ("two", 60)])):
        server = paper.serve({"popularity.half_life_h": hours})
        assert trending(server) == expected
        server.stop()


def test_what_may_not_stand_in_most_read_does_not_trend(paper):
    paper.load([*EDITION, views("one", hour(2), 30), views("two", hour(2), 20)])
    server = paper.serve()
    assert trending(server) == [("one", 30), ("two", 20)]
    paper.load([article("one", "a", most_read=False)])
    eventually(lambda: trending(server) == [("two", 20)], SOON)
    paper.load([article("one", "a")])
    eventually(lambda: trending(server) == [("one", 30), ("two", 20)], SOON)


def test_an_age_keeps_out_what_is_older(paper):
    now = time.time()
    paper.load([section("a"), article("old", "a", published_at=at(now - 3 * 86400)),
                article("new", "a", published_at=at(now - 86400)),
                views("old", hour(2), 30), views("new", hour(2), 20)])
    server = paper.serve({"popularity.max_age_days": 2})
    for window in ("24h", "7d", "all"):
        assert server.most_read(window=window) == [("new", 20)]
        assert server.most_read(window=window, section="a") == [("new", 20)]
    assert trending(server) == [("old", 30), ("new", 20)]
    paper.load([article("old", "a", published_at=at(now - 3600))])
    eventually(lambda: server.most_read() == [("old", 30), ("new", 20)], SOON)


# Hours that are past; with the clock of libfaketime


def ranks(server, path):
    return [(i["slug"], i["rank"], i["previous_rank"]) for i in server.read(path)["items"]]


@pytest.mark.clock
def test_each_hour_is_kept_and_can_be_asked_for(paper):
    edition = [article(a["slug"], a["section"], published_at="2024-04-15T00:00:00Z")
               if a["type"] == "article" else a for a in EDITION]
    paper.load(edition, clock="@2024-04-16 05:00:00")
    server = paper.serve(clock="@2024-04-16 05:59:56")
    server.view("one", 3)
    server.view("two", 1)
    eventually(lambda: server.most_read() == [("one", 3), ("two", 1)], SOON)
    assert ranks(server, "/api/v1/most-read") == [("one", 1, None), ("two", 2, None)]
    eventually(lambda: ranks(server, "/api/v1/most-read")[0][2], 8)  # it is 6 o'clock
    server.view("two", 4)
    eventually(lambda: ranks(server, "/api/v1/most-read") == [("two", 1, 2), ("one", 2, 1)], SOON)
    past = server.read("/api/v1/most-read?at=2024-04-16T12:00:00+06:00&window=24h")
    assert past["as_of"] == "2024-04-16T12:00:00+06:00"
    assert [(i["slug"], i["views"], i["window"], i["previous_rank"]) for i in past["items"]] == [
        ("one", 3, "24h", None), ("two", 1, "24h", None)]
    assert ranks(server, "/api/v1/most-read?at=2024-04-16T12:00:00%2B06:00&section=b") == [
        ("two", 1, None)]
    at_start = server.read("/api/v1/most-read?at=2024-04-16T11:30:00%2B06:00")
    assert (at_start["as_of"], at_start["items"]) == ("2024-04-16T11:00:00+06:00", [])
    server.stop()
    # Two hours later it is still there, and the hours without a server have the last before.
    server = paper.serve(clock="@2024-04-16 08:30:00")
    assert ranks(server, "/api/v1/most-read?at=2024-04-16T13:59:59%2B06:00") == [
        ("one", 1, None), ("two", 2, None)]
    eventually(lambda: ranks(server, "/api/v1/most-read") == [("two", 1, 1), ("one", 2, 2)], SOON)
    later = server.read("/api/v1/most-read?at=2024-04-16T14:30:00%2B06:00")
    assert later["as_of"] == "2024-04-16T14:00:00+06:00"
    assert [(i["slug"], i["views"], i["previous_rank"]) for i in later["items"]] == [
        ("two", 5, 2), ("one", 3, 1)]
    # What was withdrawn since is not shown in a list of the past either.
    paper.load([article("one", "a", status="withdrawn")], clock="@2024-04-16 08:31:00")
    assert ranks(server, "/api/v1/most-read?at=2024-04-16T12:00:00%2B06:00") == [("two", 1, None)]


def test_a_time_without_a_kept_hour_is_an_error(paper):
    server = paper.load(EDITION).serve()
    eventually(lambda: server.get("/api/v1/most-read?at=" + at(time.time())).ok, SOON)
    for value, status, words in (
            ("2001-01-01T00:00:00Z", 404, "before the first hour"),
            ("2999-01-01T00:00:00Z", 400, "later than now"), ("yesterday", 400, "a time with a zone"),
            ("2024-04-16", 400, "a time with a zone"), ("", 400, "a time with a zone")):
        for path in ("most-read", "trending"):
            answer = server.get(f"/api/v1/{path}", params={"at": value})
            assert words in check_problem(answer, status, "at")


def test_a_paper_that_keeps_no_history(paper):
    server = paper.load([*EDITION, views("one", hour(1), 5)]).serve({"popularity.history_days": 0})
    server.ask("POST", "/api/v1/articles/two/views", headers={"User-Agent": a_reader()})
    eventually(lambda: server.most_read() == [("one", 5), ("two", 1)], SOON)
    check_problem(server.get("/api/v1/most-read?at=" + at(time.time())), 404, "at")
    assert ranks(server, "/api/v1/most-read") == [("one", 1, None), ("two", 2, None)]
