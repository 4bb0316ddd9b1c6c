"""Pages as a reader finds them: cards, the front, lists and the ways between them, in both
languages; and what their heads tell others. An article's own page is in test_article_page.py."""

import json
import re
from urllib.parse import quote, unquote

import pytest
from khobor import article, hour, section, views
from markup import get_page, having, head_links, links, main_of, metas, pieces, text_of

SITE = {"site.url": "https://khobor.example"}
BENGALI = re.compile(r"[\u0980-\u09ff]")
KHELA = "/" + quote("খেলা")
EDITION = [
    section(), section("খেলা", "খেলা"), section("empty", "খালি"),
    *(article(f"n-{i}", published_at=f"2024-04-{10 + i}T12:00:00+06:00", kicker=f"K{i}",
              standfirst=f"S{i}", tags=["নদী"], authors=["আ. রহমান"]) for i in range(1, 7)),
    article("k-1", "খেলা", language="en", published_at="2024-04-16T13:00:00+06:00", kicker="Kicker",
            standfirst="Standfirst", image={"url": "/k.jpg", "alt": "boat"}, tags=["a/b?c#d%e f"]),
    article("k-2", "খেলা", published_at="2024-04-12T13:00:00+06:00"),
    *(article(f"old-{i}", published_at=f"2023-01-{10 + i}T12:00:00+06:00") for i in range(10)),
    views("n-1", hour(), 70), views("k-1", hour(), 60), views("n-2", hour(480), 5),
]
KINDS = ["/", "/latest", "/most-read", "/most-read?window=1h", "/national", KHELA, "/empty",
         "/archive/2024-04-16", "/archive/2024-04-01", "/tag/" + quote("নদী"),
         "/author/" + quote("আ. রহমান"), KHELA + "/7/k-1", "/national/1/n-1"]


@pytest.fixture(scope="module")
def server(new_paper):
    return new_paper().load(EDITION).serve(SITE)


@pytest.fixture(scope="module")
def english(new_paper):
    """An English paper; nothing in its edition is Bengali."""
    return new_paper().load([
        section("world", "World"),
        *(article(f"a-{i}", "world", tags=["Rivers"], authors=["A B"], desk="Desk", credits=["x"],
                  updated_at="2024-04-16T18:00:00+06:00", image={"url": "/a.jpg", "credit": "C"})
          for i in range(25)),
        *(views(f"a-{i}", hour(1000 * (i > 0)), 1234567) for i in range(3)),
    ]).serve({"site.language": "en", "site.name": "Khobor"})


# Cards


@pytest.mark.parametrize("path", KINDS)
def test_a_card_is_one_link_with_the_kicker_before_the_headline(server, path):
    """And nothing between them, so that they are read in one go."""
    main = main_of(get_page(server, path))
    items = [item for part in having(main, "links") for item in part]
    for card in having(main, "card") + items:
        (link,) = card.iter("a")
        assert link.text is None and [part.tail for part in link] == [None] * len(link)
        assert [part.get("class") for part in link] == ["kicker", "headline"][-len(link):]
        article_of = server.read("/api/v1/articles/" + link.get("href").split("/")[2])
        assert pieces(link) == [text for text in (article_of["kicker"], article_of["headline"])
                                if text]
        assert link.get("href") == article_of["url"]


def test_a_text_of_another_language_says_so(server):
    tree = get_page(server, KHELA)
    assert tree.get("lang") == "bn"
    for card, language in zip(having(tree, "card"), ("en", "bn"), strict=True):
        parts = [next(card.iter("a")), *having(card, "standfirst")]
        assert {part.get("lang") for part in parts} == {language}


def test_every_text_of_an_articles_own_finds_its_direction(server):
    """A text may be from the right to the left in a paper that is not."""
    for path in (KHELA, KHELA + "/7/k-1", "/"):
        found = [part for name in ("kicker", "headline", "standfirst")
                 for part in having(main_of(get_page(server, path)), name)]
        assert found and {part.get("dir") for part in found} == {"auto"}


# The front


def marked(slug, day, **fields):
    return article(slug, published_at=f"2024-04-{day}T12:00:00+06:00", **fields)


LEADS = {
    "none is marked": ([], "newest"),
    "one is": ([marked("x", 10, lead=True)], "x"),
    "two are": ([marked("x", 10, lead=True), marked("y", 12, lead=True),
                 marked("z", 11, lead=True)], "y"),
    "two at the same time": ([marked("x", 10, lead=True), marked("y", 10, lead=True)], "y"),
    "one is yet to come": ([marked("x", 10, lead=True), article(
        "y", lead=True, published_at="2999-01-01T00:00:00Z")], "x"),
    "one was withdrawn": ([marked("x", 10, lead=True),
                           marked("y", 12, lead=True, status="withdrawn")], "x"),
    "one is a draft": ([marked("x", 12, lead=True, status="draft")], "newest"),
}


