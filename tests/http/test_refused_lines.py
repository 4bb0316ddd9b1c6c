"""Lines that an import refuses: each is reported as FILE:LINE: field: reason, the others go in."""

import json

import pytest
from khobor import article, ndjson, redirect, section, views

DEEP = 40


def raw(text):
    """A line that is not made from a record."""
    return text.encode("utf-8", "surrogatepass")


def changed(**fields):
    return {**article("x"), **fields}


def without(record, name):
    return {key: value for key, value in record.items() if key != name}


def with_bytes(old, new):
    """An article's line with some bytes exchanged."""
    line = json.dumps(article("x", kicker="K"), ensure_ascii=False).encode()
    assert old in line
    return line.replace(old, new)


SHAPES = {
    "broken": (raw('{"type":'), "", "the line ends in the middle"),
    "cut": (raw('{"type":"article","slug":"x'), "", "the line ends in the middle"),
    "no json": (raw("hello"), "", "the line is not valid JSON"),
    "single quotes": (raw("{'type':'section'}"), "", "the line is not valid JSON"),
    "trailing comma": (raw('{"type":"section",}'), "", "the line is not valid JSON"),
    "two objects": (raw('{"type":"section"} {}'), "", "the line goes on after its object"),
    "a comment": (raw("// x"), "", "the line is not valid JSON"),
    "an array": (raw("[]"), "", "the line must be a JSON object"),
    "a text": (raw('"x"'), "", "the line must be a JSON object"),
    "a number": (raw("1"), "", "the line must be a JSON object"),
    "null": (raw("null"), "", "the line must be a JSON object"),
    "an empty object": (raw("{}"), "type", "must be section, article, views or redirect"),
    "deep": (raw("[" * DEEP + "]" * DEEP), "", "the line is nested deeper than"),
    "very deep": (raw('{"a":' * 100000), "", "the line is nested deeper than"),
    "deep in a field": (raw('{"type":"article","tags":' + "[" * DEEP + "]" * DEEP + "}"), "",
                        "the line is nested deeper than"),
    "an escape that is none": (raw('["\\\U0001f300"]'), "", "the line is not valid JSON"),
    "an escape at the end": (raw('["\\'), "", ""),
    "a mark inside": (raw('\ufeff{"type":"section","slug":"b","name":"B"}'), "", ""),
    "a huge number": (raw('{"type":"section","slug":"b","name":"B","position":' + "9" * 30 + "}"),
                      "", "has a number that is too large"),
    "a huge exponent": (raw('{"type":"section","slug":"b","name":"B","position":1e999}'), "",
                        "has a number that is too large"),
    "long": (raw('{"type":"section","slug":"' + "x" * (4 << 20) + '"}'), "",
             "the line is longer than 4194304 bytes"),
    "same key twice": (raw('{"type":"section","slug":"b","slug":"c","name":"B"}'), "",
                       "the line has the same key twice"),
    "same key twice, escaped": (raw('{"type":"section","slug":"b","n\\u0061me":"C","name":"B"}'),
                                "",
                                "the line has the same key twice"),
    "same key twice inside": (with_bytes(b'"kicker": "K"', b'"image": {"url": "/a", "url": "/b"}'),
                              "", "the line has the same key twice"),
}
BYTES = {
    "a byte alone": (with_bytes(b'"K"', b'"\xff"'), "", "bytes that are not UTF-8"),
    "a lead byte alone": (with_bytes(b'"K"', b'"\xe0\xa6"'), "", "bytes that are not UTF-8"),
    "overlong": (with_bytes(b'"K"', b'"\xc0\xaf"'), "", "bytes that are not UTF-8"),
    "a surrogate in bytes": (with_bytes(b'"K"', b'"\xed\xa0\x80"'), "", "bytes that are not UTF-8"),
    "past U+10FFFF": (with_bytes(b'"K"', b'"\xf4\x90\x80\x80"'), "", "bytes that are not UTF-8"),
    "latin-1": (with_bytes(b'"K"', b'"caf\xe9"'), "", "bytes that are not UTF-8"),
    "utf-16": ('{"type":"section"}'.encode("utf-16-le"), "", ""),
    "bytes in a key": (with_bytes(b'"kicker"', b'"\xff"'), "", "bytes that are not UTF-8"),
    "a NUL": (with_bytes(b'"K"', b'"a\x00b"'), "", ""),
    "a NUL outside": (with_bytes(b'"kicker"', b'\x00"kicker"'), "", ""),
    "an escaped NUL": (with_bytes(b'"K"', rb'"a\u0000b"'), "", "has a NUL character in a text"),
    "an escaped NUL in a key": (with_bytes(b'"kicker"', rb'"k\u0000"'), "",
                                "has a NUL character in a key"),
    "a control": (with_bytes(b'"K"', b'"a\x01b"'), "", ""),
    "an escaped control": (with_bytes(b'"K"', rb'"\u0007"'), "kicker",
                           "a control character, U+0007"),
    "a line feed": (with_bytes(b'"K"', rb'"a\nb"'), "kicker", "a control character, U+000A"),
    "a tab": (with_bytes(b'"K"', rb'"\t"'), "kicker", "a control character, U+0009"),
    "delete": (with_bytes(b'"K"', b'"\x7f"'), "kicker", "a control character, U+007F"),
    "a C1 control": (with_bytes(b'"K"', "\"\u0085\"".encode()), "kicker", "U+0085"),
    "a bell in a body": (changed(body="a\x07b"), "body", "a control character, U+0007"),
    "a form feed in a body": (changed(body="a\x0cb"), "body", "a control character, U+000C"),
    "a lone high surrogate": (with_bytes(b'"K"', rb'"\ud83c"'), "", "is not valid JSON"),
    "a lone low surrogate": (with_bytes(b'"K"', rb'"\udf00"'), "", "is not valid JSON"),
    "surrogates the wrong way round": (with_bytes(b'"K"', rb'"\udf00\ud83c"'), "",
                                       "is not valid JSON"),
    "a noncharacter": (changed(kicker="a\ufffe"), "kicker", "a Unicode noncharacter, U+FFFE"),
    "another noncharacter": (changed(body="\ufdd0"), "body", "a Unicode noncharacter, U+FDD0"),
    "one of a high plane": (changed(tags=["\U0010ffff"]), "tags", "noncharacter, U+10FFFF"),
    "a control in a tag": (changed(tags=["ok", "a\nb"]), "tags", "a control character, U+000A"),
    "a control in an image": (changed(image={"url": "/a", "alt": "\x1b[0m"}), "image",
                              "alt: has a control character, U+001B"),
    "a control in a name": (section("b", "B\x1b"), "name", "a control character, U+001B"),
}
TYPES = {
    "no type": (without(article("x"), "type"), "type",
                "must be section, article, views or redirect"),
    "unknown type": (changed(type="page"), "type",
                     "must be section, article, views or redirect; got "
                                                   "page"),
    "type in capitals": (changed(type="Article"), "type", "got Article"),
    "type is a number": (changed(type=1), "type", "must be section, article, views or redirect"),
    **{f"{name} is missing": (without(article("x"), name), name, "is missing")
       for name in ("slug", "section", "headline", "body", "published_at")},
    **{f"{name} is null": (changed(**{name: None}), name, "is missing")
       for name in ("slug", "section", "headline", "body", "published_at")},
    **{f"{name} of a section is missing": (without(section("b", "B"), name), name, "is missing")
       for name in ("slug", "name")},
    **{f"{name} of views is missing": (
        without(views("good", "2024-04-16T10:00:00Z", 1), name), name, "is missing")
       for name in ("slug", "hour", "count")},
    **{f"{name} of a redirect is missing": (without(redirect("/a", "good"), name), name,
                                            "is missing")
       for name in ("from", "to")},
    **{f"{name} is a number": (changed(**{name: 5}), name, "must be ")
       for name in ("slug", "section", "kicker", "headline", "standfirst", "desk", "body",
                    "language",
                    "status", "published_at", "updated_at", "image", "authors", "credits", "tags",
                    "related", "most_read", "lead")},
    **{f"{name} is a text": (changed(**{name: "true"}), name, "must be")
       for name in ("authors", "credits", "tags", "related", "image", "most_read", "lead")},
    **{f"{name} is empty": (changed(**{name: ""}), name, "")
       for name in ("slug", "section", "kicker", "headline", "standfirst", "desk", "language",
                    "status", "published_at", "updated_at")},
    "a kicker of spaces": (changed(kicker="   "), "kicker", "is empty"),
    "a tag is empty": (changed(tags=["a", ""]), "tags", "is empty"),
    "a tag is null": (changed(tags=["a", None]), "tags", "must be an array of texts"),
    "a tag is an array": (changed(tags=[["a"]]), "tags", "must be an array of texts"),
    "an object for a text": (changed(headline={"bn": "x"}), "headline", "must be a text"),
    "most_read is 1": (changed(most_read=1), "most_read", "must be true or false"),
    "unknown field": (changed(headlin="x"), "headlin", "is no field of this type of line"),
    "unknown field that is null": (changed(topic=None), "topic", "is no field"),
    "an id": (changed(id=5), "id", "is no field"),
    "a field of another type": (section("b", "B", headline="x"), "headline", "is no field"),
    "unknown field of an image": (changed(image={"url": "/a", "size": 1}), "image",
                                  "size: is no field"),
    "an image without url": (changed(image={"alt": "x"}), "image", "url: is missing"),
    "a width that is a text": (changed(image={"url": "/a", "width": "9"}), "image",
                               "width: must be a whole number"),
    "a width below 0": (changed(image={"url": "/a", "width": -1}), "image",
                        "width: must be a whole number from 0 to"),
    "a width with a fraction": (changed(image={"url": "/a", "width": 9.5}), "image",
                                "width: must be a whole number"),
    "a dangerous url": (changed(image={"url": "javascript:alert(1)"}), "image", "url: must begin"),
    "a url without a scheme": (changed(image={"url": "a.png"}), "image", "url: must begin"),
    "a position with a fraction": (section("b", "B", position=1.5), "position", "a whole number"),
    "a position below 0": (section("b", "B", position=-1), "position", "a whole number from 0 to"),
    "unknown status": (changed(status="Published"), "status",
                       'must be draft, scheduled, published or withdrawn, got "Published"'),
    "scheduled without a time": ({**without(article("x"), "published_at"), "status": "scheduled"},
                                 "published_at", "is missing; a scheduled article must have it"),
    **{f"language {language}": (changed(language=language), "language", "must be a language tag")
       for language in ("b", "bengali", "বাংলা", "bn_BD", "1n", "bn-")[:5]},
}
LENGTHS = {
    f"{name} of {most + 1} bytes": (changed(**{name: "x" * (most + 1)}), name,
                                    f"is {most + 1} bytes long; at most {most} are allowed")
    for name, most in (("kicker", 1024), ("headline", 4096), ("standfirst", 16384), ("desk", 1024),
                       ("language", 35))}
