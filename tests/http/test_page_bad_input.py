"""Whatever an address or a text holds, a page is whole and says what is wrong, and nothing that
was written gets out of where it stands."""

import json
from collections import Counter
from datetime import date, timedelta
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from khobor import article, hour, is_cut_off, section, views
from wire import Wire
from markup import get_page, inline, page_tree, pieces, text_of

ANSWERS = {200, 301, 400, 404, 410}


@pytest.fixture(scope="module")
def server(new_paper):
    return new_paper().load([
        section(), section("খেলা", "খেলা"), article("gone", status="withdrawn"),
        article("one", tags=["নদী", "a/b", ".."], authors=["A"]),
        *(article(f"a-{i}") for i in range(30))]).serve()


def asked(server, target):
    """The answer to a target of any bytes, of a kind that a page's route may give."""
    with Wire(server.port) as wire:
        wire.send(b"GET " + target + b" HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\n\r\n")
        answer = wire.answer()
    assert answer.status in ANSWERS, target
    if answer.headers.get("content-type", "").startswith("text/html"):
        page_tree(answer.body)
    return answer


# Any address


ROUTES = ["/", "/national/", "/national/1/", "/national/2/one", "/tag/", "/author/", "/archive/",
          "/archive/2024-04-16", "/sitemaps/", "/assets/", "/assets/x/", "/latest?",
          "/latest?cursor=", "/national?cursor=", "/tag/a%2Fb?cursor=",
          "/archive/2024-04-16?cursor=", "/most-read?window=", "/national/feed.xml?", "//", "/%2F",
          "/x/2/", "/x/2/y?"]
NOISE = st.binary(max_size=60).map(lambda noise: noise.translate(None, b" \r\n\t\x00"))
PARTS = st.sampled_from(["..", ".", "/", "//", "%2F", "%2e%2e", "%", "%00", "%ff", "\\", "?", "&",
                         "=", ";", "#", "+", "%25", "নদী", "%E0%A6", "1", "-1", "99999999999999999",
                         "2024-04-16", "one", "gone", "national", "feed.xml", ".xml", "cursor=1.1",
                         "{{x}}", "<b>", "'", '"', "\u202e", "😀", "%C0%AF", "%F0%9F%98%80"])


@given(st.sampled_from(ROUTES), NOISE)
def test_any_bytes_are_answered(server, route, noise):
    if is_cut_off(noise):
        with Wire(server.port) as wire:
            assert wire.is_refused_silently(route.encode() + noise)
    else:
        asked(server, route.encode() + noise)


@given(st.sampled_from(ROUTES), st.lists(PARTS, max_size=8))
def test_any_parts_of_addresses_are_answered(server, route, parts):
    location = asked(server, (route + "".join(parts)).encode()).headers.get("location", "/")
    assert location[0] == "/" and location[1:2] not in ("/", "\\")


@given(st.sampled_from(["tag", "author", "archive", "sitemaps", "assets/x", "national",
                        "national/1"]), st.text(max_size=60))
def test_any_name_is_answered(server, route, name):
    asked(server, f"/{route}/{quote(name, safe='')}".encode())


@given(st.sampled_from(["latest", "national", "tag/a%2Fb", "author/A", "archive/2024-04-16"]),
       st.integers(-2 ** 64, 2 ** 64), st.integers(-2 ** 64, 2 ** 64))
def test_any_cursor_is_answered(server, route, at, number):
    asked(server, f"/{route}?cursor={at}.{number}".encode())


@pytest.mark.parametrize("name", ["a" * 8000, "ক" * 2000, "%E0%A6%95" * 800, "../" * 2000,
                                  "%2F" * 2000, "/" * 5000, "." * 8000, "%25" * 2000,
                                  "?" * 5000, "&a" * 30], ids=lambda name: name[:9])
@pytest.mark.parametrize("route", ROUTES)
def test_a_very_long_address_is_answered(server, route, name):
    asked(server, (route + name).encode())
    assert server.get("/healthz").status_code == 200


def test_more_parameters_than_are_taken_are_refused(server):
    assert asked(server, b"/latest?" + b"&".join(b"a%d" % i for i in range(32))).status == 200
    with server.wire() as wire:
        assert wire.ask("GET /latest?" + "&".join(f"a{i}" for i in range(33))).status == 400


@pytest.mark.parametrize("path, status", [
    ("/tag/..", 200), ("/tag/%2e%2e", 200), ("/tag/a%2Fb", 200), ("/tag/a/b", 404), ("/tag/.", 404),
    ("/tag/%20", 404), ("/tag/", 404), ("/tag", 404), ("/author/..", 404), ("/author/a", 404),
    ("/author/%41", 200), ("/author/A%00", 400), ("/author/%ED%A0%80", 400), ("/..", 404),
    ("/../../etc/passwd", 404), ("/%2e%2e/%2e%2e/etc/passwd", 404), ("/national/../latest", 404),
    ("/./latest", 404), ("/latest;x", 404), ("/latest%3Fcursor=x", 404), ("/latest?cursor", 400),
    ("/latest?cursor=", 400), ("/latest?cursor=1.1&cursor=2.2", 400), ("/most-read?window=", 400),
    ("/most-read?window=24H", 400), ("/national?section=x&limit=0&tag=x", 200)])
