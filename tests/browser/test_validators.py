"""Each validator takes a small document that is right and refuses it with a single fault in it.

A row is (what is wrong, what to replace, by what, what the complaint must say).
"""

import json

import pytest
import validators
from validators import (check_accessibility, check_css, check_html, check_json_feed, check_json_ld,
                        check_svg, check_xml)

PAGE = """<!doctype html>
<html lang="bn"><head><meta charset="utf-8"><title>খবর</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body { margin: 1rem; color: #111; background: #fff; }
@media (prefers-color-scheme: dark) { body { color: #eee; background: #111; } }
</style></head>
<body><main><h1>খবর</h1><p>পদ্মা সেতুর খবর, আজকের পত্রিকায়।</p>
<img src="a.jpg" alt="সেতু" width="8" height="8"><button type="button">খুঁজুন</button></main>
<script>document.title += "!"</script></body></html>
"""
BAD_PAGES = [
    ("a picture without words", ' alt="সেতু"', "", "alt"),
    ("a division in a paragraph", "<p>পদ্মা", "<p><div></div>পদ্মা", "“p”"),
    ("an unknown element", "<main><h1>", "<main><foo></foo><h1>", "foo"),
    ("an id twice", "<h1>", '<h1 id="a"><b id="a"></b>', "Duplicate ID"),
    ("an unknown role", "<main>", '<main role="foo">', "role"),
    ("an unknown property of a style", "margin: 1rem", "margn: 1rem", "margn"),
    ("no title", "<title>খবর</title>", "", "title"),
    ("a language that is none", 'lang="bn"', 'lang="Bangla!"', "lang"),
]

STYLE = """:root { color-scheme: light dark; --ink: #111; }
@media (min-width: 40rem) { main { display: grid; gap: 1rem; inline-size: min(100%, 60rem); } }
"""
BAD_STYLES = [
    ("an unknown property", "display:", "dispaly:", "dispaly"),
    ("an unknown unit", "gap: 1rem", "gap: 1ram", "gap"),
    ("a brace too few", "60rem); } }", "60rem); ", "Parse Error"),
]

ICON = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 0h8v8z"/></svg>'
BAD_ICONS = [
    ("an unknown element", "<path", "<pth", "pth"),
    ("a path that is none", "M0 0h8", "M0 0x8", "path"),
    ("an unknown attribute", "viewBox", "viewbox", "viewbox"),
]

INACCESSIBLE = [
    ("little contrast in light", "color: #111", "color: #bbb", "color-contrast", "light"),
    ("little contrast in dark", "color: #eee", "color: #444", "color-contrast", "dark"),
    ("a picture without words", ' alt="সেতু"', "", "image-alt", "light"),
    ("a button without words", ">খুঁজুন<", "><", "button-name", "light"),
    ("no language", ' lang="bn"', "", "html-has-lang", "light"),
    ("text outside landmarks", "<main>", "<p>বাইরে</p><main>", "region", "light"),
    ("a heading left out", "<p>পদ্মা", "<h4>খ</h4><p>পদ্মা", "heading-order", "light"),
    ("tiny targets", "<button", '<a href="#a" style="font-size:6px">ক</a><button',
     "target-size", "light"),
]