LENGTHS |= {
    "21 authors": (changed(authors=["a"] * 21), "authors",
                   "has 21 texts; at most 20 are allowed"),
    "41 tags": (changed(tags=["a"] * 41), "tags", "has 41 texts; at most 40 are allowed"),
    "21 related": (changed(related=["a"] * 21), "related",
                   "has 21 texts; at most 20 are allowed"),
    "10,001 brackets": (changed(body="[" * 10001), "body",
                        'has 10001 "["; at most 10000 are allowed'),
    "201 quotes in another": (changed(body=">" * 201 + "a"), "body", "201 blocks nested"),
    "201 lists in another": (changed(body="- " * 201 + "a"), "body", "blocks nested"),
    "201 quotes after a carriage return": (changed(body="a\r" + ">" * 201 + "a"), "body",
                                           "201 blocks nested"),
    "lists that a carriage return ends": (changed(body="a\r" + "- " * 200 + "-\ra"), "body",
                                          "201 blocks nested"),
    "50,001 carriage returns": (changed(body="a\r" * 50001 + "a"), "body",
                                "has 50001 lines; at most 50000 are allowed"),
    "50,002 lines": (changed(body="a\n" * 50001 + "a"), "body", "at most 50000 are allowed"),
    "1,002 values": (changed(tags=["a"] * 1002), "", "or has over 1000 values"),
    "a tag of 513 bytes": (changed(tags=["x" * 513]), "tags", "is 513 bytes long; at most 512"),
}
TIMES = {
    f"{name} {time}": (changed(**{name: time}), name, "must be a date and time with a zone")
    for name in ("published_at", "updated_at")
    for time in ("2024-04-16", "2024-04-16T12:00:00", "2024-04-16 12:00:00Z", "2024-04-16T12:00Z",
                 "2024-02-30T12:00:00Z", "2023-02-29T12:00:00Z", "2024-04-31T12:00:00Z",
                 "2024-00-01T12:00:00Z", "2024-13-01T12:00:00Z", "0999-12-31T12:00:00Z",
                 "10000-01-01T00:00:00Z", "1000-01-01T23:59:59Z", "9999-12-31T00:00:00Z",
                 "2024-04-16T24:00:00Z", "2024-04-16T12:60:00Z",
                 "2024-04-16T12:00:00+0600", "2024-04-16T12:00:00+06", "2024-04-16T12:00:00+24:00",
                 "2024-04-16T12:00:00,5Z", "20240416T120000Z", "yesterday", "২০২৪-০৪-১৬T১২:০০:০০Z",
                 "2024-04-16T12:00:00Z ", "-2024-04-16T12:00:00Z", "1713247200")}
