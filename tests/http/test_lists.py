"""The list of articles: its order, its filters alone and together, and the choice of fields."""

from urllib.parse import quote

import pytest
from khobor import article, at, section
from shapes import CARD, check_card, check_list, check_problem

BORO_ONE, BORO_TWO = "ব\u09dc", "ব\u09a1\u09bc"  # বড় with one code point for ড়, and with two

EDITION = [
    section("national"), section("খেলা", "খেলা"), section("empty", "খালি"),
    article("monday-last", published_at="2024-04-15T23:59:59+06:00", tags=["নদী"], authors=["A B"]),
    article("tuesday-first", published_at="2024-04-16T00:00:00+06:00", tags=[BORO_ONE, "নদী"]),
    article("tuesday-noon", "খেলা", published_at="2024-04-16T12:00:00+06:00", tags=["নদী", "fish"],
            authors=["ক\u200cখ", "A B"]),
    article("tuesday-noon-too", published_at="2024-04-16T12:00:00+06:00", authors=["A B"]),
    article("tuesday-last", "খেলা", published_at="2024-04-16T23:59:59+06:00", tags=["দল ১২"]),
    article("wednesday", published_at="2024-04-17T00:00:00+06:00", tags=["নদী", "নদী"],
            authors=["রহমান"], kicker="K", image={"url": "/a.png"},
            updated_at="2024-05-01T00:00:00Z"),
    article("draft", status="draft", tags=["নদী", "hidden"], authors=["ghost"]),
    article("withdrawn", status="withdrawn", tags=["নদী"]),
    article("to-come", published_at="2999-01-01T00:00:00Z", tags=["নদী"]),
]
NEWEST_FIRST = ["wednesday", "tuesday-last", "tuesday-noon-too", "tuesday-noon", "tuesday-first",
                "monday-last"]


@pytest.fixture(scope="module")
def server(new_paper):
    return new_paper().load(EDITION).serve()


def listed(server, **asked):
    query = "&".join(f"{name}={quote(value, safe=':+')}" for name, value in asked.items())
    return server.slugs("/api/v1/articles?" + query)


@pytest.mark.parametrize("path", ["/api/v1/articles", "/api/v1/latest"])
def test_articles_come_newest_first_and_at_one_time_by_the_higher_id(server, path):
    got = server.read(path)
    check_list(got)
    assert [card["slug"] for card in got["items"]] == NEWEST_FIRST
    assert got["next"] is None


@pytest.mark.parametrize("asked, expected", [
    ("national", "wednesday tuesday-noon-too tuesday-first monday-last"),
    ("খেলা", "tuesday-last tuesday-noon"),
    ("খেলা\u200c", "tuesday-last tuesday-noon"),
    ("empty", "")])
@pytest.mark.parametrize("path", ["/api/v1/articles", "/api/v1/latest"])
def test_a_section_filters(server, path, asked, expected):
    assert server.slugs(path, params={"section": asked}) == expected.split()


@pytest.mark.parametrize("tag, expected", [
    ("নদী", "wednesday tuesday-noon tuesday-first monday-last"),
    ("নদী\u200d", "wednesday tuesday-noon tuesday-first monday-last"),
    (BORO_ONE, "tuesday-first"), (BORO_TWO, "tuesday-first"),
    ("দল ১২", "tuesday-last"), ("দল 12", "tuesday-last"),
    ("fish", "tuesday-noon"), ("Fish", ""), ("fis", ""), ("fish ", ""),
    ("hidden", ""), ("A B", ""), ("কেউ না", ""), ("%", ""), ("_ish", ""), ("'", ""),
    ("ক" * 600, "")])
def test_a_tag_filters_in_any_spelling(server, tag, expected):
    assert listed(server, tag=tag) == expected.split()


@pytest.mark.parametrize("author, expected", [
    ("A B", "tuesday-noon-too tuesday-noon monday-last"), ("কখ", "tuesday-noon"),
    ("ক\u200cখ", "tuesday-noon"), ("রহমান", "wednesday"), ("ghost", ""), ("নদী", ""), ("A", "")])
