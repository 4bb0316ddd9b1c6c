"""The most read: its shape, its order, its windows, and how wider ones fill the places left.

Views are imported for hours whose window no passing of an hour during a test can change: this
hour is in all windows, 4 hours ago in 6h and wider, 12 in 24h, 3 days in 7d, 20 days in 30d,
60 days in all.
"""

import time

import pytest
from khobor import SOON, article, at, eventually, hour, section, views
from shapes import MOST_READ, RANKED, check_list, check_problem, check_time

AGES = {"1h": 0, "6h": 4, "24h": 12, "7d": 72, "30d": 480, "all": 1440}
WINDOWS = list(AGES)

# One article for each window, named by it; the wider the window, the more views. Two sections.
EDITION = [
    section("a"), section("b"), section("unread"),
    *(article(window, "ab"[i % 2]) for i, window in enumerate(WINDOWS)), article("never", "a"),
    *(views(window, hour(age), 10 * (i + 1)) for i, (window, age) in enumerate(AGES.items())),
]


@pytest.fixture(scope="module")
def server(new_paper):
    return new_paper().load(EDITION).serve()


def listed(server, **asked):
    """The items of a list, and its fallback."""
    got = server.read("/api/v1/most-read", params=asked)
    return [(i["slug"], i["views"], i["window"]) for i in got["items"]], got["fallback"]


def test_the_list_has_every_field_in_order(server):
    got = server.read("/api/v1/most-read?window=6h&limit=2")
    check_list(got, MOST_READ, RANKED)
    assert (got["window"], got["section"], got["fallback"], got["next"]) == ("6h", None, None, None)
    check_time(got["as_of"])
    cards = {card["id"]: card for card in server.read("/api/v1/articles")["items"]}
    for item in got["items"]:  # that depends on the time of day
        assert item.pop("previous_rank") in (None, 1, 2, 3, 4, 5, 6)
    assert got["items"] == [
        {**cards[2], "rank": 1, "views": 20, "views_text": "২০", "window": "6h"},
        {**cards[1], "rank": 2, "views": 10, "views_text": "১০", "window": "6h"}]


def test_a_window_is_24h_and_a_limit_20_unless_others_are_given(server):
    got = server.read("/api/v1/most-read")
    assert got["window"] == "24h"
    assert got["items"] == server.read("/api/v1/most-read?window=24h&limit=20")["items"]


@pytest.mark.parametrize("number, window", enumerate(WINDOWS))
def test_a_window_holds_its_own_views(server, number, window):
    """The articles of narrower windows are in wider ones too, and the most viewed come first."""
    inside = [(name, 10 * (i + 1), window) for i, name in enumerate(WINDOWS[:number + 1])]
    assert listed(server, window=window, limit=number + 1) == (inside[::-1], None)


@pytest.mark.parametrize("limit", range(1, 8))
@pytest.mark.parametrize("number, window", enumerate(WINDOWS))
def test_places_left_are_filled_from_the_next_wider_windows(server, number, window, limit):
    inside = [(name, 10 * (i + 1), window) for i, name in enumerate(WINDOWS[:number + 1])][::-1]
    wider = [(name, 10 * (i + 1), name) for i, name in enumerate(WINDOWS)][number + 1:]
    expected = (inside + wider)[:limit]
    widest = expected[-1][2]
    assert listed(server, window=window, limit=limit) == \
        (expected, widest if widest != window else None)


def test_what_nobody_viewed_never_appears(server):
    for window in WINDOWS:
        assert "never" not in [item[0] for item in listed(server, window=window, limit=100)[0]]


def test_a_section_has_its_own_list_and_its_own_fallback(server):
    assert listed(server, section="a", window="1h") == (
        [("1h", 10, "1h"), ("24h", 30, "24h"), ("30d", 50, "30d")], "30d")
    assert listed(server, section="b", window="1h", limit=1) == ([("6h", 20, "6h")], "6h")
    assert listed(server, section="a", window="24h", limit=2) == (
        [("24h", 30, "24h"), ("1h", 10, "24h")], None)
    assert server.read("/api/v1/most-read?section=a")["section"] == "a"


def test_a_section_that_nobody_read_has_an_empty_list(server):
    got = server.read("/api/v1/most-read?section=unread")
    assert (got["items"], got["fallback"], got["section"]) == ([], None, "unread")


