"""A theme of one's own: it replaces templates and assets file by file. Under --develop it is read
again when it changes, and when it is broken tells the person who works on it and nobody else."""

import os
import re
import signal
import tempfile
from pathlib import Path

import pytest
from khobor import PATIENCE, article, eventually, section
from markup import get_page, having, head_links, main_of, pieces, text_of

SHEET = re.compile(r'href="(/assets/([^/"]+)/style\.css)"')
PROXIED = [{"X-Forwarded-For": "203.0.113.9"}, {"Forwarded": "for=203.0.113.9"}, {"Via": "1.1 x"}]
EDITION = [section(), article("a", tags=["নদী"], authors=["A"], standfirst="S",
                              image={"url": "/a.jpg"})]


class Theme:
    """A folder of one's own; a file in it is put there whole."""

    def __init__(self, folder):
        self.path = folder
        for name in ("templates", "assets"):
            (folder / name).mkdir(parents=True)

    def put(self, **files):
        """Files by name, with _ for its dot: a template, or an asset when it is no HTML or XML."""
        for name, text in files.items():
            name = ".".join(name.rsplit("_", 1))
            folder = "templates" if name.endswith(("html", "xml", "json")) else "assets"
            hidden = self.path / folder / ".new"
            hidden.write_text(text, encoding="utf-8")
            os.replace(hidden, self.path / folder / name)
        return self


@pytest.fixture
def folder():
    """A folder with a short path."""
    with tempfile.TemporaryDirectory() as path:
        yield Path(path)


@pytest.fixture
def theme(folder):
    return Theme(folder / "t")


def serve(paper, theme, *options, **more):
    return paper.load(EDITION).serve(options=["--static", theme.path, *options], **more)


def develop(paper, theme, **more):
    """A server that reads the theme again when it changes, and shows its faults."""
    return serve(paper, theme, "--develop", **more)


def soon(question):
    return eventually(question, 5.0 * PATIENCE)


# File by file


def test_one_template_is_replaced_and_the_others_stay(paper, theme):
    server = serve(paper, theme.put(front_html="<p>mine: {{site.name}}</p>"))
    assert server.get("/").text == "<p>mine: খবর</p>"
    assert pieces(main_of(get_page(server, "/latest")))[:2] == ["সর্বশেষ খবর", "Headline of a"]


def test_a_part_is_replaced_wherever_it_is_taken_in(paper, theme):
    server = serve(paper, theme.put(footer_html="<footer>mine</footer>"))
    for path in ("/", "/latest", "/most-read", "/national", "/national/1/a", "/tag/নদী",
                 "/author/A", "/archive/2024-04-16"):
        assert text_of(get_page(server, path).find(".//footer")) == "mine"
    assert text_of(get_page(server, "/nowhere", 404).find(".//footer")) == "mine"


def test_a_hangup_reads_the_theme_again(paper, theme):
    server = serve(paper, theme.put(front_html="<p>one</p>"))
    theme.put(front_html="<p>two</p>")
    assert server.get("/").text == "<p>one</p>"
    server.process.send_signal(signal.SIGHUP)
    soon(lambda: server.get("/").text == "<p>two</p>")
    theme.put(front_html="<p>{{broken</p>")
    server.process.send_signal(signal.SIGHUP)
    soon(lambda: "the theme is broken and the last good one stays" in server.logged())
    assert server.get("/").text == "<p>two</p>"


def test_one_asset_is_replaced_and_the_others_stay(paper, theme):
    server = serve(paper, theme)
    before, icon = SHEET.search(server.get("/").text), head_links(get_page(server, "/"), "icon")
    server.stop()
    server = serve(paper, theme.put(style_css="body { color: red }"))
    after = SHEET.search(server.get("/").text)
    assert server.get(after[1]).text == server.get(before[1]).text == "body { color: red }"
    assert before[2] != after[2] and head_links(get_page(server, "/"), "icon") == icon