URLSET = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc>https://khobor.example/%E0%A6%96</loc><lastmod>2024-04-16T12:00:00+06:00</lastmod></url>
<url><loc>https://khobor.example/b?c=1&amp;d</loc><lastmod>2024-04-16</lastmod></url>
</urlset>
"""
BAD_SITEMAPS = [
    ("not well-formed", "</urlset>", "", "well-formed"),
    ("another namespace", "sitemap/0.9", "sitemap/0.8", "urlset"),
    ("an unknown element", "<lastmod>2024-04-16</lastmod>", "<changed>2024</changed>", "changed"),
    ("no address", "<loc>https://khobor.example/b?c=1&amp;d</loc>", "", "loc"),
    ("an address in letters", "%E0%A6%96", "খ", "uri"),
    ("an address without a host", "https://khobor.example/b", "/b/and-more", "http"),
    ("a date that is none", ">2024-04-16<", ">16 April<", "lastmod"),
    ("the wrong order", "<url><loc>https://khobor.example/%E0%A6%96</loc>",
     "<url><priority>1</priority><loc>https://khobor.example/%E0%A6%96</loc>", "priority"),
    ("an address twice", "b?c=1&amp;d", "%E0%A6%96", "2 times"),
    ("an index", "urlset", "sitemapindex", "sitemapindex"),
    ("another encoding", 'encoding="UTF-8"', 'encoding="ISO-8859-1"', "UTF-8"),
]

INDEX = """<?xml version="1.0" encoding="UTF-8"?>
<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>https://khobor.example/sitemap-1.xml</loc><lastmod>2024-04-16</lastmod></sitemap>
</sitemapindex>
"""
BAD_INDEXES = [
    ("what only sitemaps have", "<lastmod>2024-04-16</lastmod>", "<priority>1</priority>",
     "priority"),
    ("no address", "<loc>https://khobor.example/sitemap-1.xml</loc>", "", "loc"),
    ("an address that is none", "https://khobor.example", "", "http"),
    ("a date that is none", ">2024-04-16<", ">yesterday<", "lastmod"),
    ("a sitemap", "sitemapindex", "urlset", "urlset"),
    ("an url", "<sitemap>", "<url><loc>https://khobor.example/a</loc></url><sitemap>", "url"),
    ("nothing in it", "<sitemap><loc>https://khobor.example/sitemap-1.xml</loc>"
     "<lastmod>2024-04-16</lastmod></sitemap>", "", "Missing child"),
]

NEWS = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc>https://khobor.example/a</loc><news:news><news:publication><news:name>খবর</news:name>
<news:language>bn</news:language></news:publication>
<news:publication_date>2024-04-16T12:00:00+06:00</news:publication_date>
<news:title>সেতু</news:title></news:news>
<image:image><image:loc>https://khobor.example/a.jpg</image:loc></image:image></url>
</urlset>
"""
BAD_NEWS = [
    ("no title", "<news:title>সেতু</news:title>", "", "title"),
    ("no language", "<news:language>bn</news:language>", "", "publication name"),
    ("a language that is none", ">bn<", ">Bangla<", "language"),
    ("no name", "<news:name>খবর</news:name>", "", "publication name"),
    ("a date that is none", "2024-04-16T12:00:00+06:00", "16 April", "publication_date"),
    ("an unknown element", "<news:title>", "<news:foo>1</news:foo><news:title>", "foo"),
    ("a title twice", "<news:title>", "<news:title>x</news:title><news:title>", "title"),
    ("another namespace", "sitemap-news/0.9", "sitemap-news/1.0", "unknown"),
    ("a name in the wrong place", "<news:title>", "<news:name>x</news:name><news:title>",
     "wrong element"),
    ("an url without news", "</urlset>", "<url><loc>https://khobor.example/b</loc></url></urlset>",
     "without its news"),
    ("a picture at no address", "https://khobor.example/a.jpg", "a.jpg", "image:loc"),
]

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<title>খবর</title><link>https://khobor.example/</link><description>সব খবর</description>
<language>bn</language><lastBuildDate>Tue, 16 Apr 2024 12:00:00 +0600</lastBuildDate><ttl>5</ttl>
<atom:link href="https://khobor.example/feed.xml" rel="self" type="application/rss+xml"/>
<item><title>সেতু</title><link>https://khobor.example/a</link><guid>https://khobor.example/a</guid>
<pubDate>Tue, 16 Apr 2024 12:00:00 +0600</pubDate><category>জাতীয়</category>
<dc:creator>রহিমা</dc:creator><description>সেতু</description>
<content:encoded><![CDATA[<p>সেতু</p>]]></content:encoded>
<enclosure url="https://khobor.example/a.jpg" length="8" type="image/jpeg"/></item>
</channel></rss>
"""
BAD_RSS = [
    ("not well-formed", "</channel>", "", "well-formed"),
    ("another version", 'version="2.0"', 'version="3.0"', "version"),
    ("no description", "<description>সব খবর</description>", "", "description"),
    ("no link", "<link>https://khobor.example/</link>", "", "link"),
    ("a link without a host", ">https://khobor.example/a</link>", ">/a</link>", "link"),
    ("a link in letters", ">https://khobor.example/a</link>",
     ">https://khobor.example/খ</link>", "link"),
    ("a guid that is no address", "<guid>https://khobor.example/a", "<guid>7", "guid"),
    ("a guid twice", "</channel>",
     "<item><title>x</title><guid>https://khobor.example/a</guid></item></channel>", "2 times"),
    ("a date as Atom has it", "<pubDate>Tue, 16 Apr 2024 12:00:00 +0600",
     "<pubDate>2024-04-16T12:00:00+06:00", "pubDate"),
    ("another day of the week", "<pubDate>Tue", "<pubDate>Mon", "pubDate"),
    ("an unknown element", "<ttl>5</ttl>", "<foo>5</foo>", "foo"),
    ("an element of an unknown namespace", "<ttl>", '<x:y xmlns:x="urn:x"/><ttl>', "urn:x"),
    ("an unknown attribute", "<category>", '<category label="x">', "label"),
    ("an enclosure without a length", ' length="8"', "", "length"),
    ("an item with neither title nor description", "</channel>", "<item></item></channel>",
     "neither"),
    ("an author without an address", "<dc:creator>রহিমা</dc:creator>", "<author>রহিমা</author>",
     "author"),
    ("a title twice", "<item>", "<item><title>x</title>", "title"),
    ("no link to itself", 'rel="self"', 'rel="alternate"', "itself"),
    ("Atom", "rss", "feed", "feed"),
]

ATOM = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="bn"><title>খবর</title>
<id>https://khobor.example/</id><updated>2024-04-16T12:00:00+06:00</updated>
<link rel="self" type="application/atom+xml" href="https://khobor.example/atom.xml"/>
<link href="https://khobor.example/"/><author><name>খবর</name></author>
<generator uri="https://khobor.example/" version="1">Khobor</generator>
<entry><title>সেতু</title><id>tag:khobor.example,2024:7</id><link href="https://khobor.example/a"/>
<published>2024-04-16T12:00:00+06:00</published><updated>2024-04-16T12:30:00+06:00</updated>
<author><name>রহিমা</name></author><category term="national" label="জাতীয়"/>
<summary>সেতু</summary><content type="html">&lt;p&gt;সেতু&lt;/p&gt;</content></entry>
</feed>
"""
BAD_ATOM = [
    ("not well-formed", "</entry>", "", "well-formed"),
    ("another namespace", "2005/Atom", "2003/Atom", "associate"),
    ("no id", "<id>tag:khobor.example,2024:7</id>", "", "id"),
    ("an id that is none", "tag:khobor.example,2024:7", "7", "id"),
    ("no date", "<updated>2024-04-16T12:30:00+06:00</updated>", "", "updated"),
    ("a date without a time", "2024-04-16T12:30:00+06:00", "2024-04-16", "updated"),
    ("a date without a zone", "12:30:00+06:00", "12:30:00", "updated"),
    ("no author", "author>", "contributor>", "author"),
    ("a person without a name", "<name>রহিমা</name>", "<uri>https://khobor.example/</uri>", "name"),
    ("two links to the same", "<published>", '<link href="https://khobor.example/b"/><published>',
     "link"),
    ("a link without an address", 'href="https://khobor.example/a"', "", "href"),
    ("a relative link", 'href="https://khobor.example/a"', 'href="/a"', "link"),
    ("an unknown element", "<published>", "<foo/><published>", "foo"),
    ("an unknown attribute", "<entry>", '<entry foo="1">', "foo"),
    ("a category without a term", 'term="national"', "", "term"),
    ("an unknown type of text", 'type="html"', 'type="markdown"', "type"),
    ("two summaries", "<summary>", "<summary>x</summary><summary>", "summary"),
    ("no link to itself", 'rel="self"', 'rel="related"', "itself"),
    ("an id twice", "tag:khobor.example,2024:7</id>",
     "urn:x:1</id><updated>2024-04-16T12:00:00Z</updated><title>x</title><content>x</content>"
     "<author><name>x</name></author></entry><entry><id>urn:x:1</id>", "2 times"),
    ("RSS", "feed", "rss", "rss"),
]

