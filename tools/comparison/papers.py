"""What both binaries import in addition to the demo edition, settings, themes, and the clock's
times."""

import json
from datetime import datetime, timedelta, timezone

DHAKA = timezone(timedelta(hours=6))
KOLKATA = timezone(timedelta(hours=5, minutes=30))
BEGIN = datetime(2024, 4, 16, 11, 50, 10, tzinfo=DHAKA)
NEXT_HOUR = datetime(2024, 4, 16, 12, 2, 40, tzinfo=DHAKA)
NEXT_DAY = datetime(2024, 4, 17, 0, 0, 30, tzinfo=DHAKA)
NEXT_SEASON = datetime(2024, 8, 10, 9, 0, 0, tzinfo=DHAKA)  # hours of views are packed by then

VIEWED = ["note-01", "note-30", "everything", "toll-without-stopping-on-three-more-highways"]
MARKER = "marker"  # the article whose views show that all views before them have been counted
NOTES = 60
FILLERS = 11_000  # a page of a list looks at no more than 10,000 rows
FILLER = "filler-"

MARKDOWN = """\
# One

### Three levels lower

A *text* with **bold**, `code`, ~~strikes~~ and **“quotes”**এর, &amp; &copy; &#0; &#x1F600;

- a list
  - in a list
    1. with numbers
- [ ] a box

> A quote with a [link](https://example.org/?a=1&b=2 "title"),
> a [dangerous one](javascript:alert(1)), a [relative one](/national), <https://example.org>,
> ![an image](/assets/demo/demo-river.svg "r").

[fragment](#x), [query](?a=b), [nothing](), [beside](other/page), [data](data:text/html,x),
![data](data:image/png;base64,AA) ![no data](data:text/html,x) [![linked](/a.png)](/b)
![*marked* **alt**
text](//pictures.example/x.webp) "quoted" 'text' -- &#xFFFE; &#7; &#xD800; &unknown;

<script>alert(1)</script> <b onclick="x">raw</b>

| a | b |
|---|---|
| 1 | 2 |

    indented code with <b>

```html
<i>fenced</i>
```

***

Setext
======

[reference][r], a line with two spaces\x20\x20
and the next\\
one. ১২৩ নদীর খবর।

[r]: /latest 'মোট'
"""


def as_of(instant, zone):
    """A member of a ranking's document."""
    return f'"as_of":"{instant.astimezone(zone).isoformat()}"'


def ndjson(records):
    return b"".join(record if isinstance(record, bytes) else
                    json.dumps(record, ensure_ascii=False).encode() + b"\n" for record in records)


def section(slug, name, position):
    return {"type": "section", "slug": slug, "name": name, "position": position}


def article(slug, where="notes", **more):
    return {"type": "article", "slug": slug, "section": where, "headline": f"Headline of {slug}",
            "body": f"Body of {slug}.", "published_at": "2024-04-10T12:00:00+06:00", **more}


def views(slug, hour, count):
    return {"type": "views", "slug": slug, "hour": hour, "count": count}


def redirect(old, slug):
    return {"type": "redirect", "from": old, "to": slug}


SECTIONS = [section("notes", "টীকা", 20), section("empty", "খালি", 21),
            section("city-town", 'City & <"town">', 22),
            section("মহানগর", "মহানগর", 23), section("markers", "Markers", 24)]
# More articles with the same time than a page has room for, and more on a day than an archive's
# page has room for.
SHORT_ONES = [article(f"note-{i:02}", published_at=f"2024-03-10T0{i % 3}:00:00+06:00",
                      tags=["টীকা", f"n{i % 7}"], authors=["Note Writer"], body=f"Note {i}. " * i)
              for i in range(1, NOTES + 1)]
