"""What stands around pages, feeds, sitemaps and assets: HEAD, freshness, tags, encodings, methods,
safety; and the errors that browsers and others get."""

import gzip
import re
from urllib.parse import quote

import brotli
import pytest
from khobor import article, hour, section, views
from markup import get_page, inline, links, main_of, metas, page_tree, pieces, text_of
from shapes import check_problem

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
PAGES = ["/", "/latest", "/latest?cursor=9999999999.1", "/most-read", "/most-read?window=7d",
         "/national", "/empty", "/national/1/a-1", "/archive/2024-04-16", "/archive/1900-01-01",
         "/tag/" + quote("নদী"), "/author/A"]
TYPES = {
    **dict.fromkeys(PAGES, "text/html; charset=utf-8"),
    "/feed.xml": "application/rss+xml; charset=utf-8",
    "/atom.xml": "application/atom+xml; charset=utf-8", "/feed.json": "application/feed+json",
    "/national/feed.xml": "application/rss+xml; charset=utf-8",
    "/national/atom.xml": "application/atom+xml; charset=utf-8",
    "/national/feed.json": "application/feed+json",
    "/sitemap.xml": "application/xml; charset=utf-8",
    "/sitemaps/1.xml": "application/xml; charset=utf-8",
    "/sitemaps/fronts.xml": "application/xml; charset=utf-8",
    "/news-sitemap.xml": "application/xml; charset=utf-8",
    "/robots.txt": "text/plain; charset=utf-8",
    "/manifest.webmanifest": "application/manifest+json",
    "/favicon.ico": "image/vnd.microsoft.icon",
    "/assets/x/style.css": "text/css; charset=utf-8",
    "/assets/x/page.js": "text/javascript; charset=utf-8", "/assets/x/icon.svg": "image/svg+xml",
    "/assets/x/icon-192.png": "image/png", "/assets/x/favicon.ico": "image/vnd.microsoft.icon",
}
ERRORS = {  # by (method, address)
    ("GET", "/nowhere"): 404, ("GET", "/national/99/x"): 404, ("GET", "/search"): 404,
    ("GET", "/archive/2024-02-30"): 404, ("GET", "/tag/nobody"): 404, ("GET", "/a/b/c/d"): 404,
    ("GET", "/national/2/gone"): 410, ("GET", "/latest?cursor=x"): 400, ("GET", "/%FF"): 400,
    ("GET", "/most-read?window=2h"): 400, ("GET", "/latest?cursor=1.1&cursor=1.1"): 400,
    ("POST", "/"): 405, ("DELETE", "/national/1/a-1"): 405, ("PUT", "/sitemap.xml"): 405,
    ("GET", "/sitemaps/9.xml"): 404, ("GET", "/assets/x/nothing.css"): 404,
    ("GET", "/nowhere/feed.xml"): 404,
}
SAFETY = {"X-Content-Type-Options": "nosniff", "X-Frame-Options": "SAMEORIGIN",
          "Referrer-Policy": "strict-origin-when-cross-origin"}


@pytest.fixture(scope="module")
def server(new_paper):
    return new_paper().load([
        section(), section("empty", "খালি"),
        article("a-1", tags=["নদী"], authors=["A"], image={"url": "/a.jpg"}, credits=["x"],
                body="# T\n\n<b onclick=x>y</b> [z](javascript:x)"),
        article("gone", status="withdrawn"), *(article(f"b-{i}") for i in range(30)),
        views("a-1", hour(), 1)]).serve()


def plain(server, path, encoding="identity", **headers):
    """An answer with its bytes as they were sent."""
    answer = server.get(path, headers={"Accept-Encoding": encoding, **headers}, stream=True)
    answer.bytes = answer.raw.read(decode_content=False)
    return answer


@pytest.mark.parametrize("path, kind", TYPES.items())
def test_each_kind_has_its_type(server, path, kind):
    answer = plain(server, path)
    assert answer.headers["Content-Type"] == kind
    assert int(answer.headers["Content-Length"]) == len(answer.bytes) > 0


@pytest.mark.parametrize("path", [*TYPES, *(path for method, path in ERRORS if method == "GET"),
                                  "/x/1/y", "/latest/"])
def test_head_is_get_without_the_body(server, path):
    got, head = server.get(path, headers=BROWSER), server.ask("HEAD", path, headers=BROWSER)
    assert (head.status_code, head.content) == (got.status_code, b"")
    ours, theirs = dict(head.headers), dict(got.headers)
    ours.pop("Date"), theirs.pop("Date")
    assert ours == theirs