SLUGS = {
    **{f"slug {slug}": (changed(slug=slug), "slug", reason) for slug, reason in {
        "12": "a slug of digits alone", "১২": "a slug of digits alone",
        "1\u200c2": "a slug of digits",
        "a b": "U+0020 is not allowed in a slug", "a/b": "U+002F", "a?b": "U+003F", "a#b": "U+0023",
        "a%20": "U+0025", "a\u200bb": "U+200B", "a\u00adb": "U+00AD", "a\ufeffb": "U+FEFF",
        "😀": "U+1F600", "a\u202eb": "U+202E", "a…": "U+2026", "।": "U+0964", "a,b": "U+002C",
        ".a": "begin or end with '.'", "a.": "begin or end with '.'", "..": "begin or end with '.'",
        "-": "needs letters or digits", "_": "needs letters or digits",
        "\u200c": "needs letters or digits", "\u0378": "U+0378"}.items()},
    "slug of 31 marks": (changed(slug="e" + "\u0323\u0301" * 16), "slug",
                         "at most 30 combining marks in a row"),
    "tag of 31 marks": (changed(tags=["a", "e" + "\u0301" * 31]), "tags",
                        "text 2 has more than 30 combining marks in a row"),
    "author of 31 marks": (changed(authors=["e" + "\u0301" * 31]), "authors",
                           "text 1 has more than 30 combining marks in a row"),
    "slug of 451 bytes": (changed(slug="x" * 451), "slug",
                          "is 451 bytes long; at most 450 are allowed"),
    **{f"section {slug}": (section(slug, "X"), "slug",
                           "is an address of Khobor's own; take another")
       for slug in ("api", "healthz", "readyz", "latest", "most-read", "tag", "author", "search",
                    "feed.xml", "sitemap.xml", "robots.txt", "favicon.ico", "admin", "ap\u200ci")},
    **{f"section {slug}": (section(slug, "X"), "slug",
                           "is reserved for a later version of Khobor; take another")
       for slug in ("docs", "newsroom", "live", "feed", "amp", "li\u200dve")},
    "section of digits": (section("12", "X"), "slug", "a slug of digits alone"),
    "unknown section": (article("x", "nowhere"), "section",
                        'must be the slug of a stored section, got "nowhere"; its line must '
                        "come before"),
    "views of an unknown article": (views("nobody", "2024-04-16T10:00:00Z", 1), "slug",
                                    'must be the slug of a stored article, got "nobody"; its line must '
                                    "come before"),
    "a redirect to an unknown article": (redirect("/a", "nobody"), "to",
                                     "must be the slug of a stored article"),
    "a redirect from nowhere": (redirect("old", "good"), "from",
                                "must be a path that begins with /"),
    "an article in another spelling": (article("go\u200cod"), "slug",
                                       'is another spelling of "good", which is stored'),
    "a section in another spelling": (section("natio\u200cnal", "N"), "slug",
                                      'is another spelling of "national", which is stored'),
}
VIEWS = {
    "half an hour": (views("good", "2024-04-16T10:30:00Z", 1), "hour",
                     "must be a whole hour in UTC"),
    "a second": (views("good", "2024-04-16T10:00:01Z", 1), "hour", "must be a whole hour in UTC"),
    "an hour of another zone": (views("good", "2024-04-16T10:00:00+05:30", 1), "hour",
                                "must be a whole hour in UTC"),
    "a count below 0": (views("good", "2024-04-16T10:00:00Z", -1), "count",
                        "a whole number from 0"),
    "a count too large": (views("good", "2024-04-16T10:00:00Z", 10 ** 9 + 1), "count",
                          "must be a whole number from 0 to 1000000000, got 1000000001"),
    "a count with a fraction": (views("good", "2024-04-16T10:00:00Z", 1.5), "count",
                                "whole number"),
    "a count that is a text": (views("good", "2024-04-16T10:00:00Z", "1"), "count", "whole number"),
}
ALL = SHAPES | BYTES | TYPES | LENGTHS | TIMES | SLUGS | VIEWS


