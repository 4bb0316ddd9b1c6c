"""What search engines and phones are told: sitemaps of exactly what can be read, the news of two
days, robots.txt, the manifest and its icons."""

import json
import struct
import time
from urllib.parse import quote, unquote
from xml.etree import ElementTree

import pytest
from khobor import article, at, section
from markup import get_page, head_links

SITE = "https://khobor.example"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
IDS = 2000  # in one sitemap
TINY = [article(f"t{i}", headline="h", body="b", published_at="2024-04-16T00:00:00Z")
        for i in range(1, IDS + 2)]


def serve(paper, records, **settings):
    return paper.load(records).serve({"site.url": SITE, **settings})


def entries(server, path):
    """The elements of a sitemap, or of its index."""
    return list(ElementTree.fromstring(server.get(path).content))


def locations(server, path):
    return [entry.findtext(MAP + "loc").removeprefix(SITE) for entry in entries(server, path)]


# Every article


@pytest.fixture(scope="module")
def many(new_paper):
    """2,001 articles in two sitemaps, published a long time ago."""
    return serve(new_paper(), [section(), *TINY])


def test_the_index_lists_them_all(many):
    assert locations(many, "/sitemap.xml") == [f"/sitemaps/{name}.xml" for name in ("fronts", 1, 2)]
    assert many.get("/sitemaps/3.xml").status_code == many.get("/sitemaps/0.xml").status_code == 404


def test_a_sitemap_has_2000_ids(many):
    found = [locations(many, f"/sitemaps/{number}.xml") for number in (1, 2)]
    assert found == [[f"/national/{i}/t{i}" for i in range(1, IDS + 1)],
                     [f"/national/{IDS + 1}/t{IDS + 1}"]]


def test_a_sitemap_keeps_its_ids_whatever_is_withdrawn(paper):
    """So that only the file in which something changed has to be read again."""
    server = serve(paper, [section(), *TINY])
    tags = [server.get(f"/sitemaps/{number}.xml").headers["ETag"] for number in (1, 2)]
    paper.load([article("t2", status="withdrawn")])
    assert locations(server, "/sitemaps/1.xml") == [
        f"/national/{i}/t{i}" for i in range(1, IDS + 1) if i != 2]
    again = [server.get(f"/sitemaps/{number}.xml").headers["ETag"] for number in (1, 2)]
    assert (again[0] == tags[0], again[1] == tags[1]) == (False, True)
    paper.load([article(f"t{IDS + 1}", status="withdrawn")])
    assert locations(server, "/sitemaps/2.xml") == ["/"]  # a urlset must not be empty


HIDDEN = {"draft": {"status": "draft"}, "withdrawn": {"status": "withdrawn"},
          "coming": {"published_at": at(2 ** 33)},
          "scheduled": {"status": "scheduled", "published_at": at(2 ** 33)}}


def test_sitemaps_have_what_can_be_read_and_nothing_else(paper):
    server = serve(paper, [
        section(), section("খেলা", "খেলা"), article("ম্যাচ", "খেলা"), article("b"),
        *(article(slug, **fields) for slug, fields in HIDDEN.items()), article("last")])
    read = [card["url"] for card in server.read("/api/v1/articles")["items"]]
    assert sorted(locations(server, "/sitemaps/1.xml")) == sorted(read) and len(read) == 3
    for path in locations(server, "/sitemaps/1.xml"):
        assert server.get(path).status_code == 200
        assert head_links(get_page(server, path), "canonical") == [SITE + path]


def test_a_change_is_told(paper):
    server = serve(paper, [section(), article("a"),
                           article("b", updated_at="2024-04-17T00:00:00Z")])
    assert [entry.findtext(MAP + "lastmod") for entry in entries(server, "/sitemaps/1.xml")] == [
        "2024-04-16T12:00:00+06:00", "2024-04-17T06:00:00+06:00"]


def test_the_fronts_are_the_lists_and_the_sections(paper):
    server = serve(paper, [section(), section("খেলা", "খেলা"), article("a")])
    assert locations(server, "/sitemaps/fronts.xml") == [
        "/", "/latest", "/most-read", "/national", "/" + quote("খেলা")]
    for path in locations(server, "/sitemaps/fronts.xml"):
        assert head_links(get_page(server, path), "canonical") == [SITE + path]


@pytest.mark.parametrize("path, expected", [
    ("/sitemap.xml", ["/sitemaps/fronts.xml", "/sitemaps/1.xml"]), ("/sitemaps/1.xml", ["/"]),
    ("/sitemaps/fronts.xml", ["/", "/latest", "/most-read"]), ("/news-sitemap.xml", ["/"])])
def test_a_paper_without_articles_has_sitemaps_all_the_same(paper, path, expected):
    assert locations(serve(paper, []), path) == expected