def test_what_is_added_can_be_taken_in_and_has_an_address(paper, theme):
    server = serve(paper, theme.put(front_html="{{> mine.html}}", mine_html="{{assets.logo-2.svg}}",
                                    **{"logo-2_svg": "<svg xmlns='http://www.w3.org/2000/svg'/>"}))
    address = server.get("/").text
    assert server.get(address).headers["Content-Type"] == "image/svg+xml"
    assert server.get(address).text.startswith("<svg")


@pytest.mark.parametrize("missing", ["templates", "assets"])
def test_a_theme_may_have_one_of_both_folders(paper, theme, missing):
    (theme.path / missing).rmdir()
    assert serve(paper, theme).get("/").status_code == 200


@pytest.mark.parametrize("name", ["templates/.front.html.swp", "assets/.DS_Store",
                                  "templates/notes"])
def test_what_editors_leave_does_no_harm(paper, theme, name):
    (theme.path / name).write_bytes(b"\x00\xff")
    (theme.path / name).with_name("a-folder.html").mkdir()
    assert get_page(serve(paper, theme), "/").find("body").get("class") == "front"


DOCUMENTED = {
    "front": ("/", "{{site.name}} {{texts.latest}} {{#nav}}{{slug}},{{name}},{{url}},{{current}}"
              "{{/nav}} {{page.path}} {{lead.language}} {{lead.picture.url}}",
              "খবর সর্বশেষ খবর national,জাতীয়,/national,false / bn /a.jpg"),
    "section": ("/national", "{{#nav}}{{current}}{{/nav}} {{#items.0}}some{{/items.0}}"
                "{{#items.1}}more{{/items.1}} {{page.paged}}", "true some false"),
    "latest": ("/latest?cursor=9999999999.1", "{{page.path}} {{page.paged}}", "/latest true"),
    "most-read": ("/most-read?window=7d", "{{#windows}}{{#current}}{{name}} {{text}}{{/current}}"
                  "{{/windows}}", "7d ৭ দিন"),
    "article": ("/national/1/a", "{{description}} {{#tag_links}}{{name}},{{url}}{{/tag_links}} "
                "{{#author_links}}{{name}},{{url}}{{/author_links}} {{image_address}} "
                "{{section_url}} {{modified_at}}",
                "S নদী,/tag/%E0%A6%A8%E0%A6%A6%E0%A7%80 A,/author/A https://khobor.example/a.jpg "
                "/national 2024-04-16T12:00:00+06:00"),
    "error": ("/nowhere", "{{status}} {{texts.home}}", "404 প্রথম পাতা"),
}


@pytest.mark.parametrize("name, documented", DOCUMENTED.items(), ids=DOCUMENTED)
def test_templates_are_given_what_is_documented(paper, theme, name, documented):
    path, template, expected = documented
    server = serve(paper, theme.put(**{name + "_html": template}),
                   settings={"site.url": "https://khobor.example"})
    assert server.get(path, headers={"Accept": "text/html"}).text == expected


@pytest.mark.parametrize("template, path, expected", [
    ("front_html", "/", "&lt;b&gt;&quot;&#39;&amp;"),
    ("rss_xml", "/feed.xml", "&lt;b&gt;&quot;&#39;&amp;"),
    ("manifest_json", "/manifest.webmanifest", "\\u003cb\\u003e\\\"'\\u0026")])
def test_a_text_is_escaped_for_where_it_stands(paper, theme, template, path, expected):
    server = serve(paper, theme.put(**{template: "{{site.name}}"}),
                   settings={"site.name": "<b>\"'&"})
    assert server.get(path).text.lower() == expected


# Changes


@pytest.mark.parametrize("settings, options, is_read_again", [
    ({}, [], False), ({"site.develop": "off"}, [], False), ({"site.develop": "on"}, [], True),
    ({}, ["--develop"], True)])