@pytest.mark.parametrize("records, slug", LEADS.values(), ids=LEADS)
def test_the_front_is_led_by_the_newest_that_is_marked(paper, records, slug):
    server = paper.load([section(), *(marked(f"a-{i}", 15) for i in range(20)),
                         marked("newest", 16), *records]).serve()
    tree = get_page(server, "/")
    (lead,) = having(tree, "lead")
    assert links(lead)[0][1] == f"Headline of {slug}"
    assert next(main_of(tree).iter("a")).get("href") == links(lead)[0][0]


def test_nothing_stands_twice_on_the_front_but_what_is_most_read(server):
    main = main_of(get_page(server, "/"))
    latest, most_read = having(main, "beside")[0].findall("section")
    shown = [links(part)[0][0] for part in having(main, "lead") + having(main, "card")]
    shown += [href for href, _ in links(latest.find("ul"))]
    assert len(shown) == len(set(shown)) == 13  # the lead, 8 of the latest, 4 of a section
    assert [text for _, text in links(most_read.find("ol"))][:2] == [
        "K1Headline of n-1", "KickerHeadline of k-1"]


def test_a_section_on_the_front_leads_to_its_page(server):
    desks = having(get_page(server, "/"), "desk")
    assert [links(desk)[0] for desk in desks] == [("/national", "জাতীয়")]


# Lists


@pytest.mark.parametrize("window", ["1h", "6h", "24h", "7d", "30d", "all"])
def test_the_windows_of_the_most_read_can_be_chosen(server, window):
    tree = get_page(server, "/most-read?window=" + window)
    (nav,) = having(tree, "windows")
    assert [text for _, text in links(nav)] == [
        "১ ঘণ্টা", "৬ ঘণ্টা", "২৪ ঘণ্টা", "৭ দিন", "৩০ দিন", "সব সময়"]
    (current,) = [link for link in nav.iter("a") if link.get("aria-current")]
    assert current.get("href") == "/most-read?window=" + window


@pytest.mark.parametrize("window, widest", [("1h", "৩০ দিন"), ("24h", "৩০ দিন"), ("30d", None)])
def test_what_fills_a_thin_window_says_which_one_it_is_from(server, window, widest):
    """The third was read 20 days ago, and no reader shall take it for today's."""
    main = main_of(get_page(server, "/most-read?window=" + window))
    assert [text_of(found) for found in having(main, "views")] == [
        "৭০ বার পঠিত", "৬০ বার পঠিত", "৫ বার পঠিত" + (widest or "")]
    assert len(having(main, "note")) == (widest is not None)


def test_a_list_without_articles_says_so(server):
    for path in ("/empty", "/archive/2024-04-01"):
        main = main_of(get_page(server, path))
        assert [text_of(found) for found in having(main, "empty")] == ["এখানে এখনো কোনো খবর নেই।"]
        assert having(main, "card") == []


@pytest.mark.parametrize("day, around", [
    ("2024-04-16", ["2024-04-15", None]), ("2024-04-11", ["2023-01-19", "2024-04-12"]),
    ("2023-06-30", ["2023-01-19", "2024-04-11"]), ("2023-01-10", [None, "2023-01-11"])])
def test_a_day_leads_to_the_nearest_days_with_news(server, day, around):
    shown = dict((text, href) for href, text in links(main_of(get_page(server, "/archive/" + day))))
    assert [shown.get("আগের দিন"), shown.get("পরের দিন")] == [
        date and "/archive/" + date for date in around]


@pytest.mark.parametrize("path, current", [
    ("/national", ["জাতীয়"]), ("/national/1/n-1", ["জাতীয়"]), (KHELA, ["খেলা"]),
    (KHELA + "/7/k-1", ["খেলা"]), ("/", []), ("/latest", ["সর্বশেষ খবর"]),
    ("/most-read?window=1h", ["সর্বাধিক পঠিত"])])
def test_the_masthead_shows_where_one_is(server, path, current):
    header = get_page(server, path).find(".//header")
    assert [text_of(link) for link in header.iter("a") if link.get("aria-current") == "page"] == \
        current


@pytest.mark.parametrize("path", KINDS)
def test_every_link_of_a_page_leads_to_something(server, path):
    tree = get_page(server, path)
    assert links(tree)[0] == ("#main", "মূল লেখায় যান") and main_of(tree).get("id") == "main"
    for href, text in links(tree)[1:]:
        assert text and server.get(href).status_code == 200, href