@pytest.mark.parametrize("name", ["1", "01.xml", "1.xml.xml", "-1.xml", "1.XML", "১.xml", ".xml",
                                  "a.xml", "1%20.xml", "99999999999999999999.xml", "1.json"])
def test_what_is_no_sitemap_is_404(many, name):
    assert many.get("/sitemaps/" + name).status_code == 404


# The news of two days


def ago(hours):
    return at(time.time() - hours * 3600)


def test_the_news_are_those_of_two_days(paper):
    server = serve(paper, [
        section(), article("now", published_at=ago(0)),
        article("yesterday", headline="<b> & ]]> 😀", published_at=ago(47), language="en"),
        article("older", published_at=ago(49)), article("coming", published_at=ago(-1)),
        article("gone", published_at=ago(1), status="withdrawn")])
    assert locations(server, "/news-sitemap.xml") == ["/national/1/now", "/national/2/yesterday"]
    news = [entry.find(NEWS + "news") for entry in entries(server, "/news-sitemap.xml")]
    publications = [entry.find(NEWS + "publication") for entry in news]
    assert [entry.findtext(NEWS + "name") for entry in publications] == ["খবর"] * 2
    assert [entry.findtext(NEWS + "language") for entry in publications] == ["bn", "en"]
    assert news[1].findtext(NEWS + "title") == "<b> & ]]> 😀"
    assert [entry.findtext(NEWS + "publication_date") for entry in news] == [
        card["published_at"] for card in server.read("/api/v1/latest")["items"][:2]]


def test_an_article_that_was_updated_is_no_news_again(paper):
    server = serve(paper, [section(), article("new", published_at=ago(1)),
                           article("old", published_at=ago(100), updated_at=ago(1))])
    assert locations(server, "/news-sitemap.xml") == ["/national/1/new"]


def test_without_news_the_newest_stands_there(many):
    """A urlset must not be empty."""
    assert locations(many, "/news-sitemap.xml") == [f"/national/{IDS + 1}/t{IDS + 1}"]


def test_news_are_at_most_a_thousand(paper):
    now = time.time()
    server = serve(paper, [section(), *({**record, "published_at": at(now - i)}
                                        for i, record in enumerate(TINY[:1001]))])
    assert locations(server, "/news-sitemap.xml") == [f"/national/{i}/t{i}" for i in range(1, 1001)]


# robots.txt, the manifest, icons


def test_robots_are_told_where_the_sitemaps_are(many):
    lines = many.get("/robots.txt").text.splitlines()
    assert lines[0] == "User-agent: *" and "Disallow: /" not in lines
    named = [line.removeprefix("Sitemap: ") for line in lines if line.startswith("Sitemap: ")]
    assert named == [SITE + "/sitemap.xml", SITE + "/news-sitemap.xml"]
    for address in named:
        assert many.get(address.removeprefix(SITE)).status_code == 200


def test_robots_may_fetch_what_a_page_is_shown_with(many):
    """An engine that may not have the sheet takes the page for a broken one."""
    barred = [line.removeprefix("Disallow: ") for line in many.get("/robots.txt").text.splitlines()
              if line.startswith("Disallow: ")]
    for path in ("/national", "/assets/x/style.css", "/feed.xml", "/national/1/t1"):
        assert not path.startswith(tuple(barred))


def png_size(image):
    """Width and height of a PNG (its first chunk is IHDR)."""
    assert image[:16] == b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
    return struct.unpack(">II", image[16:24])


def test_the_manifest_names_icons_of_the_sizes_it_says(paper):
    server = serve(paper, [], **{"site.name": 'N "\\</script>', "site.language": "en"})
    manifest = json.loads(server.get("/manifest.webmanifest").content)
    assert (manifest["name"], manifest["lang"]) == ('N "\\</script>', "en")
    assert (manifest["start_url"], manifest["scope"]) == ("/", "/")
    assert [icon["sizes"] for icon in manifest["icons"]] == ["192x192", "512x512", "any"]
    for icon in manifest["icons"]:
        answer = server.get(icon["src"])
        assert answer.headers["Content-Type"] == icon["type"]
        if icon["sizes"] == "any":
            assert ElementTree.fromstring(answer.content).tag == "{http://www.w3.org/2000/svg}svg"
        else:
            assert "x".join(map(str, png_size(answer.content))) == icon["sizes"]


def test_pages_name_an_icon_for_every_device(many):
    tree = get_page(many, "/")
    (touch,) = head_links(tree, "apple-touch-icon")
    assert png_size(many.get(touch).content) == (180, 180)
    (icon,) = head_links(tree, "icon")
    image = unquote(icon.split(",", 1)[1]) if icon[:5] == "data:" else many.get(icon).text
    assert ElementTree.fromstring(image).tag == "{http://www.w3.org/2000/svg}svg"
    assert head_links(tree, "manifest") == ["/manifest.webmanifest"]
    assert many.get("/favicon.ico").content[:4] == b"\x00\x00\x01\x00"