def test_a_names_dots_and_slashes_are_its_own(server, path, status):
    assert asked(server, path.encode()).status == status


# Days


@pytest.mark.parametrize("day, status", [
    ("2024-04-16", 200), ("2024-02-29", 200), ("1900-01-01", 200), ("2024-02-30", 404),
    ("2023-02-29", 404), ("2024-13-01", 404), ("2024-00-01", 404), ("2024-01-00", 404),
    ("2024-01-32", 404), ("0000-01-01", 404), ("0000-00-00", 404), ("9999-12-31", 404),
    ("99999-01-01", 404), ("10000-01-01", 404), ("২০২৪-০৪-১৬", 404), ("２０２４-04-16", 404),
    ("2024-4-16", 404), ("24-04-16", 404), ("20240416", 404), ("2024/04/16", 404),
    ("2024-04-16T12:00:00Z", 404), ("+2024-04-16", 404), ("-2024-04-16", 404), (" 2024-04-16", 404),
    ("2024-04-16 ", 404), ("2024-04-16x", 404), ("today", 404), ("2024-04", 404), ("", 404)])
def test_a_day_that_there_was_has_a_page(server, day, status):
    assert asked(server, b"/archive/" + quote(day).encode()).status == status


def test_a_day_that_has_not_begun_has_no_page(server):
    today = date.fromisoformat(server.read("/api/v1/site")["today"]["date"])
    for days, status in ((0, 200), (-1, 200), (2, 404), (365, 404)):
        answer = server.get(f"/archive/{today + timedelta(days)}")
        assert answer.status_code == status


@given(st.dates(date(1, 1, 1), date(9999, 12, 31)))
def test_any_day_is_answered(server, day):
    answer = asked(server, f"/archive/{day.isoformat()}".encode())
    assert answer.status in (200, 404)


# Texts that try to get out of where they stand


BREAKOUTS = [
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "'><svg onload=alert(1)>",
    '" onmouseover="alert(1)" x="', "' autofocus onfocus='alert(1)", "`onclick=alert(1)",
    "</title><iframe src=//x>", "</script><script>alert(1)</script>", "</style><b>",
    "</main></body>", "<!-- ", " --!> -->", "]]><b>", "<![CDATA[", "<?xml x?>",
    "<!DOCTYPE x [<!ENTITY y 'z'>]>&y;", "{{{body_html}}}", "{{> broken.html}}", "{{#site}}",
    "&lt;script&gt;", "&#60;script&#62;", "\\u003cscript\\u003e", '\\"}]}', "\u202e<b>\u202c",
    "<\u200bscript>", "＜script＞", "javascript:alert(1)", "//evil.example",
    "</textarea></noscript></template>", "%3Cscript%3E",
]
FIELDS = ["headline", "kicker", "standfirst", "desk"]


def edition(texts):
    """An edition whose every text is one of these."""
    for i, text in enumerate(texts):
        yield section(f"s{i}", text)
        yield article(f"a{i}", f"s{i}", **dict.fromkeys(FIELDS, text), authors=[text], tags=[text],
                      credits=[text], updated_at="2024-04-16T18:00:00+06:00",
                      image={"url": "/a.jpg", "alt": text, "caption": text, "credit": text})
        yield views(f"a{i}", hour(), 1000 - i)


@pytest.fixture(scope="module")
def papers(new_paper):
    """Two servers of the same edition, one of plain words and one that tries to break out."""
    plain = [f"word {i}" for i in range(len(BREAKOUTS))]
    return [new_paper().load(edition(texts)).serve({"site.name": texts[0]})
            for texts in (plain, BREAKOUTS)]


def shape(tree):
    """A tree's elements and their attributes' names: all that a text must not change."""
    return [(element.tag, sorted(element.attrib)) for element in tree.iter()]


@pytest.mark.parametrize("number", range(len(BREAKOUTS)), ids=BREAKOUTS)
@pytest.mark.parametrize("path", ["/s{0}/{1}/a{0}", "/s{0}", "/tag/{2}", "/author/{2}"])
def test_no_text_changes_what_a_page_is_made_of(papers, path, number):
    texts = [f"word {number}", BREAKOUTS[number]]
    addresses = [path.format(number, number + 1, quote(text, safe="")) for text in texts]
    plain, broken = map(get_page, papers, addresses)
    assert shape(plain) == shape(broken)
    assert list(inline(broken)) == []
    assert Counter(pieces(broken))[texts[1].strip()] == Counter(pieces(plain))[texts[0]] > 3


@pytest.mark.parametrize("path", ["/", "/latest", "/most-read", "/archive/2024-04-16"])
def test_no_text_changes_what_a_list_is_made_of(papers, path):
    plain, broken = (get_page(server, path) for server in papers)
    assert shape(plain) == shape(broken)
    assert list(inline(broken)) == []


@pytest.mark.parametrize("path", ["/feed.xml", "/atom.xml", "/s0/feed.xml", "/s1/atom.xml",
                                  "/sitemap.xml", "/sitemaps/1.xml", "/sitemaps/fronts.xml",
                                  "/news-sitemap.xml"])