@pytest.mark.parametrize("path", TYPES)
def test_who_has_it_is_told_so(server, path):
    first = plain(server, path)
    assert re.fullmatch(r'"(r1-)?[\w-]{22}"', first.headers["ETag"])
    for encoding in ("identity", "gzip", "br"):
        again = plain(server, path, encoding, **{"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.bytes) == (304, b"")
        for name in ("ETag", "Cache-Control", "Vary", "Content-Security-Policy"):
            assert again.headers.get(name) == first.headers.get(name)
    other = plain(server, path, **{"If-None-Match": '"other"'})
    assert (other.status_code, other.bytes) == (200, first.bytes)


@pytest.mark.parametrize("encoding, decode", [("gzip", gzip.decompress), ("br", brotli.decompress)])
@pytest.mark.parametrize("path", TYPES)
def test_an_encoded_body_is_the_same(server, path, encoding, decode):
    whole, answer = plain(server, path), plain(server, path, encoding)
    is_worth_it = len(whole.bytes) >= 512 and not path.endswith(".png")
    assert answer.headers.get("Content-Encoding") == (encoding if is_worth_it else None)
    assert (decode(answer.bytes) if is_worth_it else answer.bytes) == whole.bytes
    assert (len(answer.bytes) < len(whole.bytes)) == is_worth_it
    assert answer.headers["Vary"] == whole.headers["Vary"] == "Accept-Encoding"


# How long it may be kept


@pytest.mark.parametrize("max_age, usual, brief", [(10, 10, 1), (0, 0, 0), (3600, 3600, 1)])
def test_pages_keep_as_long_as_the_setting_says_and_the_most_read_briefly(paper, max_age, usual,
                                                                          brief):
    server = paper.load([section(), section("empty"), article("a-1", tags=["নদী"], authors=["A"])
                         ]).serve({"http.max_age_s": max_age})
    for path in TYPES:
        age = brief if path.startswith("/most-read") else usual
        assert server.get(path).headers["Cache-Control"] == f"public, max-age={age}", path


def test_an_asset_keeps_for_a_year_at_the_address_that_pages_name(server):
    """And not under another hash: what is there may be replaced."""
    named = set(re.findall(r"/assets/[^\"]+", server.get("/").text)) | set(
        re.findall(r"/assets/[^\"]+", server.get("/manifest.webmanifest").text))
    assert len(named) >= 6
    for address in named:
        lasting = server.get(address)
        assert lasting.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        for hash_of in ("x", "A" * 12, quote("ক")):
            brief = server.get(f"/assets/{hash_of}/{address.split('/')[3]}")
            assert brief.headers["Cache-Control"] == "public, max-age=10"
            assert brief.content == lasting.content


@pytest.mark.parametrize("path", [
    "/assets/x/", "/assets/style.css", "/assets//style.css", "/assets/x/STYLE.CSS",
    "/assets/x/..%2Ftemplates%2Ffront.html", "/assets/x/front.html", "/assets/x/y/style.css",
    "/assets/x/../../VERSION", "/assets/x/%2e%2e", "/assets", "/assets/"])
def test_what_is_no_asset_is_404(server, path):
    with server.wire() as wire:
        assert wire.ask("GET " + path).status == 404


# Methods and errors


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "get"])
@pytest.mark.parametrize("path", TYPES)
def test_pages_are_only_read(server, method, path):
    with server.wire() as wire:
        answer = wire.ask(f"{method} {path}")
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


@pytest.mark.parametrize("path", TYPES)
def test_options_tells_the_methods(server, path):
    answer = server.ask("OPTIONS", path)
    assert (answer.status_code, answer.headers["Allow"]) == (204, "GET, HEAD, OPTIONS")


@pytest.mark.parametrize("accept", ["*/*", "application/json", "text/html;q=0, */*", "text/plain",
                                    "text/htmlx", "", None])
@pytest.mark.parametrize("asked, status", ERRORS.items())
def test_who_does_not_name_html_gets_a_problem(server, asked, status, accept):
    parameter = {"/%FF": "path", "/most-read?window=2h": "window"}.get(asked[1], "cursor")
    check_problem(server.ask(*asked, headers={"Accept": accept}), status,
                  parameter if status == 400 else None)


