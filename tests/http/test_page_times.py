"""What pages, feeds and sitemaps show when: an article that was withdrawn is gone from all of them
at once, and one that is scheduled comes by itself."""

import re
from email.utils import parsedate_to_datetime
from urllib.parse import quote

import pytest
from khobor import PATIENCE, SOON, article, at, eventually, hour, section, views
from markup import get_page, main_of, text_of

MARK = "zebra"  # is in its slug and so in every link to it
PAGES = ["/", "/latest", "/most-read", "/most-read?window=all", "/national", "/tag/t", "/author/A",
         "/archive/2024-04-16", "/national/1/other"]
ADDRESS = "/national/2/" + MARK
FEEDS = [base + name for base in ("/", "/national/")
         for name in ("feed.xml", "atom.xml", "feed.json")]
SITEMAPS = ["/sitemaps/1.xml", "/news-sitemap.xml"]
EVERYWHERE = PAGES + FEEDS + SITEMAPS
COUNTED = PAGES[2:4]


def edition(**fields):
    """Another article that picks it, and it."""
    common = {"tags": ["t"], "authors": ["A"], "lead": True}
    return [section(), article("other", related=[MARK], **common),
            article(MARK, **{**common, "headline": "Zebra", **fields})]


def seen_in(server):
    return [path for path in EVERYWHERE if MARK in server.get(path).text]


@pytest.fixture
def server(paper):
    """With a view, so that it is among the most read too."""
    return paper.load([*edition(), views(MARK, hour(), 5)]).serve()


@pytest.mark.parametrize("status, code", [("withdrawn", 410), ("draft", 404)])
def test_what_is_taken_back_is_gone_from_everywhere_at_once(paper, server, status, code):
    assert seen_in(server) == EVERYWHERE
    paper.load(edition(status=status))
    assert seen_in(server) == []
    assert {path: server.get(path).status_code for path in EVERYWHERE} == dict.fromkeys(
        EVERYWHERE, 200)
    for path in (ADDRESS, "/national/2", "/national/2/older-slug", "/elsewhere/" + MARK):
        assert server.get(path).status_code == code, path
    title = text_of(main_of(get_page(server, ADDRESS, code)).find("h1"))
    assert title == {410: "410লেখাটি সরিয়ে নেওয়া হয়েছে", 404: "404পাতাটি পাওয়া যায়নি"}[code]
    paper.load(edition())
    assert seen_in(server) == EVERYWHERE
    assert server.get(ADDRESS).status_code == 200


def test_what_has_no_other_article_goes_with_its_last(paper, server):
    """A tag, an author: pages of the article alone; a section and a day stay, empty."""
    paper.load([article("other", tags=[], authors=[]), *edition(status="withdrawn")[2:]])
    for path, status in (("/tag/t", 404), ("/author/A", 404), ("/archive/2024-04-16", 200)):
        assert server.get(path).status_code == status


def test_a_withdrawn_articles_page_is_not_taken_for_the_one_a_cache_has(paper, server):
    tag = server.get(ADDRESS).headers["ETag"]
    paper.load(edition(status="withdrawn"))
    answer = server.get(ADDRESS, headers={"If-None-Match": tag, "Accept": "text/html"})
    assert (answer.status_code, answer.headers["Cache-Control"]) == (410, "no-store")


@pytest.mark.clock
def test_a_scheduled_article_appears_in_its_minute(paper):
    """The server's clock runs ten times as fast, and each answer says its time."""
    published = "2024-04-16T06:00:00Z"
    paper.load(edition(status="scheduled", published_at=published))
    server = paper.serve(clock="@2024-04-16 05:59:50 x10")
    assert seen_in(server) == []
    answers = []

    def is_there():
        answers.append(server.get(ADDRESS))
        return answers[-1].status_code == 200
    eventually(is_there, 4 * PATIENCE)
    assert seen_in(server) == [path for path in EVERYWHERE if path not in COUNTED]
    *before, after = [parsedate_to_datetime(answer.headers["Date"]).strftime("%H:%M:%S")
                      for answer in answers]
    assert before and max(before) <= "06:00:00" and after.startswith("06:00:")
    server.view(MARK)
    eventually(lambda: seen_in(server) == EVERYWHERE, SOON)


def test_a_scheduled_article_is_nowhere_before(paper):
    server = paper.load(edition(status="scheduled", published_at=at(2 ** 33))).serve()
    assert seen_in(server) == []
    assert server.get(ADDRESS).status_code == 404


def test_a_changed_headline_is_everywhere_at_once(paper, server):
    tags = {path: server.get(path).headers["ETag"] for path in EVERYWHERE}
    paper.load(edition(headline="Quagga"))
    for path in EVERYWHERE:
        answer = server.get(path, headers={"If-None-Match": tags[path]})
        has_headlines = path != "/sitemaps/1.xml"
        assert answer.status_code == (200 if has_headlines else 304), path
        assert ("Quagga" in answer.text) == has_headlines and "Zebra" not in answer.text


def test_a_section_that_is_renamed_and_moved_is_so_on_every_page(paper, server):
    paper.load([section(name="দেশ", position=2), section("sports", "খেলা", position=1),
                article(MARK, "sports", tags=["t"], authors=["A"])])
    assert re.findall(r">(খেলা|দেশ|জাতীয়)</a></li>", server.get("/latest").text) == ["খেলা", "দেশ"]
    assert MARK in server.get("/sports").text and MARK not in server.get("/national").text
    assert server.get("/sitemaps/1.xml").text.count("/sports/2/" + quote(MARK)) == 1