JSON_FEED = """{"version": "https://jsonfeed.org/version/1.1", "title": "খবর", "language": "bn",
"home_page_url": "https://khobor.example/", "feed_url": "https://khobor.example/feed.json",
"_khobor": {"a": 1}, "items": [{"id": "https://khobor.example/a", "title": "সেতু",
"url": "https://khobor.example/a", "content_html": "<p>সেতু</p>", "tags": ["জাতীয়"],
"date_published": "2024-04-16T12:00:00+06:00", "authors": [{"name": "রহিমা"}]}]}"""
BAD_JSON_FEEDS = [
    ("the version before", "version/1.1", "version/1", "1.1"),
    ("no title", '"title": "খবর", ', "", "title"),
    ("no id", '"id": "https://khobor.example/a", ', "", "id"),
    ("an id that is a number", '"id": "https://khobor.example/a"', '"id": 7', "string"),
    ("no content", '"content_html": "<p>সেতু</p>", ', "", "content_html"),
    ("an address that is none", '"url": "https://khobor.example/a"', '"url": "/a"', "uri"),
    ("a date that is none", "2024-04-16T12:00:00+06:00", "2024-04-16", "date-time"),
    ("an unknown member", '"tags"', '"labels"', "labels"),
    ("an author who is nobody", '{"name": "রহিমা"}', "{}", "authors"),
]