ODD_ONES = [
    article("everything", "city-town", kicker="K & <k>", headline='H "h" & <i>\'',
            standfirst="S</script><!--", desk="Desk & <d>", authors=["O'Brien \"Q\" <x>", "A/B"],
            credits=["এলকে", "&amp;"], tags=["a/b", "C++ & <D>", "১০%", "?x=1#y", "a b", "+"],
            body=MARKDOWN, language="en", updated_at="2024-04-11T12:00:00Z",
            image={"url": "https://pictures.example/p q.jpg?a=1&b=\"", "width": 1200, "height": 800,
                   "alt": 'Alt "a" & <b>', "caption": "Caption <c>", "credit": "Credit & co"},
            related=["nothing-more", "note-01", "withdrawn", "draft", "everything"]),
    article("nothing-more", "city-town", body="x"),
    article("image-alone", image={"url": "/assets/demo/demo-song.svg"}),
    article("draft", status="draft", published_at=None, tags=["hidden"], authors=["Hidden"]),
    article("withdrawn", status="withdrawn", tags=["hidden"]),
    article("soon", status="scheduled", published_at="2024-04-16T12:01:00+06:00", lead=True,
            tags=["নদী", "soon"], authors=["Note Writer"]),
    article("tomorrow", "national", published_at="2024-04-17T00:00:00+06:00"),
    article("far", status="scheduled", published_at="2099-01-01T00:00:00Z"),
    article("first-day", published_at="1000-01-02T00:00:00Z"),
    article("leap-day", published_at="2024-02-29T23:59:59+06:00"),
    article("new-year", published_at="2024-04-14T00:00:00+06:00"),
    article("of-1987", published_at="1987-04-15T00:00:00+06:00"),
    article("not-ranked", most_read=False, tags=["টীকা"]),
    article("নদী\u09dc.খবর_২", "মহানগর", tags=["নদী", "খবর\u200c"], authors=["নদী\u09dc"]),
    article("a.b_c-d", "মহানগর", tags=["  নদী "], language="en-GB"),
    article("long", "মহানগর", body="দীর্ঘ লেখা। " * 40_000),
    article("blanks", "মহানগর", body="Lines\r\nthat end\r\n\r\n\tcode\twith \"tabs\"\r\n",
            image={"url": "//pictures.example/x.jpg", "caption": "\\ / \u2028"}, tags=["আম"]),
    article("middling", "মহানগর", body="মাঝারি লেখা **মোটা** [এখানে](/latest)।\n\n" * 500),
    article(MARKER, "markers"),
]
COUNTS = [views("everything", "2024-04-16T10:00:00+06:00", 70_000),
          views("note-01", "2024-04-16T11:00:00+06:00", 3),
          views("note-02", "2024-04-15T01:00:00Z", 9),
          views("not-ranked", "2024-04-16T11:00:00+06:00", 5000),
          views("of-1987", "2024-04-16T09:00:00+06:00", 40),
          views("leap-day", "2024-03-01T00:00:00+06:00", 1_234_567)]
REDIRECTS = [redirect(old, slug) for old, slug in {
    "/news.php?id=5&lang=bn": "note-02", "/পুরোনো/খবর": "note-02", "/old%20page.html": "everything",
    "/a/b/c/d/e/f/g/h": "note-02", "/national/99/x": "note-03", "/x.php?q=নদী": "note-02",
    "/dir/": "note-04", "/up/%E0%A6%96?q=%E0%A6%A8": "note-02", "/%e0%a6%95/low": "note-02",
    "/latest/2010": "note-02", "/national": "note-02", "/national/1/old": "note-02",
    "/gone": "withdrawn", "/hidden": "draft", "/later": "soon"}.items()]
EDITION = [*SECTIONS, *SHORT_ONES, *ODD_ONES, *COUNTS, *REDIRECTS]

# Imported while the servers run.
NEWS = [
    article("note-05", headline="Changed", tags=["টীকা", "নদী"],
            updated_at="2024-04-16T12:02:00+06:00"),
    article("note-06", status="withdrawn"), article("note-07", "national"),
    article("note-30", "national"),
    article("everything", "city-town", related=["note-06", "note-08"]),
    article("draft", published_at="2024-04-16T12:02:00+06:00", tags=["hidden"]),
    article("withdrawn"), article("breaking", "national", lead=True, tags=["নদী"],
                                  published_at="2024-04-16T12:02:30+06:00"),
    section("empty", "No longer", 1), article("filling", "empty"),
    views("note-08", "2024-04-16T12:00:00+06:00", 4000), redirect("/dir/", "note-09"),
    redirect("/new/old", "breaking"),
]
# Old hours are packed only when there are at least 24 newer ones. Then some old ones are set again.
SEASONS_COUNTS = [views("note-10", f"2024-08-0{8 + i // 20}T{i % 20:02}:00:00+06:00", i + 1)
                  for i in range(40)]
LATE_COUNTS = [views("note-30", "2024-04-16T12:00:00+06:00", 77),
               views("note-02", "2024-04-15T01:00:00Z", 1),
               views("note-09", "2024-04-15T02:00:00Z", 5)]
# For the third round: a paper without a lead.
SMALL = [section("markers", "Markers", 1), article(MARKER, "markers"),
         article("second", "markers", tags=["a"], authors=["b"],
                 published_at="2024-04-09T12:00:00Z")]

