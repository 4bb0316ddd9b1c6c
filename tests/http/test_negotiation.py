"""What a client can take: types, encodings, and what it has already (Accept…, If-None-Match)."""

import gzip

import brotli
import pytest
from khobor import article, section
from shapes import check_problem

PATHS = ["/api/v1/site", "/api/v1/articles", "/api/v1/articles/1", "/api/v1/sections",
         "/api/v1/most-read", "/api/v1/articles/1/related", "/api/v1/latest?limit=1"]
SUFFIXES = {None: "", "gzip": "-gz", "br": "-br"}
DECODE = {None: bytes, "gzip": gzip.decompress, "br": brotli.decompress}


def plain(server, path, **headers):
    """An answer with its bytes as they were sent, and the headers asked with and no others."""
    session_headers = {"Accept": None, "Accept-Encoding": "identity", "User-Agent": None}
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = server.get(path, headers={**session_headers, **headers}, stream=True)
    answer.bytes = answer.raw.read(decode_content=False)
    return answer


@pytest.mark.parametrize("accept", [
    None, "", "*/*", "application/json", "application/*", "APPLICATION/JSON", "text/html, */*",
    "text/html, application/json;q=0.1", "application/json;q=0.001",
    "application/json;charset=utf-8",
    "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "*/*;q=0, application/json",
    "application/*;q=0, application/json;q=1", "application/json ", "application/json ; q=1",
    "a/b,,application/json", "application/json;q=x"])
def test_json_is_sent_to_who_takes_it(demo, accept):
    assert plain(demo, "/api/v1/site", Accept=accept).status_code == 200


@pytest.mark.parametrize("accept", [
    "text/html", "text/*", "application/xml", "application/json;q=0", "application/json;q=0.0",
    "*/*;q=0", "application/*;q=0", "application/json;q=0, */*", "application/json; q=0.000",
    "application/jsonx", "application/problem+json", "application", "json",
    "image/*, text/html;q=0.9"])
@pytest.mark.parametrize("path", ["/api/v1/site", "/api/v1/articles/1", "/healthz"])
def test_who_does_not_take_json_is_told_so(demo, path, accept):
    answer = demo.get(path, headers={"Accept": accept})
    assert check_problem(answer, 406, "Accept") == "Accept must allow application/json"


def test_an_error_comes_before_a_type(demo):
    check_problem(demo.get("/api/nothing", headers={"Accept": "text/html"}), 404)


@pytest.mark.parametrize("accepted, encoding", [
    (None, None), ("", None), ("identity", None), ("gzip", "gzip"), ("x-gzip", "gzip"),
    ("GZIP", "gzip"),
    ("br", "br"), ("gzip, br", "br"), ("br, gzip", "br"), ("gzip, deflate, br, zstd", "br"),
    ("br;q=0.5, gzip", "gzip"), ("br;q=0.5, gzip;q=0.9", "gzip"), ("gzip;q=0.5, br;q=0.5", "br"),
    ("br;q=0", None), ("br;q=0, gzip", "gzip"), ("gzip;q=0, br;q=0", None), ("deflate", None),
    ("*", "br"), ("*;q=0", None), ("br;q=0, *", "gzip"), ("*;q=0.5, gzip;q=1", "gzip"),
    ("identity;q=0.5, gzip", "gzip"), ("identity, gzip;q=0.5", None),
    ("identity;q=0, gzip", "gzip"),
    ("gzip;q=0.001", "gzip"), ("gzip ; q=1", "gzip"), ("gzip;Q=0", None), ("brx, gzipp", None),
    ("gzip;q=0.0", None)])
def test_a_body_is_encoded_as_the_client_likes_best(demo, accepted, encoding):
    answer = plain(demo, "/api/v1/articles", Accept_Encoding=accepted)
    whole = plain(demo, "/api/v1/articles").bytes
    assert answer.headers.get("Content-Encoding") == encoding
    assert DECODE[encoding](answer.bytes) == whole
    assert answer.headers["ETag"].endswith(SUFFIXES[encoding] + '"')
    assert (len(answer.bytes) < len(whole)) == (encoding is not None)


@pytest.mark.parametrize("encoding", SUFFIXES)
@pytest.mark.parametrize("path", PATHS)
def test_an_encoded_body_decodes_to_the_same_bytes(demo, path, encoding):
    whole = plain(demo, path)
    answer = plain(demo, path, Accept_Encoding=encoding or "identity")
    used = answer.headers.get("Content-Encoding")
    assert used == (encoding if len(whole.bytes) >= 512 else None)
    assert DECODE[used](answer.bytes) == whole.bytes
    assert int(answer.headers["Content-Length"]) == len(answer.bytes)
    tag = whole.headers["ETag"].strip('"')
    assert answer.headers["ETag"] == f'"{tag}{SUFFIXES[used]}"'