def test_a_theme_is_read_again_only_under_develop(paper, theme, settings, options, is_read_again):
    """Two views that are counted one after the other show that the server has done its periodic work
    since the theme was changed."""
    server = serve(paper, theme.put(front_html="first"), *options, settings=settings)
    assert server.get("/").text == "first"
    theme.put(front_html="second", latest_html="{{#x}}")
    if is_read_again:
        soon(lambda: server.get("/").status_code == 500)
        return
    for views in (1, 2):
        server.view("a")
        soon(lambda views=views: server.most_read() == [("a", views)])
    assert server.get("/").text == "first"
    assert "theme" not in server.logged()


def test_a_template_that_changes_is_read_again(paper, theme):
    server = develop(paper, theme.put(front_html="first"))
    first = server.get("/")
    theme.put(front_html="second")
    soon(lambda: server.get("/").text == "second")
    again = server.get("/", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.text) == (200, "second")
    theme.put(latest_html="added")
    soon(lambda: server.get("/latest").text == "added")
    (theme.path / "templates/front.html").unlink()
    soon(lambda: "</html>" in server.get("/").text)
    assert server.logged().count("info: the theme in ") == 3


def test_an_asset_that_changes_gets_another_address(paper, theme):
    """Who has a page of before is given the new one at the old address, but not for a year."""
    server = develop(paper, theme.put(style_css="a{}"))
    first = SHEET.search(server.get("/").text)[1]
    theme.put(style_css="b{}")
    soon(lambda: SHEET.search(server.get("/").text)[1] != first)
    second = SHEET.search(server.get("/").text)[1]
    assert [server.get(address).text for address in (first, second)] == ["b{}"] * 2
    assert [server.get(address).headers["Cache-Control"] for address in (first, second)] == [
        "public, max-age=10", "public, max-age=31536000, immutable"]
    theme.put(style_css="a{}")
    soon(lambda: SHEET.search(server.get("/").text)[1] == first)


# Broken ones


BROKEN = {
    "a section is not closed": ("front_html", "a\n{{#site}}\nb", "front.html: line 2: "),
    "nothing is open": ("front_html", "a\nb\n{{/site}}", "front.html: line 3: "),
    "another one is open": ("latest_html", "{{#a}}\n{{#b}}\n{{/a}}\n{{/b}}",
                            "latest.html: line 3: "),
    "a tag is not closed": ("card_html", "\n\n\n{{headline", "card.html: line 4: "),
    "three braces are not": ("card_html", "{{{headline}}", "card.html: line 1: "),
    "no such template": ("section_html", "\n{{> nothing.html}}", "section.html: line 2: "),
    "a part of a feed": ("rss_xml", "<rss>\n{{/x}}", "rss.xml: line 2: "),
}
AT_START = {
    **BROKEN,
    "an asset of an unknown kind": ("page_exe", "", "assets/page.exe: must end in "),
    "a name for no address": ("a b_css", "", "a b.css: must be named with "),
    "an asset that is too large": ("a_txt", "x" * (4 * 1024 * 1024 + 1), "a.txt: is larger than "),
}


@pytest.mark.parametrize("name, text, said", AT_START.values(), ids=AT_START)
def test_a_broken_theme_stops_the_start(paper, theme, name, text, said):
    theme.put(**{name: text})
    why = paper.run("serve", "--listen", "127.0.0.1:0", "--static", theme.path).why
    assert said in why


@pytest.mark.parametrize("name, text, said", BROKEN.values(), ids=BROKEN)
def test_only_who_works_on_a_theme_is_shown_that_it_broke(paper, theme, name, text, said):
    server = develop(paper, theme)
    good = server.get("/").text
    theme.put(**{name: text})
    soon(lambda: server.get("/").status_code == 500)
    main = main_of(get_page(server, "/", 500))
    assert said.strip().removesuffix(":") in text_of(main)
    for header in PROXIED:
        answer = server.get("/", headers=header)
        assert (answer.status_code, answer.text) == (200, good)
    assert said in server.logged()


