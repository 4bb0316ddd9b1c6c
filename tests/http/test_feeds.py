"""Feeds: the same articles in three forms, whole or in summary, and never too much of them."""

import html
import time
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from khobor import PATIENCE, article, section

SITE = {"site.url": "https://khobor.example"}
ATOM, DC = "{http://www.w3.org/2005/Atom}", "{http://purl.org/dc/elements/1.1/}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
KHELA = "/" + quote("খেলা")
MIB = 1 << 20
TEXTS = {
    "markup": "<b>a</b> & &amp; &lt; </title> <!-- \" '",
    "the end of CDATA": "]]> <![CDATA[ x ]]>",
    "emoji": "👩🏽\u200d🚀 🇧🇩 ☎\ufe0f",
    "right-to-left": "\u200fالعربية\u202e abc\u202c",
    "Bengali": "ক্\u200cষ র\u200d্য নদী",
    "mustaches": "{{title}} {{{x}}} {{#a}}{{/a}}",
    "escapes": "\\u0041 \\n \\\\ %41 &#65;",
}


def epoch(text):
    return datetime.fromisoformat(text).timestamp()


def read_rss(server, base):
    """The items of a feed, each as what all three forms have."""
    channel = ElementTree.fromstring(server.get(base + "feed.xml").content).find("channel")
    return [{
        "id": item.findtext("guid"), "url": item.findtext("link"), "title": item.findtext("title"),
        "published": parsedate_to_datetime(item.findtext("pubDate")).timestamp(),
        "authors": [author.text for author in item.findall(DC + "creator")],
        "about": [category.text for category in item.findall("category")],
        "summary": item.findtext("description"), "html": item.findtext(CONTENT + "encoded"),
    } for item in channel.findall("item")]


def read_atom(server, base):
    feed = ElementTree.fromstring(server.get(base + "atom.xml").content)
    return [{
        "id": entry.findtext(ATOM + "id"), "url": entry.find(ATOM + "link").get("href"),
        "title": entry.findtext(ATOM + "title"),
        "published": epoch(entry.findtext(ATOM + "published")),
        "authors": [author.findtext(ATOM + "name") for author in entry.findall(ATOM + "author")],
        "about": [category.get("term") for category in entry.findall(ATOM + "category")],
        "summary": entry.findtext(ATOM + "summary"), "html": entry.findtext(ATOM + "content"),
    } for entry in feed.findall(ATOM + "entry")]


def read_json(server, base):
    return [{
        "id": item["id"], "url": item["url"], "title": item["title"],
        "published": epoch(item["date_published"]),
        "authors": [author["name"] for author in item["authors"]],
        "about": [item["_khobor"]["section"], *item["tags"]],
        "summary": item["summary"], "html": item.get("content_html"),
    } for item in server.read(base + "feed.json")["items"]]


FORMS = {"rss": read_rss, "atom": read_atom, "json": read_json}


@pytest.fixture(params=FORMS.values(), ids=FORMS)
def read(request):
    return request.param


@pytest.fixture(scope="module")
def server(new_paper):
    texts = [article(f"text-{i}", headline=text, standfirst=text, tags=[text], authors=[text])
             for i, text in enumerate(TEXTS.values())]
    plain = [article(f"a-{i}", "খেলা", body=f"# T\n\nBody *{i}* & so on.", authors=["A", "B"],
                     tags=["নদী", "x"], published_at=f"2024-04-{10 + i % 5}T10:00:00+06:00",
                     language=["bn", "en"][i % 2],
                     updated_at=[None, "2024-04-16T18:30:00+06:00"][i % 2]) for i in range(24)]
    return new_paper().load([section(), section("খেলা", "খেলা"), section("empty", "খালি"), *texts,
                             *plain]).serve(SITE)


def in_api(server, query=""):
    return [server.read(f"/api/v1/articles/{card['id']}")
            for card in server.read(f"/api/v1/articles?limit=20{query}")["items"]]