def test_a_paper_that_nobody_read_has_an_empty_list(paper):
    server = paper.load([section(), article("a")]).serve()
    for window in WINDOWS:
        got = server.read(f"/api/v1/most-read?window={window}")
        assert list(got) == MOST_READ
        assert (got["window"], got["items"], got["fallback"]) == (window, [], None)


@pytest.mark.parametrize("window", ["", "2h", "1H", "24", "24h ", "day", "ALL", "1h,6h", "৬h"])
def test_an_unknown_window_is_refused(server, window):
    answer = server.get("/api/v1/most-read", params={"window": window})
    assert check_problem(answer, 400,
                         "window").startswith("window must be one of 1h, 6h, 24h, 7d, ")


def test_ties_go_to_the_newer_article_and_then_to_the_higher_id(paper):
    times = {"old": 1000, "twin-1": 2000, "twin-2": 2000, "new": 3000, "less": 4000}
    paper.load([section("a"),
                *(article(slug, "a", published_at=at(t)) for slug, t in times.items()),
                *(views(slug, hour(age), 5 - (slug == "less")) for slug in times
                  for age in AGES.values())])
    server = paper.serve()
    for window in WINDOWS:
        for asked in ({}, {"section": "a"}):
            got = [item[0] for item in listed(server, window=window, **asked)[0]]
            assert got == ["new", "twin-2", "twin-1", "old", "less"]


def test_a_list_has_at_most_100_and_the_best_of_many(paper):
    records = [section("a"), *(article(f"n{i}", "a") for i in range(300)),
               *(views(f"n{i}", hour(), 1 + i * 7 % 300) for i in range(300))]
    server = paper.load(records).serve()
    best = sorted(((f"n{i}", 1 + i * 7 % 300) for i in range(300)), key=lambda pair: -pair[1])
    for window in ("1h", "all"):
        assert server.most_read(window=window, limit=100) == best[:100]
    included = server.read(f"/api/v1/articles/{best[0][0]}?include=most_read")["most_read"]
    assert [item["slug"] for item in included["items"]] == [slug for slug, _ in best[1:6]]


@pytest.mark.parametrize("language, texts", [
    ("bn", ["১২,৩৪,৫৬৭", "১,০০,০০০", "৯৯৯"]), ("en", ["1,234,567", "100,000", "999"])])
def test_views_have_a_text_in_the_papers_language(paper, language, texts):
    numbers = [1234567, 100000, 999]
    server = paper.load([section("a"), *(article(f"n{n}", "a") for n in numbers),
                         *(views(f"n{n}", hour(), n) for n in numbers)]
                        ).serve({"site.language": language})
    assert [(i["views"], i["views_text"]) for i in server.read("/api/v1/most-read")["items"]] == \
        list(zip(numbers, texts))


def test_an_article_may_be_kept_out_of_the_most_read(paper):
    """With most_read false; it can be listed again, and its views are still counted."""
    paper.load([section("a"), article("in", "a"), article("out", "a", most_read=False),
                views("in", hour(), 1), views("out", hour(), 9)])
    server = paper.serve()
    for window in WINDOWS:
        assert server.most_read(window=window) == [("in", 1)]
        assert server.most_read(window=window, section="a") == [("in", 1)]
    server.view("out")
    paper.load([article("out", "a"), article("in", "a", most_read=False)])
    for window in WINDOWS:
        eventually(lambda: server.most_read(window=window) == [("out", 10)], SOON)


def test_an_article_that_is_withdrawn_leaves_the_most_read(paper):
    paper.load([section("a"), article("a", "a"), article("b", "a"), views("a", hour(), 3),
                views("b", hour(), 2)])
    server = paper.serve()
    paper.load([article("a", "a", status="withdrawn")])
    for window in WINDOWS:
        assert server.most_read(window=window) == [("b", 2)]
        assert server.read(f"/api/v1/most-read?window={window}")["items"][0]["rank"] == 1


def test_an_article_that_moves_to_another_section_takes_its_views_along(paper):
    paper.load([section("a"), section("b"), article("x", "a"), views("x", hour(), 3)])
    server = paper.serve()
    assert server.most_read(section="a") == [("x", 3)]
    paper.load([article("x", "b")])
    for window in WINDOWS:
        eventually(lambda: server.most_read(section="b", window=window) == [("x", 3)], SOON)
        eventually(lambda: server.most_read(section="a", window=window) == [], SOON)
    server.stop()
    again = paper.serve()
    assert (again.most_read(section="a"), again.most_read(section="b")) == ([], [("x", 3)])


