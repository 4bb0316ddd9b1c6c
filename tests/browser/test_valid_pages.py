"""Every kind of page, feed and sitemap passes validators that are not ours, for the demo edition
and for an edition whose every text tries to break out of where it stands."""

import json
import re
from urllib.parse import quote

import pytest

import validators

DEMO_PICTURES = "cricket factory field flower letter mountain river song train".split()
SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.S)
XML = [("rss", "/feed.xml"), ("atom", "/atom.xml"), ("sitemap_index", "/sitemap.xml"),
       ("sitemap", "/sitemaps/1.xml"), ("sitemap", "/sitemaps/fronts.xml"),
       ("news_sitemap", "/news-sitemap.xml")]


def addresses(server):
    """The addresses of every kind of page that an edition has."""
    cards = server.read("/api/v1/articles?limit=100")["items"]
    sections = server.read("/api/v1/sections")["items"]
    read = [server.read(f"/api/v1/articles/{card['id']}") for card in cards]
    yield from ("/", "/latest", "/most-read", "/most-read?window=1h", "/most-read?window=all",
                "/archive/1900-01-01", "/archive/" + cards[0]["published_at"][:10])
    next_page = server.read("/api/v1/latest?limit=20")["next"]
    if next_page:
        yield "/latest?" + next_page.split("?")[1]
    yield from ("/" + quote(section["slug"]) for section in sections)
    yield from (card["url"] for card in cards)
    for kind in ("tag", "author"):
        names = {name for article in read for name in article[kind + "s"]}
        yield from sorted(f"/{kind}/{quote(name, safe='')}" for name in names)


def page(server, address, status=200):
    answer = server.get(address, headers={"Accept": "text/html"})
    assert answer.status_code == status, (address, answer.status_code)
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    return answer.content


@pytest.fixture(params=["demo", "hostile"])
def server(request):
    return request.getfixturevalue(request.param)


def test_every_page_is_html(server, tmp_path):
    files = []
    for address in addresses(server):
        files.append(tmp_path / f"{len(files)}.html")
        files[-1].write_bytes(page(server, address))
    for status, address in ((404, "/nothing"), (400, "/latest?cursor=x")):
        files.append(tmp_path / f"{status}.html")
        files[-1].write_bytes(page(server, address, status))
    assert len(files) > 20
    assert validators.check_html(files) == []


def test_the_sheet_and_the_pictures_are_valid(server, tmp_path):
    text = page(server, "/").decode()
    sheet = tmp_path / "style.css"
    sheet.write_bytes(server.get(re.search(r'href="(/assets/[^"]+\.css)"', text)[1]).content)
    assert validators.check_css([sheet]) == []
    pictures = []
    for name in ("icon", *(f"demo-{name}" for name in DEMO_PICTURES)):
        pictures.append(tmp_path / f"{name}.svg")
        pictures[-1].write_bytes(server.get(f"/assets/any/{name}.svg").content)
    assert validators.check_svg(pictures) == []


@pytest.mark.parametrize("kind, address", XML)
def test_every_feed_and_sitemap_is_valid(server, kind, address):
    assert validators.check_xml(kind, server.get(address).content) == []


def test_every_sections_feeds_are_valid(server):
    for section in server.read("/api/v1/sections")["items"]:
        base = "/" + quote(section["slug"])
        assert validators.check_xml("rss", server.get(base + "/feed.xml").content) == []
        assert validators.check_xml("atom", server.get(base + "/atom.xml").content) == []
        assert validators.check_json_feed(server.get(base + "/feed.json").json()) == []
    assert validators.check_json_feed(server.get("/feed.json").json()) == []


def test_what_search_engines_are_told_is_valid(server):
    documents = []
    for address in addresses(server):
        documents += [json.loads(text) for text in SCRIPT.findall(page(server, address).decode())]
    assert len(documents) > 10
    kinds = {node["@type"] for document in documents for node in document["@graph"]}
    assert kinds == {"NewsArticle", "BreadcrumbList", "WebSite", "NewsMediaOrganization"}
    assert validators.check_json_ld(*documents) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_every_kind_of_page_can_be_used_by_all(server, browser, width, scheme):
    chromium = browser(width=width, scheme=scheme)
    first = server.read("/api/v1/articles?limit=100")["items"]
    rich = max(first, key=lambda card: (card["image"] is not None, card["standfirst"] is not None))
    for address in ("/", "/" + quote(first[0]["section"]["slug"]), rich["url"], "/latest",
                    "/most-read", "/archive/" + first[0]["published_at"][:10], "/nothing"):
        chromium.get(server.url + address)
        assert validators.check_accessibility(chromium) == [], address
