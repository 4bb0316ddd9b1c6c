"""One article: the addresses it is found at, its fields, its safe HTML, what is embedded in it."""

import json
from urllib.parse import quote

import pytest
from khobor import NOON, article, path_of, section, views, hour
from shapes import ARTICLE, CARD, LIST, SITE, check_card, check_list, check_problem

FULL = {
    "type": "article", "slug": "নদীর-খবর", "section": "আন্তর্জাতিক", "kicker": "নদী",
    "headline": "নদীর \"খবর\" \\ <b>", "standfirst": "সংক্ষেপে", "desk": "ডেস্ক",
    "authors": ["আ. রহমান", "B"], "credits": ["এলকে"], "tags": ["নদী", "পানি"],
    "body": "# শিরোনাম\n\n\tএক *দুই*।\r\n", "language": "bn", "status": "published",
    "published_at": "2024-04-16T11:10:05Z", "updated_at": "2024-04-16T18:00:00+06:00",
    "image": {"url": "https://example.org/a.jpg", "width": 1200, "height": 800, "alt": "ছবি",
              "caption": "নৌকা", "credit": "রয়টার্স"},
    "related": ["bare"], "most_read": True, "lead": True,
}
TEXTS = {
    "right-to-left": "\u200fالعربية\u202e abc\u202c",
    "joiners": "র\u200d্য ক্\u200cষ",
    "two spellings of one letter": "\u09dc \u09a1\u09bc",
    "emoji": "👩🏽\u200d🚀 🇧🇩 ☎\ufe0f",
    "unassigned": "\u0378 \U000e0fff \ue000",
    "spaces": "  a\u00a0\u2003b  ",
    "markup": "</script><!-- & ' \" \\u0041 \\",
    "replacement": "\ufffd \ufeff",
}


@pytest.fixture(scope="module")
def server(new_paper):
    texts = [article(f"text-{i}", headline=text, kicker=text, body=text, tags=[text],
                     authors=[text], image={"url": "/" + text, "alt": text})
             for i, text in enumerate(TEXTS.values())]
    return new_paper().load([
        section(), section("আন্তর্জাতিক", "আন্তর্জাতিক", position=7), FULL, article("bare"),
        article("picture", image={"credit": None, "url": "/a.png"}),
        article("a.b_c-d.2"), *texts,
        views("bare", hour(), 5), views("নদীর-খবর", hour(), 9)]).serve()


def test_an_article_has_every_field_in_order(server):
    got = server.read("/api/v1/articles/1")
    assert list(got) == ARTICLE
    assert got == {
        "id": 1, "slug": "নদীর-খবর", "url": f"/{quote('আন্তর্জাতিক')}/1/{quote('নদীর-খবর')}",
        "section": {"slug": "আন্তর্জাতিক", "name": "আন্তর্জাতিক"},
        **{name: FULL[name] for name in ("kicker", "headline", "standfirst", "image", "desk",
                                         "authors", "credits", "tags", "language", "body")},
        "published_at": "2024-04-16T17:10:05+06:00", "published_text": "১৬ এপ্রিল ২০২৪, ১৭:১০",
        "updated_at": "2024-04-16T18:00:00+06:00", "updated_text": "১৬ এপ্রিল ২০২৪, ১৮:০০",
        "body_html": "<h2>শিরোনাম</h2>\n<pre><code>এক *দুই*।\n</code></pre>\n", "revision": 1}


def test_what_a_line_leaves_out_is_null_or_its_default(server):
    got = server.read("/api/v1/articles/2")
    check_card(got, ARTICLE)
    assert got == {
        "id": 2, "slug": "bare", "url": "/national/2/bare",
        "section": {"slug": "national", "name": "জাতীয়"}, "kicker": None,
        "headline": "Headline of bare", "standfirst": None, "image": None, "published_at": NOON,
        "published_text": "১৬ এপ্রিল ২০২৪, ১২:০০", "updated_at": None, "updated_text": None,
        "desk": None, "authors": [], "credits": [], "tags": [], "language": "bn",
        "body": "Body of bare.", "body_html": "<p>Body of bare.</p>\n", "revision": 1}


def test_an_image_has_every_field_in_order(server):
    image = server.read("/api/v1/articles/picture")["image"]
    assert list(image.items()) == [("url", "/a.png"), ("width", None), ("height", None),
                                   ("alt", None), ("caption", None), ("credit", None)]


@pytest.mark.parametrize("number", range(len(TEXTS)), ids=TEXTS)
def test_texts_are_kept_byte_for_byte(server, number):
    text = list(TEXTS.values())[number]
    answer = server.get(f"/api/v1/articles/text-{number}")
    got = answer.json()
    assert [got["headline"], got["kicker"], got["body"], *got["tags"], *got["authors"],
            got["image"]["url"], got["image"]["alt"]] == [text] * 5 + ["/" + text, text]
    as_json = json.dumps(text, ensure_ascii=False).encode()
    assert answer.content.count(as_json) == 6  # but for the image's url
    assert server.paper.export().count(as_json) == 6