@pytest.mark.parametrize("base, query", [("/", ""), (KHELA + "/", "&section=খেলা")])
def test_the_newest_are_in_it_in_their_order(server, read, base, query):
    assert read(server, base) == [{
        "id": f"https://khobor.example/api/v1/articles/{got['id']}",
        "url": "https://khobor.example" + got["url"], "title": got["headline"],
        "published": epoch(got["published_at"]), "authors": got["authors"],
        "about": [got["section"]["name"], *got["tags"]],
        "summary": got["standfirst"] or "Body " + got["slug"].split("-")[1] + " & so on.",
        "html": got["body_html"],
    } for got in in_api(server, query)]


@pytest.mark.parametrize("base", ["/", KHELA + "/", "/empty/"])
def test_the_three_forms_say_the_same(server, base):
    rss, atom, json = (form(server, base) for form in FORMS.values())
    assert rss == atom == json
    assert len(rss) == (0 if base == "/empty/" else 20)


@pytest.mark.parametrize("name, text", TEXTS.items(), ids=TEXTS)
def test_a_text_comes_out_as_it_was_written(server, read, name, text):
    """Nothing of it is taken for markup, and nothing of it is escaped twice."""
    number = list(TEXTS).index(name)
    (item,) = [found for found in read(server, "/national/")
               if found["url"].endswith(f"/text-{number}")]
    assert (item["title"], item["summary"], item["authors"], item["about"]) == (
        text, text, [text], ["জাতীয়", text])


def test_times_of_change_are_told(server):
    """The feed's own is that of its newest change."""
    feed = ElementTree.fromstring(server.get(KHELA + "/atom.xml").content)
    json = server.read(KHELA + "/feed.json")["items"]
    expected = [epoch(got["updated_at"] or got["published_at"])
                for got in in_api(server, "&section=খেলা")]
    assert [epoch(entry.findtext(ATOM + "updated")) for entry in feed.findall(ATOM + "entry")] == \
        [epoch(item["date_modified"]) for item in json] == expected
    assert epoch(feed.findtext(ATOM + "updated")) == max(expected)
    channel = ElementTree.fromstring(server.get(KHELA + "/feed.xml").content).find("channel")
    assert parsedate_to_datetime(channel.findtext("lastBuildDate")).timestamp() == max(expected)


def test_dates_have_the_form_that_each_feeds_standard_asks_for(paper):
    """RFC 822 with English names in a Bengali paper's RSS, RFC 3339 in the others."""
    server = paper.load([section(), article("a")]).serve()
    assert b"<pubDate>Tue, 16 Apr 2024 12:00:00 +0600</pubDate>" in server.get("/feed.xml").content
    assert b"<published>2024-04-16T12:00:00+06:00</published>" in server.get("/atom.xml").content
    assert b'"date_published":"2024-04-16T12:00:00+06:00"' in server.get("/feed.json").content


@pytest.mark.parametrize("base, title", [("/", "খবর"), (KHELA + "/", "খেলা | খবর")])
def test_a_feed_says_what_it_is_and_where(server, base, title):
    site = "https://khobor.example"
    home = site + (base if base == "/" else base[:-1])
    channel = ElementTree.fromstring(server.get(base + "feed.xml").content).find("channel")
    atom = ElementTree.fromstring(server.get(base + "atom.xml").content)
    json = server.read(base + "feed.json")
    assert [channel.findtext("title"), atom.findtext(ATOM + "title"), json["title"]] == [title] * 3
    links = {link.get("rel"): link.get("href") for link in atom.findall(ATOM + "link")}
    assert channel.findtext("link") == links["alternate"] == json["home_page_url"] == home
    assert [channel.find(ATOM + "link").get("href"), links["self"], json["feed_url"]] == [
        site + base + name for name in ("feed.xml", "atom.xml", "feed.json")]
    language = "{http://www.w3.org/XML/1998/namespace}lang"
    assert channel.findtext("language") == atom.get(language) == json["language"] == "bn"
    assert json["version"] == "https://jsonfeed.org/version/1.1"
    assert [entry.get(language) for entry in atom.findall(ATOM + "entry")] == \
        [item["language"] for item in json["items"]] == [
            got["language"] for got in in_api(server, "&section=খেলা" if base != "/" else "")]


@pytest.mark.parametrize("items", [1, 5, 100])
def test_how_many_is_a_setting(paper, read, items):
    server = paper.load([section(), *(article(f"a-{i}") for i in range(30))]).serve(
        {"feeds.items": items})
    assert [item["title"] for item in read(server, "/")] == \
        [f"Headline of a-{i}" for i in range(29, -1, -1)][:items]