def test_an_author_filters_in_any_spelling(server, author, expected):
    assert listed(server, author=author) == expected.split()


@pytest.mark.parametrize("asked, expected", [
    ({"from": "2024-04-16"}, NEWEST_FIRST[:5]),
    ({"from": "2024-04-17"}, NEWEST_FIRST[:1]),
    ({"from": "2024-04-18"}, []),
    ({"to": "2024-04-15"}, NEWEST_FIRST[5:]),
    ({"to": "2024-04-16"}, NEWEST_FIRST[1:]),
    ({"from": "2024-04-16", "to": "2024-04-16"}, NEWEST_FIRST[1:5]),
    ({"from": "2024-04-17", "to": "2024-04-16"}, []),
    ({"from": "2024-04-16T12:00:00+06:00"}, NEWEST_FIRST[:4]),
    ({"from": "2024-04-16T12:00:01+06:00"}, NEWEST_FIRST[:2]),
    ({"from": "2024-04-16T06:00:00Z"}, NEWEST_FIRST[:4]),
    ({"from": "2024-04-16t06:00:00z"}, NEWEST_FIRST[:4]),
    ({"from": "2024-04-16T06:00:00.999Z"}, NEWEST_FIRST[:4]),
    ({"from": "2024-04-16T01:00:00-05:00"}, NEWEST_FIRST[:4]),
    ({"to": "2024-04-16T12:00:00+06:00"}, NEWEST_FIRST[4:]),
    ({"to": "2024-04-16T12:00:01+06:00"}, NEWEST_FIRST[2:]),
    ({"from": "2024-04-16T12:00:00+06:00", "to": "2024-04-16T12:00:00+06:00"}, []),
    ({"from": "1000-01-02"}, NEWEST_FIRST), ({"to": "1000-01-02"}, []),
    ({"to": "2999-12-31"}, NEWEST_FIRST), ({"from": "2998-12-31"}, [])], ids=str)
def test_from_and_to_bound_the_time(server, asked, expected):
    assert listed(server, **asked) == expected


@pytest.mark.parametrize("name", ["from", "to"])
@pytest.mark.parametrize("day", ["1000-01-01", "9999-12-31"])
def test_the_first_and_the_last_day_may_be_asked_for(server, name, day):
    reaches_all = (name == "from") == (day == "1000-01-01")
    assert listed(server, **{name: day}) == (NEWEST_FIRST if reaches_all else [])


def test_a_plus_in_a_query_is_a_plus_escaped_or_not(server):
    plain = server.slugs("/api/v1/articles?from=2024-04-16T12:00:00+06:00")
    assert plain == server.slugs("/api/v1/articles?from=2024-04-16T12:00:00%2B06:00")
    assert plain == NEWEST_FIRST[:4]
    check_problem(server.get("/api/v1/articles?from=2024-04-16T12:00:00%2006:00"), 400, "from")


def test_a_day_is_the_papers(paper):
    server = paper.load(EDITION).serve({"site.timezone": "America/New_York"})
    # 2024-04-16T12:00:00+06:00 is 02:00 there, and tuesday-first is 14:00 of Monday.
    assert listed(server, **{"from": "2024-04-16"}) == NEWEST_FIRST[:4]
    assert listed(server, to="2024-04-15") == NEWEST_FIRST[4:]
    assert server.read("/api/v1/latest?limit=1")["items"][0]["published_at"] == \
        "2024-04-16T14:00:00-04:00"


def test_a_day_is_as_long_as_its_clocks_make_it(paper):
    """Clocks went forward on 2024-03-31, a day of 23 hours, and back on 2024-10-27, one of 25."""
    times = ["2024-03-30T22:59:59Z", "2024-03-30T23:00:00Z", "2024-03-31T21:59:59Z",
             "2024-03-31T22:00:00Z", "2024-10-26T21:59:59Z", "2024-10-26T22:00:00Z",
             "2024-10-27T22:59:59Z", "2024-10-27T23:00:00Z"]
    server = paper.load([section(), *(article(f"a{i}", published_at=time)
                                      for i, time in enumerate(times))]
                        ).serve({"site.timezone": "Europe/Berlin"})
    for day, expected in (("2024-03-31", ["a2", "a1"]), ("2024-10-27", ["a6", "a5"])):
        assert listed(server, **{"from": day, "to": day}) == expected