# An English paper


@pytest.mark.parametrize("path", [
    "/", "/latest", "/most-read", "/most-read?window=1h", "/world", "/world/1/a-1", "/tag/Rivers",
    "/archive/2024-04-16", "/archive/2024-04-01", "/author/A%20B"])
def test_an_english_paper_has_no_bengali_on_its_pages(english, path):
    tree = get_page(english, path.replace("1/a-1", "2/a-1"))
    assert tree.get("lang") == "en"
    told = [text for values in metas(tree).values() for text in values]
    assert not [text for text in pieces(tree) + told if BENGALI.search(text)]


def test_an_english_papers_pages_read_english(english):
    seen = pieces(get_page(english, "/most-read?window=1h"))
    for text in ("Most read", "1 hour", "All time", "1,234,567", "views", "Skip to the content",
                 "Few articles were read in this period; the others are of a longer one."):
        assert text in seen
    assert "Older news" in pieces(get_page(english, "/latest"))
    (today,) = having(get_page(english, "/"), "today")
    assert pieces(today)[1] == english.read("/api/v1/site")["today"]["text"]


# What search engines and other sites are told


HEADS = [
    ("/", "খবর", "খবর", "খবর: Headline of k-1"),
    ("/latest", "সর্বশেষ খবর | খবর", "সর্বশেষ খবর", "সর্বশেষ খবর, খবর"),
    ("/most-read", "সর্বাধিক পঠিত | খবর", "সর্বাধিক পঠিত", "সর্বাধিক পঠিত, খবর"),
    (KHELA, "খেলা | খবর", "খেলা", "খেলা: Headline of k-1"),
    ("/archive/2024-04-16", "মঙ্গলবার, ১৬ এপ্রিল ২০২৪ | খবর", "মঙ্গলবার, ১৬ এপ্রিল ২০২৪",
     "আর্কাইভ: মঙ্গলবার, ১৬ এপ্রিল ২০২৪, খবর"),
    ("/tag/" + quote("নদী"), "নদী | খবর", "নদী", "বিষয়: নদী, খবর"),
    ("/tag/a%2Fb%3Fc%23d%25e%20f", "a/b?c#d%e f | খবর", "a/b?c#d%e f", "বিষয়: a/b?c#d%e f, খবর"),
    ("/author/" + quote("আ. রহমান"), "আ. রহমান | খবর", "আ. রহমান", "লেখক: আ. রহমান, খবর")]


@pytest.mark.parametrize("path, title, name, description", HEADS, ids=[row[1] for row in HEADS])
def test_a_head_tells_the_pages_address_and_what_it_is(server, path, title, name, description):
    tree = get_page(server, path)
    told = metas(tree)
    assert text_of(tree.find("head/title")) == title
    assert head_links(tree, "canonical") == told["og:url"] == ["https://khobor.example" + path]
    assert (told["og:title"], told["description"]) == ([name], [description])
    assert (told["og:type"], told["og:site_name"]) == (["website"], ["খবর"])
    assert told["og:image"][0].startswith("https://khobor.example/assets/")
    assert "robots" not in told


def test_search_engines_are_told_whose_paper_it_is(server):
    (script,) = [found for found in get_page(server, "/").iter("script") if found.get("type")]
    site, publisher = json.loads(script.text)["@graph"]
    assert site == {"@type": "WebSite", "name": "খবর", "url": "https://khobor.example/",
                    "inLanguage": "bn"}
    assert (publisher["@type"], publisher["name"]) == ("NewsMediaOrganization", "খবর")


def test_a_window_of_the_most_read_is_the_same_page_to_search_engines(server):
    tree = get_page(server, "/most-read?window=7d&utm_source=x")
    assert head_links(tree, "canonical") == ["https://khobor.example/most-read"]


def test_a_day_without_news_is_not_to_be_found(server):
    assert metas(get_page(server, "/archive/2024-04-01"))["robots"] == ["noindex, follow"]


FEEDS = {"application/rss+xml": "feed.xml", "application/atom+xml": "atom.xml",
         "application/feed+json": "feed.json"}


@pytest.mark.parametrize("path", KINDS)
def test_a_page_names_the_feeds_of_the_paper_and_of_its_section(server, path):
    bases = ["/"] + [path + "/"] * (path in ("/national", KHELA, "/empty"))
    named = [(link.get("type"), quote(unquote(link.get("href"))))
             for link in get_page(server, path).iter("link") if link.get("rel") == "alternate"]
    assert named == [(kind, base + name) for base in bases for kind, name in FEEDS.items()]
    for kind, address in named:
        assert server.get(address).headers["Content-Type"].split(";")[0] == kind