def test_a_summary_is_a_setting(paper, read):
    server = paper.load([section(), article("a", body="First *words*.\n\nZEBRA"),
                         article("b", standfirst="S")]).serve({"feeds.content": "summary"})
    assert [(item["summary"], item["html"]) for item in read(server, "/")] == [
        ("S", None), ("First words.", None)]
    assert "ZEBRA" not in "".join(server.get(path).text for path in ("/feed.xml", "/atom.xml",
                                                                     "/feed.json"))
    assert [item["content_text"] for item in server.read("/feed.json")["items"]] == [
        "S", "First words."]  # an item must have some content


def test_an_id_stays_when_all_else_changes(paper, read):
    """Else readers' programs would show the article as a new one."""
    server = paper.load([section(), section("sports", "খেলা"), article("a")]).serve()
    (before,) = read(server, "/")
    paper.load([article("a", "sports", headline="Another", body="x", tags=["y"],
                        published_at="2024-04-17T00:00:00Z", updated_at="2024-04-17T01:00:00Z")])
    (after,) = read(server, "/")
    assert after["id"] == before["id"]
    assert (after["title"], after["url"]) != (before["title"], before["url"])


def test_an_id_is_no_others(server, read):
    ids = [item["id"] for base in ("/national/", KHELA + "/") for item in read(server, base)]
    assert len(ids) == len(set(ids)) == 27


def test_html_is_escaped_once_where_it_is_a_text_and_never_in_json(server):
    body = "<p>Body <em>23</em> &amp; so on.</p>"
    assert html.escape(body) in server.get(KHELA + "/feed.xml").text
    assert html.escape(body) in server.get(KHELA + "/atom.xml").text
    assert body in server.get(KHELA + "/feed.json").text


@pytest.mark.parametrize("name", ["feed.xml", "atom.xml", "feed.json"])
@pytest.mark.parametrize("base, status", [("/nowhere/", 404), ("/latest/", 404), ("/tag/x/", 404),
                                          ("/national/1/", 301), ("/খেলা\u200c/", 200)])
def test_only_the_paper_and_its_sections_have_feeds(server, base, status, name):
    assert server.get(base + name).status_code == status


# Large articles


def asked(server, path, within=2.0):
    """A body that came in time."""
    began = time.monotonic()
    answer = server.get(path)
    assert time.monotonic() - began < within * PATIENCE, path
    assert answer.status_code == 200
    return answer.content


@pytest.fixture(scope="module")
def large(new_paper):
    """A body of 2 MB, 18 of 100 kB, and one that is small and the oldest."""
    words = "শব্দ *আর* শব্দ। " + "শব্দ আর শব্দ। " * 19 + "\n\n"
    middle = [article(f"middle-{i}", body=words * (100_000 // len(words.encode())),
                      published_at=f"2024-04-15T{i:02}:00:00Z") for i in range(18)]
    return new_paper().load([
        section(), article("huge", body=words * (2_000_000 // len(words.encode()))), *middle,
        article("small", published_at="2024-01-01T00:00:00Z")]).serve()


def test_whole_articles_are_at_most_a_mebibyte_together(large, read):
    items = read(large, "/")
    sizes = [len((item["html"] or "").encode()) for item in items]
    assert len(items) == 20 and all(item["summary"] for item in items)
    assert MIB // 2 < sum(sizes) <= MIB
    assert sizes[0] == 0 and sizes[1] > 100_000 and sizes[-2] == 0


@pytest.mark.parametrize("path", ["/feed.xml", "/atom.xml", "/feed.json", "/national/feed.xml"])
def test_a_feed_of_large_articles_stays_small_and_comes_in_time(large, path):
    assert len(asked(large, path)) < 2 * MIB


def test_pages_of_large_articles_come_in_time_and_whole(large):
    body = large.read("/api/v1/articles/huge")["body_html"].encode()
    assert len(body) > 2_000_000 and body in asked(large, "/national/1/huge")
    for path in ("/", "/latest", "/national", "/sitemaps/1.xml"):
        assert len(asked(large, path)) < 100_000