def test_a_published_paper_shows_nobody_that_its_theme_broke(paper, theme):
    """Its proxy is on the same machine, and need not say for whom it asks."""
    server = paper.load(EDITION).serve({"site.url": "https://khobor.example"},
                                       options=("--static", theme.path, "--develop"))
    good = server.get("/").text
    theme.put(front_html="{{#x}}")
    soon(lambda: "front.html: line 1" in server.logged())
    assert server.get("/").text == good


def test_a_template_that_takes_itself_in_is_refused(paper, theme):
    theme.put(card_html="{{> link.html}}", link_html="a\n{{> card.html}}")
    why = paper.run("serve", "--listen", "127.0.0.1:0", "--static", theme.path).why
    assert "card.html: line 1: 'link.html' takes this template in again" in why


def test_all_pages_of_a_broken_theme_say_so_but_not_the_api(paper, theme):
    """Whichever page one is working on; a program would not know what to do with it."""
    server = develop(paper, theme)
    theme.put(front_html="{{#x}}")
    soon(lambda: server.get("/").status_code == 500)
    for path in ("/latest", "/national/1/a", "/feed.xml", "/robots.txt"):
        answer = server.get(path)
        assert answer.status_code == 500 and "front.html" in answer.text
        assert answer.headers["Cache-Control"] == "no-store"
        assert "'none'" in answer.headers["Content-Security-Policy"]
    for path in ("/api/v1/front", "/feed.json", "/healthz", "/readyz", "/assets/x/style.css"):
        assert server.get(path).status_code == 200


def test_a_theme_can_be_mended(paper, theme):
    server = develop(paper, theme.put(front_html="first"))
    for text in ("second", "third"):
        theme.put(front_html="{{#x}}")
        soon(lambda: server.get("/").status_code == 500)
        theme.put(front_html=text)
        soon(lambda: server.get("/").status_code == 200)
        assert server.get("/").text == server.get("/", headers=PROXIED[0]).text == text


def test_a_folder_that_is_gone_is_a_broken_theme(paper, theme):
    server = develop(paper, theme.put(front_html="mine"))
    os.rename(theme.path, theme.path.with_name("elsewhere"))
    soon(lambda: server.get("/").status_code == 500)
    assert server.get("/", headers=PROXIED[0]).text == "mine"
    os.rename(theme.path.with_name("elsewhere"), theme.path)
    soon(lambda: server.get("/").status_code == 200)


# Where it is told


@pytest.mark.parametrize("settings, options, expected", [
    ({"site.theme": "{}/t"}, [], "mine"), ({}, ["--config", "{}/k.ini"], "mine"),
    ({}, ["--static", "{}/t"], "mine"),
    ({"site.theme": "{}/t"}, ["--static", "{}/other", "--config", "{}/k.ini"], "other")])
def test_a_theme_is_told_in_any_way_and_a_flag_wins(paper, folder, settings, options, expected):
    Theme(folder / "t").put(front_html="mine")
    Theme(folder / "other").put(front_html="other")
    (folder / "k.ini").write_text(f"[site]\ntheme = {folder}/t\n")
    server = paper.serve({name: value.format(folder) for name, value in settings.items()},
                         options=[option.format(folder) for option in options])
    assert server.get("/").text == expected


@pytest.mark.parametrize("how", ["flag", "environment"])
@pytest.mark.parametrize("make", [lambda path: None, lambda path: path.mkdir(),
                                  lambda path: path.write_text("x")],
                         ids=["missing", "empty", "a file"])
def test_a_folder_without_a_theme_stops_the_start(paper, folder, how, make):
    path = folder / "nowhere"
    make(path)
    options, settings = (["--static", path], {}) if how == "flag" else ([], {"site.theme": path})
    why = paper.run("serve", "--listen", "127.0.0.1:0", *options, settings=settings).why
    assert why == f"khobor: {path}: has neither a folder templates nor a folder assets"


def test_a_themes_own_error_page_is_shown(paper, theme):
    server = serve(paper, theme.put(error_html="<p>mine {{status}}</p>"))
    answer = server.get("/nowhere", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.text) == (404, "<p>mine 404</p>")
    assert having(get_page(server, "/"), "masthead")