JSON_LD = """{"@context": "https://schema.org", "@graph": [
{"@type": "NewsArticle", "@id": "https://khobor.example/a#article", "headline": "সেতু",
 "inLanguage": "bn", "datePublished": "2024-04-16T12:00:00+06:00", "articleSection": "জাতীয়",
 "image": ["https://khobor.example/a.jpg"], "mainEntityOfPage": "https://khobor.example/a",
 "isAccessibleForFree": true, "author": [{"@type": "Person", "name": "রহিমা"}],
 "publisher": {"@type": "NewsMediaOrganization", "name": "খবর", "url": "https://khobor.example/",
  "logo": {"@type": "ImageObject", "url": "https://khobor.example/logo.png", "width": "8"}}},
{"@type": "WebSite", "name": "খবর", "url": "https://khobor.example/"},
{"@type": "BreadcrumbList", "itemListElement": [
 {"@type": "ListItem", "position": 1, "name": "খবর", "item": "https://khobor.example/"},
 {"@type": "ListItem", "position": 2, "name": "জাতীয়"}]}]}"""
BAD_JSON_LD = [
    ("another context", "https://schema.org", "https://example.org", "https://example.org"),
    ("no context", '"@context": "https://schema.org", ', "", "@context"),
    ("an unknown type", '"WebSite"', '"Newspapr"', "Newspapr"),
    ("an unknown property", '"headline"', '"heading"', "heading"),
    ("a property of another type", '"WebSite", ', '"WebSite", "jobTitle": "x", ', "jobTitle"),
    ("a value of the wrong type", "true", '{"@type": "Person", "name": "x"}', "Person"),
    ("a number for words", '"headline": "সেতু"', '"headline": 7', "number"),
    ("a date that is none", "2024-04-16T12:00:00+06:00", "16 April", "datePublished"),
    ("a relative address", '"mainEntityOfPage": "https://khobor.example/a"',
     '"mainEntityOfPage": "/a"', "uri"),
    ("a relative address in a list", '["https://khobor.example/a.jpg"]', '["a.jpg"]', "uri"),
    ("an author who is nobody", ', "name": "রহিমা"', "", "name"),
    ("a breadcrumb without a name", ', "name": "জাতীয়"', "", "name"),
    ("a breadcrumb without an address", ', "item": "https://khobor.example/"', "", "item"),
]


def spoiled(document, old, new):
    assert old in document, old
    return document.replace(old, new)


def names(rows):
    return [row[0] for row in rows]


def check_files(checker, folder, ending, good, rows):
    """Checks the good document and all bad ones at once, as starting Java takes its time."""
    files = [folder / f"good{ending}"]
    files[0].write_text(good, encoding="utf-8")
    for number, (_, old, new, _) in enumerate(rows):
        files.append(folder / f"bad{number}{ending}")
        files[-1].write_text(spoiled(good, old, new), encoding="utf-8")
    complaints = checker(files)
    assert [line for line in complaints if line.startswith("good")] == []
    for number, (what, _, _, says) in enumerate(rows):
        own = [line for line in complaints if line.startswith(f"bad{number}{ending}:")]
        assert any(says in line for line in own), (what, own)