SAID = {
    "bn": {404: "পাতাটি পাওয়া যায়নি", 400: "ঠিকানাটি বোঝা যায়নি", 405: "ঠিকানাটি শুধু পড়ার জন্য",
           410: "লেখাটি সরিয়ে নেওয়া হয়েছে"},
    "en": {404: "Page not found", 400: "The address was not understood",
           405: "This address can only be read", 410: "The article was withdrawn"},
}


@pytest.fixture(scope="module")
def papers(new_paper, server):
    """A server for each language of a paper."""
    english = new_paper().load([section(), article("a-1"), article("gone", status="withdrawn")])
    return {"bn": server, "en": english.serve({"site.language": "en", "site.name": "Khobor"})}


@pytest.mark.parametrize("asked, status", ERRORS.items())
@pytest.mark.parametrize("language", SAID)
def test_a_browser_gets_a_page_with_a_way_on(papers, language, asked, status):
    server = papers[language]
    answer = server.ask(*asked, headers=BROWSER)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (status, "no-store")
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    tree, main = page_tree(answer.content), main_of(page_tree(answer.content))
    assert (tree.get("lang"), metas(tree)["robots"]) == (language, ["noindex"])
    assert pieces(main)[:2] == [str(status), SAID[language][status]]
    assert text_of(tree.find("head/title")).startswith(SAID[language][status])
    assert [href for href, _ in links(main)] == ["/", "/latest", "/most-read"]
    assert "/national" in [href for href, _ in links(tree.find(".//header"))]


def test_an_error_does_not_repeat_what_was_asked(server):
    for path in ("/<script>alert(1)</script>", "/latest?cursor=<img src=x>", "/tag/%3Cb%3Ezebra"):
        assert not re.search("alert|src=x|zebra", server.get(path, headers=BROWSER).text)


@pytest.mark.parametrize("accept", ["text/html", "TEXT/HTML", "text/*;q=0.1, text/html",
                                    "text/html;level=1", "a/b,text/html;q=0.1"])
def test_who_names_html_in_any_way_is_a_browser(server, accept):
    get_page(server, "/nowhere", 404, Accept=accept)


@pytest.mark.parametrize("accept", ["application/json", "image/png", "text/html;q=0", "*/*;q=0"])
def test_a_page_is_sent_whatever_is_accepted(server, accept):
    """Better than nothing to somebody who followed a link (RFC 9110 §12.4.1)."""
    get_page(server, "/", Accept=accept)


# Safety


def policy_of(answer):
    """The Content-Security-Policy's sources by directive."""
    directives = [part.split() for part in answer.headers["Content-Security-Policy"].split(";")]
    return {name: sources for name, *sources in directives}


@pytest.mark.parametrize("asked", [*(("GET", path) for path in PAGES), *ERRORS])
@pytest.mark.parametrize("known", [False, True])
def test_every_html_answer_is_safe(server, asked, known):
    """A 304 too: its headers replace those that a cache has (RFC 9111 §3.2)."""
    answer = server.ask(*asked, headers=BROWSER)
    if known and "ETag" in answer.headers:
        answer = server.ask(*asked, headers={**BROWSER, "If-None-Match": answer.headers["ETag"]})
        assert answer.status_code == 304
    assert {name: answer.headers.get(name) for name in SAFETY} == SAFETY
    policy = policy_of(answer)
    assert policy["default-src"] == ["'none'"] and policy["base-uri"] == ["'none'"]
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == ["'self'"]
    assert policy["frame-ancestors"] == ["'self'"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", TYPES)
def test_nothings_type_is_guessed(server, path):
    assert server.get(path).headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("asked", [*(("GET", path) for path in PAGES), *ERRORS])
def test_a_page_runs_nothing_that_stands_in_it(server, asked):
    assert list(inline(page_tree(server.ask(*asked, headers=BROWSER).content))) == []


def test_no_page_of_the_demo_edition_runs_what_stands_in_it(demo):
    cards = demo.read("/api/v1/articles?limit=100")["items"]
    for path in [*(card["url"] for card in cards), "/", *(
            "/" + item["slug"] for item in demo.read("/api/v1/site")["sections"])]:
        assert list(inline(get_page(demo, path))) == []


def test_the_origin_that_may_read_the_api_may_read_feeds(paper):
    origin = "https://x.example"
    server = paper.load([section(), article("a-1")]).serve({"http.cors_origin": origin})
    for path in ("/feed.json", "/feed.xml", "/nowhere", "/"):
        answer = server.get(path, headers={"Origin": origin})
        assert answer.headers["Access-Control-Allow-Origin"] == origin