@pytest.mark.parametrize("asked, expected", [
    ({"section": "national", "tag": "নদী"}, "wednesday tuesday-first monday-last"),
    ({"section": "খেলা", "tag": "নদী"}, "tuesday-noon"),
    ({"tag": "নদী", "author": "A B"}, "tuesday-noon monday-last"),
    ({"section": "national", "author": "A B"}, "tuesday-noon-too monday-last"),
    ({"section": "national", "tag": "নদী", "author": "A B"}, "monday-last"),
    ({"tag": "নদী", "from": "2024-04-16", "to": "2024-04-16"}, "tuesday-noon tuesday-first"),
    ({"section": "খেলা", "from": "2024-04-16T13:00:00+06:00"}, "tuesday-last"),
    ({"section": "খেলা", "tag": "fish", "author": "কখ", "from": "2024-04-16", "to": "2024-04-16"},
     "tuesday-noon"),
    ({"tag": "fish", "author": "রহমান"}, ""), ({"tag": "fish", "author": "nobody"}, ""),
    ({"section": "empty", "tag": "নদী"}, "")], ids=str)
def test_filters_hold_together(server, asked, expected):
    assert listed(server, **asked) == expected.split()


@pytest.mark.parametrize("path", ["/api/v1/articles", "/api/v1/latest", "/api/v1/most-read"])
def test_an_unknown_section_is_404(server, path):
    answer = server.get(path, params={"section": "nowhere"})
    assert check_problem(answer, 404, "section") == \
        'section must be the slug of a section, got "nowhere"; /api/v1/sections lists them'


@pytest.mark.parametrize("fields", ["id", "slug,id", "updated_text,url,published_at",
                                    ",".join(CARD), ",".join(reversed(CARD)), "id,id,id"])
@pytest.mark.parametrize("path", ["/api/v1/articles", "/api/v1/sections/national"])
def test_fields_choose_what_a_card_has(server, path, fields):
    chosen = fields.split(",")
    whole = server.read(path)["items"]
    got = server.read(path, params={"fields": fields})["items"]
    assert [list(card) for card in got] == [[name for name in CARD if name in chosen]] * len(whole)
    assert got == [{name: card[name] for name in chosen} for card in whole]


@pytest.mark.parametrize("fields", ["", ",", "id,", ",id", "id,,slug", "id, slug", "ID", "body",
                                    "revision", "id;slug", "section.slug", "*"])
@pytest.mark.parametrize("path", ["/api/v1/articles", "/api/v1/sections/national"])
def test_unknown_fields_are_refused(server, path, fields):
    detail = check_problem(server.get(f"{path}?fields={quote(fields)}"), 400, "fields")
    assert f"commas between: {', '.join(CARD + ['language'])}, got" in detail


@pytest.mark.parametrize("path, unknown", [
    ("/api/v1/articles", "x=1&utm_source=a&utm_source=b&window=9h&include=x&q"),
    ("/api/v1/latest", "tag=fish&author=x&from=never&to=x&fields=x&tag=fish"),
    ("/api/v1/articles/1", "limit=0&fields=x&section=nowhere"),
    ("/api/v1/articles/1/related", "cursor=x&section=nowhere"),
    ("/api/v1/sections", "cursor=x&fields=x&section=nowhere"),
    ("/api/v1/sections/national", "section=nowhere&tag=fish&from=x"),
    ("/api/v1/most-read", "cursor=x&tag=x&from=x"),
    ("/api/v1/site", "limit=x&=&=x&&&a==b"), ("/healthz", "limit=x"), ("/readyz", "%E0%A6%95")])