@pytest.fixture(scope="module")
def waiting(new_paper):
    """A server on which an article of each window's views has its time in 2 seconds."""
    then = int(time.time()) + 2
    server = new_paper().load([
        section("a"), *(article(window, "a", published_at=at(then)) for window in WINDOWS),
        *(views(window, hour(age), 9) for window, age in AGES.items())]).serve()
    before = [listed(server, window=window, section="a") for window in WINDOWS]
    assert before == [([], None)] * len(WINDOWS) or time.time() >= then
    return server, then


@pytest.mark.parametrize("asked", [{}, {"section": "a"}], ids=["paper", "section"])
@pytest.mark.parametrize("window", WINDOWS)
def test_an_article_that_was_viewed_before_its_time_is_ranked_from_its_time_on(
        waiting, window, asked):
    """Nobody can view it before through the API, but an import can say so."""
    server, then = waiting
    eventually(lambda: (window, 9, window) in listed(server, window=window, **asked)[0],
               max(0, then - time.time()) + SOON)


def pass_time(seconds):
    began = time.time()
    eventually(lambda: time.time() > began + seconds, seconds + 1)


def test_as_of_is_when_a_count_last_changed(paper):
    server = paper.load([section("a"), article("x", "a"), views("x", hour(), 1)]).serve()
    first = server.read("/api/v1/most-read")["as_of"]
    pass_time(1.6)
    assert server.read("/api/v1/most-read")["as_of"] == first
    server.view("x")
    eventually(lambda: server.read("/api/v1/most-read")["as_of"] > first, SOON)


def test_as_of_stands_still_while_an_article_with_views_waits_for_its_time(paper):
    paper.load([section("a"), article("a", "a"), views("a", hour(), 1),
                article("later", "a", published_at="2999-01-01T00:00:00Z"),
                views("later", hour(), 5)])
    server = paper.serve()
    first = server.read("/api/v1/most-read")["as_of"]
    pass_time(1.6)
    assert server.read("/api/v1/most-read")["as_of"] == first


@pytest.mark.clock
@pytest.mark.parametrize("clock, window", [
    ("@2024-04-16 12:02:20", "1h"), ("@2024-04-16 12:02:31", "6h"),
    ("@2024-04-16 17:02:20", "6h"), ("@2024-04-16 17:02:31", "24h"),
    ("@2024-04-17 11:59:50", "24h"), ("@2024-04-17 12:00:01", "7d"),
    ("@2024-04-23 11:59:50", "7d"), ("@2024-04-23 12:00:01", "30d"),
    ("@2024-05-16 11:59:50", "30d"), ("@2024-05-16 12:00:01", "all")])
def test_a_window_begins_at_its_length_before_the_last_step(paper, clock, window):
    """Steps are 150 s for 1h and 6h, an hour for the others; the views are of 11:00 in UTC."""
    paper.load([section("a"), article("x", "a"), views("x", "2024-04-16T11:00:00Z", 3)],
               clock="@2024-04-16 11:30:00")
    server = paper.serve(clock=clock)
    assert listed(server, window="1h") == ([("x", 3, window)], window if window != "1h" else None)


@pytest.mark.clock
def test_views_slide_out_of_a_window_by_themselves(paper):
    paper.load([section("a"), article("x", "a"), views("x", "2024-04-16T11:00:00Z", 3)],
               clock="@2024-04-16 11:30:00")
    server = paper.serve(clock="@2024-04-16 12:02:20 x10")
    assert listed(server, window="1h")[0] == [("x", 3, "1h")]
    eventually(lambda: listed(server, window="1h")[0] == [("x", 3, "6h")], 4)


@pytest.mark.clock
def test_a_view_of_now_counts_in_every_window_until_it_has_slid_out(paper):
    paper.load([section("a"), article("x", "a")], clock="@2024-04-16 11:00:00")
    server = paper.serve(clock="@2024-04-16 11:10:00")
    server.view("x", 2)
    for window in WINDOWS:
        eventually(lambda: listed(server, window=window) == ([("x", 2, window)], None), SOON)
    server.stop()
    again = paper.serve(clock="@2024-04-16 12:12:00")  # the slot of 11:10 is in until 12:12:30
    assert listed(again, window="1h")[0] == [("x", 2, "1h")]
    again.stop()
    assert listed(paper.serve(clock="@2024-04-16 12:12:31"), window="1h")[0] == [("x", 2, "6h")]