@pytest.mark.parametrize("line, field, reason", ALL.values(), ids=ALL)
def test_a_bad_line_is_reported_and_the_others_go_in(paper, line, field, reason):
    (paper.folder / "in").write_bytes(ndjson([section(), article("good"), line, article("last")]))
    done = paper.run("import", "in", cwd=paper.folder)
    assert done.status == 1
    assert len(done.said) == 1, done.err
    prefix = "khobor: in:3: " + (f"{field}: " if field else "the line ")
    assert done.said[0].startswith(prefix) and reason in done.said[0], done.err
    assert done.out.decode().endswith(": 3 new, 0 changed, 0 unchanged, 1 bad\n")


def test_what_was_refused_left_nothing_behind(paper):
    bad = [line for line, _, _ in ALL.values()]
    done = paper.try_load([section(), article("good"), *bad, article("last")])
    assert done.status == 1
    assert [line.split(":")[2] for line in done.said] == [str(3 + i) for i in range(len(bad))]
    assert [r["slug"] for r in paper.records()] == ["national", "good", "last"]


def test_every_line_of_a_file_of_bad_ones_is_reported(paper):
    done = paper.try_load([b"{"] * 3000)
    assert done.status == 1
    assert [line.split(":")[2] for line in done.said] == [str(i + 1) for i in range(3000)]
    assert done.out.decode().endswith("3000 bad\n")


def test_a_report_is_one_line_of_plain_text_whatever_came(paper):
    hostile = "\x1b[31m\nkhobor: good\r\u202e\u0007" + "é" * 400
    done = paper.try_load([{**article("x"), hostile: 1}, article("x", status=hostile),
                           article("x", section="s" + "é" * 200), {"type": hostile},
                           redirect(hostile, "x"), article("x", published_at=hostile)])
    assert done.status == 1
    assert len(done.said) == 6
    assert all(line.startswith("khobor: -:") for line in done.said)
    assert not any(ord(c) < 0x20 or 0x7f <= ord(c) < 0xa0 for c in "".join(done.said))