def test_parameters_that_a_route_does_not_know_are_ignored(server, path, unknown):
    assert server.read(f"{path}?{unknown}") == server.read(path)


@pytest.mark.parametrize("path, name", [
    *(("/api/v1/articles", name) for name in ("section", "tag", "author", "from", "to", "limit",
                                              "cursor", "fields")),
    *(("/api/v1/latest", name) for name in ("section", "limit", "cursor")),
    ("/api/v1/articles/1", "include"), ("/api/v1/articles/1/related", "limit"),
    ("/api/v1/sections", "limit"), ("/api/v1/sections/national", "cursor"),
    *(("/api/v1/most-read", name) for name in ("window", "section", "limit"))])
def test_a_parameter_that_is_given_twice_is_refused(server, path, name):
    good = {"section": "national", "tag": "x", "author": "x", "from": "2024-04-16",
            "to": "2024-04-16", "limit": "5", "cursor": "1.1", "fields": "id", "include": "site",
            "window": "1h"}[name]
    assert server.get(f"{path}?{name}={good}").status_code == 200
    detail = check_problem(server.get(f"{path}?{name}={good}&x=1&{name}={good}"), 400, name)
    assert detail == f"{name} is given more than once"


@pytest.mark.parametrize("name", ["section", "tag", "author"])
def test_an_empty_filter_is_refused(server, name):
    for query in (f"{name}=", name):
        check_problem(server.get("/api/v1/articles?" + query), 400, name)


@pytest.mark.parametrize("time", [
    "", "today", "2024", "2024-04", "2024-4-16", "2024-02-30", "2023-02-29", "2024-00-10",
    "2024-13-01", "0999-12-31", "10000-01-01", "2024-04-16T12:00:00", "2024-04-16T12:00Z",
    "2024-04-16T24:00:00Z", "2024-04-16T12:60:00Z", "2024-04-16T12:00:00+6",
    "2024-04-16T12:00:00.Z",
    "2024-04-16T12:00:00+0600", "2024-04-16T12:00:00+24:00", "2024-04-16 12:00:00Z", "1713247200",
    "2024-04-16x", " 2024-04-16", "২০২৪-০৪-১৬"])
@pytest.mark.parametrize("name", ["from", "to"])
def test_what_is_no_time_is_refused(server, name, time):
    detail = check_problem(server.get(f"/api/v1/articles?{name}={quote(time)}"), 400, name)
    assert detail.startswith(f"{name} must be a day") and detail.endswith(f'got "{time}"')


def test_lists_follow_an_article_that_changes_its_section_tags_and_time(paper):
    server = paper.load([section("a"), section("b"), article("x", "a", tags=["old"]),
                         article("y", "a", published_at="2024-04-17T00:00:00Z")]).serve()
    assert server.slugs("/api/v1/articles?section=a&tag=old") == ["x"]
    paper.load([article("x", "b", tags=["new"], authors=["N"],
                        published_at="2024-04-18T00:00:00Z")])
    assert server.slugs("/api/v1/articles") == ["x", "y"]
    assert server.slugs("/api/v1/articles?section=b&tag=new&author=N") == ["x"]
    for gone in ("section=a&tag=new", "tag=old", "section=a&author=N"):
        assert server.slugs("/api/v1/articles?" + gone) == []


def test_cards_are_whole(server):
    for card in server.read("/api/v1/articles")["items"]:
        check_card(card)
        whole = server.read(f"/api/v1/articles/{card['id']}")
        assert card == {name: whole[name] for name in CARD}


def test_times_before_1970_are_listed(paper):
    server = paper.load([section(), article("old", published_at="1000-01-02T00:00:00Z"),
                         article("epoch", published_at=at(0))]).serve({"site.timezone": "UTC"})
    assert [card["published_at"] for card in server.read("/api/v1/articles")["items"]] == \
        ["1970-01-01T00:00:00+00:00", "1000-01-02T00:00:00+00:00"]