def test_html(tmp_path):
    check_files(check_html, tmp_path, ".html", PAGE, BAD_PAGES)


def test_css(tmp_path):
    check_files(check_css, tmp_path, ".css", STYLE, BAD_STYLES)


def test_svg(tmp_path):
    check_files(check_svg, tmp_path, ".svg", ICON, BAD_ICONS)


def test_a_file_that_is_not_there_is_no_valid_page(tmp_path):
    with pytest.raises(AssertionError):
        check_html([tmp_path / "absent.html"])


def test_accessibility(browser, tmp_path):
    driver, page = browser(), tmp_path / "page.html"

    def violations(text, scheme, width=1280):
        page.write_text(text, encoding="utf-8")
        driver.show(width=width, scheme=scheme)
        driver.get(page.as_uri())
        return check_accessibility(driver)

    for scheme in ("light", "dark"):
        for width in (360, 1280):
            assert violations(PAGE, scheme, width) == []
    for what, old, new, rule, scheme in INACCESSIBLE:
        found = violations(spoiled(PAGE, old, new), scheme)
        assert any(line.startswith(rule) for line in found), (what, found)
    # A fault of one scheme is none in the other, so that both have to be looked at.
    assert violations(spoiled(PAGE, "color: #eee", "color: #444"), "light") == []


def test_a_browser_shows_what_it_is_told(browser, tmp_path):
    page = tmp_path / "page.html"
    page.write_text(PAGE, encoding="utf-8")
    for javascript, title in ((True, "খবর!"), (False, "খবর")):
        driver = browser(width=360, scheme="dark", javascript=javascript)
        driver.get(page.as_uri())
        assert driver.title == title
        assert driver.execute_script("return innerWidth") == 360
        assert driver.execute_script("return matchMedia('(prefers-color-scheme: dark)').matches")


GOOD_XML = {"sitemap": URLSET, "sitemap_index": INDEX, "news_sitemap": NEWS, "rss": RSS,
            "atom": ATOM}
BAD_XML = [(kind, *row) for kind, rows in
           (("sitemap", BAD_SITEMAPS), ("sitemap_index", BAD_INDEXES), ("news_sitemap", BAD_NEWS),
            ("rss", BAD_RSS), ("atom", BAD_ATOM)) for row in rows]


@pytest.mark.parametrize("kind", validators.XML_KINDS)
def test_good_xml(kind):
    assert check_xml(kind, GOOD_XML[kind].encode()) == []


@pytest.mark.parametrize("kind, what, old, new, says", BAD_XML,
                         ids=[f"{row[0]}: {row[1]}" for row in BAD_XML])
def test_bad_xml(kind, what, old, new, says):
    complaints = check_xml(kind, spoiled(GOOD_XML[kind], old, new).encode())
    assert any(says in line for line in complaints), (what, complaints)


def test_a_good_json_feed():
    assert check_json_feed(json.loads(JSON_FEED)) == []


@pytest.mark.parametrize("what, old, new, says", BAD_JSON_FEEDS, ids=names(BAD_JSON_FEEDS))
def test_bad_json_feeds(what, old, new, says):
    complaints = check_json_feed(json.loads(spoiled(JSON_FEED, old, new)))
    assert any(says in line for line in complaints), (what, complaints)


def test_json_ld():
    bad = [spoiled(JSON_LD, old, new) for _, old, new, _ in BAD_JSON_LD]
    complaints = check_json_ld(*map(json.loads, [JSON_LD, *bad]))
    assert [line for line in complaints if line.startswith("document 0:")] == []
    for number, (what, _, _, says) in enumerate(BAD_JSON_LD, 1):
        own = [line for line in complaints if line.startswith(f"document {number}:")]
        assert any(says in line for line in own), (what, own)


def test_a_missing_tool_is_an_error(monkeypatch, tmp_path):
    monkeypatch.setattr(validators, "NPM", tmp_path)
    with pytest.raises(validators.Missing):
        check_json_feed(json.loads(JSON_FEED))
    with pytest.raises(validators.Missing):
        check_html([__file__])
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(validators.Missing):
        check_xml("rss", RSS.encode())