# For the second round: more than one sitemap, lists that reach the limit of 10,000 rows, and a
# response that depends on more than 256 things.
FILLED = ["notes", "empty", "city-town", "মহানগর"]
MANY = [article(f"{FILLER}{i}", FILLED[i % 4 if i < 800 else 0],
                published_at=f"2024-04-16T0{i % 6}:{i % 60:02}:00+06:00",
                tags=["filled"] if i > 9 else ["filled", "rare"],
                authors=["Filler"] if i > 10_500 else None) for i in range(1, FILLERS + 1)]


def is_not_of_many(target):
    """Whether a crawl follows an address in the second round."""
    return "cursor=" not in target and FILLER not in target


SETTINGS = {"site.url": "https://khobor.example", "http.threads": 2}
OTHER_SETTINGS = {
    **SETTINGS, "site.name": 'The <Khobor> & "Co"', "site.language": "en",
    "site.timezone": "Asia/Kolkata", "http.max_age_s": 60, "http.stale_while_revalidate_s": 30,
    "http.stale_if_error_s": 600, "http.cache_tags": "cache-tag", "http.cache_kb": 0,
    "http.cors_origin": "https://reader.example", "http.trusted_proxies": "127.0.0.0/8, ::1",
    "http.body_bytes": 1000, "http.header_bytes": 16384, "lists.related": 5, "lists.latest": 2,
    "lists.most_read": 3, "lists.front": 3, "lists.front_section": 1, "feeds.items": 5,
    "feeds.content": "summary", "popularity.revisit_minutes": 0, "popularity.address_cap": 5,
    "popularity.count_reads": "on", "popularity.max_age_days": 30, "popularity.half_life_h": 2,
    "popularity.trending_views": 1}
SMALL_SETTINGS = {
    "site.url": "http://127.0.0.1:8080/", "site.timezone": "America/New_York", "http.threads": 2,
    "http.max_age_s": 0, "http.cache_tags": "surrogate-key", "http.cors_origin": "*",
    "http.connections_per_address": 0, "lists.related": 0, "lists.latest": 0, "lists.most_read": 0,
    "lists.front": 0, "lists.front_section": 0, "feeds.items": 1, "popularity.history_days": 0,
    "popularity.address_cap": 0, "popularity.sync_ms": 100}
# Replaces and adds templates and assets.
THEME = {
    "templates/footer.html": "<footer>{{site.name}} {{#nav}}{{slug}} {{name}} {{url}} {{/nav}}"
                             "{{page.path}} {{assets.extra.css}} {{site}} {{texts}}</footer>",
    "templates/latest.html": "<!doctype html><title>{{texts.latest}}</title>{{#items}}<p>{{id}} "
                             "{{headline}} {{{kicker}}} {{picture}} {{language}}</p>{{/items}}"
                             "{{^items}}none{{/items}}{{next}}{{> footer.html}}",
    "templates/front.html": "{{! comment }}{{=<% %>=}}<%site.name%> {{literal}} "
                            "<%#sections.items%><%name%>\n  <%> beside.html%>\n"
                            "<%/sections.items%><%={{ }}=%>{{&lead.headline}}{{lead}}",
    "templates/beside.html": "{{#items}}\n<p>{{headline}} {{section.name}}\n{{/items}}\n"
                             "{{^lead}}no{{/lead}}",
    "assets/extra.css": "p { color: red }\n",
    "assets/icon.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>\n",
}

# Changes while the theme is in use. Each is a single file, because a server that looked between two
# files would load the theme twice and log that.
NEW_THEMES = [{"assets/extra.css": "p { color: blue }\n"},
              {"templates/footer.html": "<footer>new {{site.name}} {{assets.extra.css}}</footer>"}]
BROKEN_THEME = {"templates/footer.html": "<footer>\n{{#site}}</footer>"}


def write_theme(folder, files):
    """Writes files of a theme, each whole or not at all."""
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        new = folder.with_suffix(".new")
        new.write_text(text, encoding="utf-8")
        new.rename(file)


def changed(**fields):
    return {**article("bad"), **fields}


def without(name):
    return {key: value for key, value in article("bad").items() if key != name}


def with_bytes(new):
    """An article's line with other bytes in a text."""
    line = json.dumps(changed(kicker="K"), ensure_ascii=False).encode() + b"\n"
    return line.replace(b'"K"', b'"' + new + b'"')