def test_bodies_are_encoded_from_512_bytes_to_1_mib(paper):
    server = paper.load([section(), article("a", body="x" * 3000),
                         article("b", body="x" * 600000)]).serve()
    sizes = {}
    for fields in ("id", "id,slug,headline,url,published_at,published_text,updated_at",
                   "id,slug,url",
                   "id,slug,headline,url,section,published_at,published_text"):
        path = "/api/v1/articles?fields=" + fields
        size = len(plain(server, path).bytes)
        sizes[size] = plain(server, path, Accept_Encoding="gzip").headers.get("Content-Encoding")
    assert all((encoding == "gzip") == (size >= 512) for size, encoding in sizes.items())
    for name, encoded in (("a", "gzip"), ("b", None)):
        answer = plain(server, "/api/v1/articles/" + name, Accept_Encoding="gzip")
        assert answer.headers.get("Content-Encoding") == encoded
    assert len(plain(server, "/api/v1/articles/b").bytes) > 1 << 20


def test_the_edges_of_what_is_encoded(paper):
    """The body of the list with one headline: its length follows the headline's."""
    base = len('{"items":[{"headline":""}],"next":null}')
    server = paper.load([section("a"), section("b"), section("c"),
                         *(article(s, s, headline="x" * (size - base)) for s, size in
                           (("a", 511), ("b", 512), ("c", 513)))]).serve()
    for name, size, encoding in (("a", 511, None), ("b", 512, "br"), ("c", 513, "br")):
        path = f"/api/v1/articles?fields=headline&section={name}"
        assert len(plain(server, path).bytes) == size
        assert plain(server, path, Accept_Encoding="br").headers.get("Content-Encoding") == encoding


def tags(server, path):
    """The tag of each variant."""
    return {encoding: plain(server, path, Accept_Encoding=encoding or "identity").headers["ETag"]
            for encoding in SUFFIXES}


@pytest.mark.parametrize("asked", SUFFIXES)
@pytest.mark.parametrize("known", SUFFIXES)
@pytest.mark.parametrize("path", PATHS[:4])
def test_the_tag_of_any_variant_gives_304_with_that_tag(demo, path, known, asked):
    sent = plain(demo, path, Accept_Encoding=known or "identity")
    answer = plain(demo, path, If_None_Match=sent.headers["ETag"],
                   Accept_Encoding=asked or "identity")
    assert (answer.status_code, answer.bytes) == (304, b"")
    for name in ("ETag", "Cache-Control", "Vary", "Content-Length"):
        assert answer.headers[name] == sent.headers[name]


@pytest.mark.parametrize("form, status", [
    ("{tag}", 304), ("W/{tag}", 304), ('"other", {tag}', 304), ('W/"x",W/{tag} , "y"', 304),
    ("{tag},", 304), ("{tag} ", 304), ("*", 304), (", *", 304), ('"other"', 200), ("", 200),
    ("{bare}", 200), ("w/{tag}", 200), ("W/W/{tag}", 200), ('"*"', 200), ('"{bare}-xx"', 200),
    ('"{bare}', 200), ("{tag}x", 200), ('"x{bare}"', 200), ('""', 200), ("W/", 200)])
def test_if_none_match_is_a_list_of_tags(demo, form, status):
    tag = tags(demo, "/api/v1/site")[None]
    answer = plain(demo, "/api/v1/site", If_None_Match=form.format(tag=tag, bare=tag.strip('"')))
    assert answer.status_code == status
    assert answer.headers["ETag"] == tag
    assert (answer.bytes == b"") == (status == 304)


def test_any_tag_names_what_would_be_sent(demo):
    answer = plain(demo, "/api/v1/articles", If_None_Match="*", Accept_Encoding="br")
    assert (answer.status_code, answer.headers["ETag"][-4:]) == (304, '-br"')


def test_a_304_to_head_is_the_one_to_get(demo):
    tag = tags(demo, "/api/v1/site")[None]
    answer = demo.ask("HEAD", "/api/v1/site", headers={"If-None-Match": tag})
    assert (answer.status_code, answer.headers["ETag"]) == (304, tag)


def test_a_connection_goes_on_after_304(demo):
    tag = tags(demo, "/api/v1/site")[None]
    with demo.wire() as wire:
        for _ in range(2):
            assert wire.ask("GET /api/v1/site", f"If-None-Match: {tag}").status == 304
        assert wire.ask("GET /healthz").body == b'{"status":"ok"}'


def test_health_is_never_304(demo):
    for path in ("/healthz", "/readyz"):
        assert plain(demo, path, If_None_Match="*").status_code == 200


def test_tags_follow_the_content(paper):
    server = paper.load([section(), article("a"), article("b")]).serve()
    before = {path: server.get(path).headers["ETag"] for path in PATHS}
    assert len(set(before.values())) == len(before)
    assert {path: server.get(path).headers["ETag"] for path in PATHS} == before
    paper.load([section(name="N"), article("a", headline="H"), article("c")])
    for path in PATHS[:4]:
        answer = server.get(path, headers={"If-None-Match": before[path]})
        assert (answer.status_code, answer.headers["ETag"] != before[path]) == (200, True)


def test_a_tag_is_the_same_after_a_restart(paper):
    server = paper.load([section(), article("a")]).serve()
    first = {path: server.get(path).headers["ETag"] for path in ("/api/v1/articles/1",
                                                                 "/api/v1/latest")}
    server.stop()
    again = paper.serve()
    assert {path: again.get(path).headers["ETag"] for path in first} == first