def test_no_text_changes_what_a_feed_or_sitemap_is_made_of(papers, path):
    plain, broken = (ElementTree.fromstring(server.get(path).content) for server in papers)
    assert shape(plain) == shape(broken)


def told(tree):
    """What a page tells search engines."""
    (script,) = [found for found in tree.iter("script") if found.get("type")]
    return json.loads(script.text)


def exchanged(value, old, new):
    """A document with a text in place of another."""
    return json.loads(json.dumps(value).replace(json.dumps(old)[1:-1], json.dumps(new)[1:-1]))


@pytest.mark.parametrize("number", range(len(BREAKOUTS)), ids=BREAKOUTS)
def test_search_engines_are_told_the_text_and_nothing_else(papers, number):
    plain, broken = (told(get_page(server, f"/s{number}/{number + 1}/a{number}"))["@graph"][0]
                     for server in papers)
    for document in (plain, broken):
        del document["publisher"], document["author"][0]["url"]
    assert exchanged(plain, f"word {number}", BREAKOUTS[number]) == broken


MARKDOWN = [
    "<script>alert(1)</script>", "<iframe src=x></iframe>", "a <b onclick=alert(1)>b</b>",
    "[a](javascript:alert(1))", "[a](JAVASCRIPT:alert(1))", "[a](&#106;avascript:alert(1))",
    "[a](  javascript:alert(1))", "[a](data:text/html,x)", "![a](javascript:alert(1))",
    "![a](x\"onerror=alert(1))", "[a](/x \"onclick=alert(1)\")", "<javascript:alert(1)>",
    "[a]: javascript:alert(1)\n\n[a]", "```\"><script>\n</code></pre><script>\n```",
    "<style>*{display:none}</style>", "<form action=x><input>", "<base href=//evil>",
    "<svg><script>x</script></svg>", "<math href=javascript:x>", "<div style=position:fixed>",
    "<!--><script>alert(1)</script>-->", "&lt;script&gt;alert(1)&lt;/script&gt;",
    "</div></article></main><script>x</script>", "# <img src=x onerror=x>", "1. <object data=x>",
    "`<script>`", "\\<script>", "[<script>](x)", "{{{x}}}<embed src=x>"]


@pytest.fixture(scope="module")
def bodies(new_paper):
    return new_paper().load([section(), *(article(f"m{i}", body=body)
                                          for i, body in enumerate(MARKDOWN))]).serve()


@pytest.mark.parametrize("number", range(len(MARKDOWN)), ids=MARKDOWN)
def test_no_body_runs_anything_on_its_page(bodies, number):
    tree = get_page(bodies, f"/national/{number + 1}/m{number}")
    assert list(inline(tree)) == []
    assert len(list(tree.iter("script"))) == 2  # the page's own: page.js and JSON-LD
    assert [child.tag for child in tree.find("body")] == ["a", "header", "main", "footer"]


@pytest.mark.parametrize("number", range(10, len(MARKDOWN)))
def test_no_body_runs_anything_in_a_feeds_reader(bodies, number):
    items = bodies.read("/feed.json")["items"]
    (item,) = [item for item in items if item["url"].endswith(f"/m{number}")]
    assert list(inline(page_tree(f"<div>{item['content_html']}</div>"))) == []


# A paper with nothing in it


EMPTY = {
    "/": 200, "/latest": 200, "/most-read": 200, "/most-read?window=1h": 200, "/national": 404,
    "/national/1/x": 404, "/national/1": 404, "/archive/1900-01-01": 200, "/tag/x": 404,
    "/author/x": 404, "/feed.xml": 200, "/atom.xml": 200, "/feed.json": 200,
    "/national/feed.xml": 404, "/sitemap.xml": 200, "/sitemaps/1.xml": 200, "/sitemaps/2.xml": 404,
    "/sitemaps/fronts.xml": 200, "/news-sitemap.xml": 200, "/robots.txt": 200,
    "/manifest.webmanifest": 200, "/favicon.ico": 200, "/api/v1/front": 200,
    "/latest?cursor=1.1": 200,
}


@pytest.mark.parametrize("records", [[], [section(), section("খেলা", "খেলা")],
                                     [section(), article("x", status="draft")]],
                         ids=["nothing", "sections", "a draft"])
def test_a_paper_without_articles_answers_all_the_same(paper, records):
    server = paper.load(records).serve()
    expected = {**EMPTY, **({"/national": 200, "/national/feed.xml": 200} if records else {})}
    assert {path: server.get(path).status_code for path in EMPTY} == expected
    for path in ("/", "/latest", "/most-read", "/archive/1900-01-01"):
        assert "এখানে এখনো কোনো খবর নেই।" in text_of(get_page(server, path))
    for path in ("/", "/latest", "/most-read"):
        assert get_page(server, path).find("head/title") is not None


def test_a_database_that_was_just_made_has_pages(paper):
    server = paper.serve()
    assert get_page(server, "/").find(".//h1") is not None
    assert get_page(server, "/nowhere", 404).find(".//h1") is not None