BAD_LINES = [
    b'{"type":\n', b"hello\n", b"[]\n", b"1\n", b'{"type":"section",}\n', b"{}\n", b"\xff\n",
    b'{"type":"section"} {}\n', b"[" * 40 + b"]" * 40 + b"\n", b'["\\\xf0\x9f\x8c\x80"]\n',
    b'\xef\xbb\xbf{"type":"section","slug":"b","name":"B"}\n',
    b'{"type":"section","type":"views"}\n',
    b'{"type":"section","slug":"b","name":"B","position":' + b"9" * 30 + b"}\n",
    b'{"type":"section","slug":"b","name":"B","position":1e999}\n',
    b'{"type":"section","slug":"' + b"x" * (4 << 20) + b'"}\n',
    *map(with_bytes, (b"\xe0\xa6", b"\xed\xa0\x80", b"a\x01b", rb"a\u0000b", rb"\u0007", rb"a\nb",
                      b"\x7f", b"\xc2\x85", rb"\ud83c", b"\xef\xbf\xbe", b"x" * 1025, b"   ", b"")),
    {"type": "page"}, {"type": 5}, changed(type="Article"),
    *map(without, ("type", "slug", "section", "headline", "body", "published_at")),
    *({**article("bad"), name: 5} for name in article("bad", kicker=1, standfirst=1, desk=1,
                                                      language=1, status=1, updated_at=1, image=1,
                                                      authors=1, credits=1, tags=1, related=1,
                                                      most_read=1, lead=1)),
    *({**article("bad"), name: "true"} for name in ("authors", "image", "most_read", "lead")),
    changed(tags=["a", ""]), changed(tags=["a", None]), changed(tags=[["a"]]),
    changed(headline={"bn": "x"}), changed(headlin="x"), changed(id=5), changed(tags=["x" * 513]),
    changed(image={"url": "/a", "size": 1}), changed(image={"alt": "x"}),
    changed(image={"url": "/a", "width": -1}), changed(image={"url": "/a", "width": 9.5}),
    changed(image={"url": "javascript:alert(1)"}), changed(image={"url": "a.png"}),
    changed(image={"url": "/a", "alt": "\x1b[0m"}), changed(status="Published"),
    {**without("published_at"), "status": "scheduled"},
    *(changed(language=language) for language in ("b", "bengali", "bn_BD", "bn-")),
    *({**article("bad"), name: "x" * (most + 1)} for name, most in (
        ("headline", 4096), ("standfirst", 16384), ("desk", 1024), ("language", 35))),
    changed(authors=["a"] * 21), changed(tags=["a"] * 41), changed(related=["a"] * 21),
    changed(tags=["a"] * 1002), changed(body="[" * 10_001), changed(body=">" * 201 + "a"),
    changed(body="a\n" * 50_001 + "a"), changed(body="*" * 50_001), changed(body="a\x07b"),
    *(changed(published_at=time) for time in (
        "2024-04-16", "2024-04-16T12:00:00", "2024-04-16 12:00:00Z", "2024-02-30T12:00:00Z",
        "0999-12-31T12:00:00Z", "10000-01-01T00:00:00Z", "1000-01-01T23:59:59Z",
        "9999-12-31T00:00:00Z", "2024-04-16T24:00:00Z", "2024-04-16T12:00:00+24:00", "yesterday")),
    *(changed(slug=slug) for slug in (
        "12", "১২", "a b", "a/b", "a%20", "a\u200bb", "😀", "a…", ".a", "a.", "..", "-", "\u0378",
        "x" * 451, "no\u200cte-01")),
    *({"type": "section", "slug": slug, "name": "X"} for slug in (
        "api", "latest", "most-read", "tag", "search", "feed.xml", "admin", "12", "no\u200ctes")),
    {"type": "section", "slug": "b"}, {"type": "section", "slug": "b", "name": "B\x1b"},
    {"type": "section", "slug": "b", "name": "B", "position": 1.5},
    {"type": "section", "slug": "b", "name": "B", "headline": "x"},
    article("bad", "nowhere"), views("nobody", "2024-04-16T10:00:00Z", 1),
    views("note-01", "2024-04-16T10:30:00Z", 1), views("note-01", "2024-04-16T10:00:00+05:30", 1),
    views("note-01", "2024-04-16T10:00:00Z", -1), views("note-01", "2024-04-16T10:00:00Z", 1.5),
    views("note-01", "2024-04-16T10:00:00Z", 1 << 62), {"type": "views", "slug": "note-01"},
    redirect("/a", "nobody"), redirect("old", "note-01"), redirect("//evil", "note-01"),
    redirect("/a#b", "note-01"), redirect("/" + "x" * 9000, "note-01"), redirect("", "note-01"),
    redirect("/a\n", "note-01"), {"type": "redirect", "from": "/a"}, b"\n", b"  \n", b'{"type"',
]


def beginning(record):
    """The beginning of a line, to tell it from others."""
    data = record if isinstance(record, bytes) else json.dumps(record, ensure_ascii=False).encode()
    return data[:80].decode(errors="replace")