def test_only_what_json_demands_is_escaped(server):
    body = server.get("/api/v1/articles/1").content.decode()
    assert '"body":"# শিরোনাম\\n\\n\\tএক *দুই*।\\r\\n"' in body
    assert '"headline":"নদীর \\"খবর\\" \\\\ <b>"' in body
    assert "\\u" not in body and "\\/" not in body and ": " not in body.split('"standfirst"')[0]


def test_a_url_is_percent_encoded_but_for_the_unreserved(server):
    assert server.read("/api/v1/articles/4")["url"] == "/national/4/a.b_c-d.2"


@pytest.mark.parametrize("name", [
    "1", "নদীর-খবর", "নদীর\u200c-খবর", "নদীর-খ\u200dবর", "নদীর-খবর\u200b", "\u00ad" + "নদীর-খবর"])
def test_an_article_is_found_by_id_and_by_any_spelling_of_its_slug(server, name):
    assert server.read(path_of(name))["id"] == 1


@pytest.mark.parametrize("stored, asked", [
    ("ঝ\u09dc", "ঝ\u09a1\u09bc"), ("ঢাকা\u09df", "ঢাকা\u09af\u09bc"),
    ("ম\u09c7\u09beচা", "ম\u09cbচা"),
    ("উ\u09a4\u09cd\u200dসব", "উ\u09ceসব"), ("\u0985\u09beম", "\u0986ম"), ("দিন-১২", "দিন-12"),
    ("café", "cafe\u0301"), ("ক\u200c্ষ", "ক্ষ")])
def test_a_slug_is_found_in_either_spelling(paper, stored, asked):
    server = paper.load([section(), article(stored)]).serve()
    assert server.read(path_of(asked))["slug"] == stored
    assert server.read(path_of(stored))["slug"] == stored


def test_lower_case_percent_codes_and_codes_for_plain_letters_are_read(server):
    for target in ("/api/v1/articles/%62%61re", "/api/v1/%61rticles/bar%65",
                   "/api/v1/articles/" + quote("নদীর-খবর").lower()):
        with server.wire() as wire:
            assert wire.ask("GET " + target).status == 200, target


@pytest.mark.parametrize("name", [
    "0", "-1", "+1", "1.0", "1e0", "0x1", "99999", "9223372036854775807", "9223372036854775808",
    "18446744073709551617", "1" + "0" * 30, "1abc", "1%20", "%201", "১", "১২", "１", "nothing",
    "%2e%2e%2f", "..%2f..%2fetc%2fpasswd", "bare%2f", "bare;1", "bare'--", "%25", "BARE",
    "a" * 451, "%e0%a6%95" * 500])
def test_what_no_article_has_is_404(server, name):
    assert check_problem(server.get("/api/v1/articles/" + name), 404) == "there is no such article"


HTML = {
    "raw block": ("<script>alert(1)</script>", "<!-- raw HTML omitted -->\n"),
    "raw inline": ("a <img src=x onerror=alert(1)> b", "<p>a <!-- raw HTML omitted --> b</p>\n"),
    "javascript": ("[a](javascript:alert(1))", '<p><a href="">a</a></p>\n'),
    "in capitals": ("[a](JaVaScRiPt:alert(1))", '<p><a href="">a</a></p>\n'),
    "in entities": ("[a](&#106;avascript:alert(1))", '<p><a href="">a</a></p>\n'),
    "vbscript": ("[a](vbscript:x)", '<p><a href="">a</a></p>\n'),
    "file": ("[a](file:///etc/passwd)", '<p><a href="">a</a></p>\n'),
    "data": ("[a](data:text/html;base64,PHM+)", '<p><a href="">a</a></p>\n'),
    "image": ("![a](javascript:alert(1))", "<p>a</p>\n"),
    "autolink": ("<javascript:alert(1)>", '<p><a href="">javascript:alert(1)</a></p>\n'),
    "quotes": ('[a](/x"onclick=alert(1) "t\\"t")',
               '<p><a href="/x%22onclick=alert(1)" title="t&quot;t">a</a></p>\n'),
    "a good link": ("[ক](https://example.org/?a=1&b=2)",
                    '<p><a href="https://example.org/?a=1&amp;b=2">ক</a></p>\n'),
    "empty": ("", ""),
}


@pytest.fixture(scope="module")
def html(new_paper):
    bodies = [article(f"html-{i}", body=body) for i, (body, _) in enumerate(HTML.values())]
    return new_paper().load([section(), *bodies]).serve()


@pytest.mark.parametrize("number", range(len(HTML)), ids=HTML)
def test_html_of_a_body_is_safe(html, number):
    body, expected = list(HTML.values())[number]
    got = html.read(f"/api/v1/articles/html-{number}")
    assert got["body"] == body
    assert got["body_html"] == expected


def test_a_body_that_is_hard_to_render_is_no_danger(paper):
    bodies = {"quotes": ">" * 200 + "a", "brackets": "[" * 10000, "stars": "*a_" * 20000,
              "lines": "- a\n" * 50000, "ticks": "`" * 50000, "entities": "&amp;" * 20000}
    server = paper.load([section(),
                         *(article(slug, body=body) for slug, body in bodies.items())]).serve()
    for slug, body in bodies.items():
        assert server.read(path_of(slug))["body"] == body
    assert server.get("/healthz").status_code == 200


def test_include_embeds_each_in_its_routes_own_shape(server):
    got = server.read("/api/v1/articles/bare?include=site,most_read,latest,related")
    assert list(got) == ARTICLE + ["related", "latest", "most_read", "site"]
    check_list(got["related"])
    check_list(got["latest"])
    assert list(got["most_read"]) == ["window", "section", "fallback", *LIST]
    assert list(got["most_read"]["items"][0]) == CARD + ["rank", "previous_rank", "window"]
    assert list(got["site"]) == SITE
    assert got["site"] == server.read("/api/v1/site")


def test_included_lists_have_their_lengths_and_leave_the_article_out(server):
    whole = server.slugs("/api/v1/latest?limit=100")
    for slug in (whole[0], whole[-1]):
        got = server.read(path_of(slug) + "?include=latest,related")
        assert [card["slug"] for card in got["latest"]["items"]] == \
            [other for other in whole if other != slug][:4]
        assert len(got["related"]["items"]) <= 3
        assert slug not in [card["slug"] for card in got["related"]["items"]]
        assert got["latest"]["next"] is got["related"]["next"] is None


def test_included_most_read_leaves_the_article_out(server):
    def included(slug):
        most_read = server.read(path_of(slug) + "?include=most_read")["most_read"]
        return [(item["rank"], item["slug"]) for item in most_read["items"]]
    assert included("bare") == [(1, "নদীর-খবর")]
    assert included("নদীর-খবর") == [(1, "bare")]
    assert included("picture") == [(1, "নদীর-খবর"), (2, "bare")]


def test_lengths_of_included_lists_are_settings(paper):
    records = [section(), *(article(f"a{i}") for i in range(12)),
               *(views(f"a{i}", hour(), 1) for i in range(12))]
    server = paper.load(records).serve({"lists.related": 7, "lists.latest": 0,
                                        "lists.most_read": 11})
    got = server.read("/api/v1/articles/a0?include=related,latest,most_read")
    assert [len(got[name]["items"]) for name in ("related", "latest", "most_read")] == [7, 0, 11]


@pytest.mark.parametrize("include", ["", "relate", "related,", ",site", "site, latest", "body",
                                     "Site", "related,latest,most_read,site,x"])
def test_an_unknown_include_is_refused(server, include):
    answer = server.get("/api/v1/articles/1?include=" + quote(include))
    detail = check_problem(answer, 400, "include")
    assert detail == ("include must be related, latest, most_read and site with commas between, "
                      f'got "{include}"')


def test_an_include_may_stand_twice(server):
    assert list(server.read("/api/v1/articles/1?include=site,site"))[-1] == "site"


def test_revision_counts_changes_and_not_imports(paper):
    server = paper.load([section(), article("a")]).serve()
    assert (server.read("/api/v1/articles/a")["revision"]) == 1
    paper.load([section(), article("a")])
    assert server.read("/api/v1/articles/a")["revision"] == 1
    paper.load([article("a", headline="B")])
    changed = server.get("/api/v1/articles/a")
    assert (changed.json()["revision"], changed.json()["headline"]) == (2, "B")
    assert changed.headers["ETag"].startswith('"r2-')
    paper.load([article("a")])
    assert server.read("/api/v1/articles/a")["revision"] == 3


def test_every_changed_field_makes_a_revision(paper):
    changes = {"section": "আন্তর্জাতিক", **{name: FULL[name] for name in (
        "kicker", "headline", "standfirst", "desk", "authors", "credits", "tags", "body",
        "published_at", "updated_at", "image", "related", "lead")},
        "language": "en", "most_read": False, "status": "scheduled"}
    server = paper.load([section(), section("আন্তর্জাতিক"), article("a")]).serve()
    line, revision = article("a"), 1
    for name, value in changes.items():
        line[name], revision = value, revision + 1
        paper.load([line])
        assert server.read("/api/v1/articles/a")["revision"] == revision, name
