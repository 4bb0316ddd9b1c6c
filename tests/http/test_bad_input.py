"""Whatever an address holds, the answer is whole, says what is wrong, and is never a 500."""

import json
import os
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from khobor import article, is_cut_off, section
from wire import Wire
from shapes import PROBLEM


@pytest.fixture(scope="module")
def server(new_paper):
    return new_paper().load([section(), section("খেলা"),
                             article("one", tags=["নদী"], authors=["A"]),
                             article("নদীর-খবর")]).serve()


def asked(server, target, method=b"GET"):
    """The answer to a target of any bytes: status, and the document where it is one."""
    with Wire(server.port) as wire:
        wire.send(method + b" " + target + b" HTTP/1.1\r\nHost: x\r\n\r\n")
        answer = wire.answer()
        is_json = answer.headers.get("content-type", "").endswith("json")
        return answer.status, json.loads(answer.body) if is_json else None


@pytest.mark.parametrize("target, name, reason", [
    (b"/%", "path", "a % that no two hexadecimal digits follow"),
    (b"/%4", "path", "a % that no two hexadecimal digits follow"),
    (b"/%zz", "path", "a % that no two hexadecimal digits follow"),
    (b"/%+1", "path", "a % that no two hexadecimal digits follow"),
    (b"/api/v1/articles/%e0%a6", "path", "bytes that are not UTF-8"),
    (b"/api/v1/articles/%ff", "path", "bytes that are not UTF-8"),
    (b"/api/v1/articles/%c0%af", "path", "bytes that are not UTF-8"),
    (b"/api/v1/articles/%ed%a0%80", "path", "bytes that are not UTF-8"),
    (b"/api/v1/articles/%f4%90%80%80", "path", "bytes that are not UTF-8"),
    (b"/api/v1/articles/\xff", "path", "bytes that are not UTF-8"),
    (b"/api/v1/articles/%00", "path", "a control character"),
    (b"/api/v1/articles/1%00", "path", "a control character"),
    (b"/api/v1/articles/%0a", "path", "a control character"),
    (b"/api/v1/articles/%7f", "path", "a control character"),
    (b"/api/v1/articles/%c2%85", "path", "a control character"),
    (b"/api/v1/articles/%ef%bf%be", "path", "a Unicode noncharacter"),
    (b"/api/v1/articles?tag=%", "tag", "a % that no two hexadecimal digits follow"),
    (b"/api/v1/articles?tag=%ff", "tag", "bytes that are not UTF-8"),
    (b"/api/v1/articles?tag=\xff", "tag", "bytes that are not UTF-8"),
    (b"/api/v1/articles?tag=a%00b", "tag", "a control character"),
    (b"/api/v1/articles?author=%0d%0a", "author", "a control character"),
    (b"/api/v1/articles?%ff=1", "query", "bytes that are not UTF-8"),
    (b"/api/v1/articles?a%00=1", "query", "a control character"),
    (b"/api/v1/articles?x=%zz", "x", "a % that no two hexadecimal digits follow"),
    (b"/healthz?x=%ff", "x", "bytes that are not UTF-8")])
def test_an_address_that_is_broken_is_refused(server, target, name, reason):
    status, problem = asked(server, target)
    assert (status, list(problem)) == (400, PROBLEM + ["parameter"])
    assert problem["parameter"] == name
    assert problem["detail"] == f"{name} has {reason}" + (
        " in it" if "that no two" not in reason else "")


@pytest.mark.parametrize("target", [
    b"/api/v1/articles/..", b"/api/v1/articles/.", b"/api/v1/articles/../site",
    b"/../../etc/passwd",
    b"/api/v1/articles/%2e%2e", b"/api/v1/articles/%2e%2e%2fsite", b"/api/v1/sections/%2e%2e",
    b"/api/v1/articles/..%5c..", b"/./healthz", b"/api/../healthz"])
def test_dots_lead_nowhere(server, target):
    assert asked(server, target)[0] == 404


def test_unescaped_utf_8_is_read(server):
    for target in (path.encode() for path in ("/api/v1/articles/নদীর-খবর", "/api/v1/sections/খেলা",
                                              "/api/v1/articles?tag=নদী")):
        assert asked(server, target)[0] == 200


def test_what_came_is_shown_short_and_whole(server):
    for value in ("ক" * 500, "😀" * 300, "a\u0301" * 300):
        status, problem = asked(server, b"/api/v1/latest?limit=" + quote(value).encode())
        assert status == 400
        shown = problem["detail"].split('got "')[1].rstrip('"')
        assert shown and value.startswith(shown) and len(shown.encode()) <= 60


def test_an_unknown_section_is_shown_short_and_whole(server):
    status, problem = asked(server, b"/api/v1/latest?section=" + quote("ক" * 300).encode())
    shown = problem["detail"].split('"')[1]
    assert (status, set(shown)) == (404, {"ক"})


def test_a_long_name_of_a_parameter_is_shown_whole(server):
    status, problem = asked(server, b"/healthz?" + quote("ক" * 200).encode() + b"=%ff")
    assert (status, set(problem["parameter"])) == (400, {"ক"})


PATHS = ["/api/v1/articles", "/api/v1/latest", "/api/v1/sections", "/api/v1/sections/national",
         "/api/v1/most-read", "/api/v1/articles/1", "/api/v1/articles/1/related", "/api/v1/site"]
NAMES = ["section", "tag", "author", "from", "to", "limit", "cursor", "fields", "include", "window",
         "x"]
WORDS = st.sampled_from(["1", "100", "national", "খেলা", "নদী", "2024-04-16", "1h", "all", "site",
                         "id",
                         "2024-04-16T12:00:00+06:00", "0.0", "1713247200.1", "-1", "id,slug", "A"])


@given(st.sampled_from(PATHS), st.dictionaries(st.sampled_from(NAMES), WORDS | st.text(max_size=20),
                                               max_size=5))
def test_any_query_is_answered(server, path, query):
    pairs = [f"{name}={quote(value, safe='')}" for name, value in query.items()]
    status, document = asked(server, f"{path}?{'&'.join(pairs)}".encode())
    assert status in (200, 400, 404)
    if status == 200:
        assert document["items" if "id" not in document and "timezone" not in document else
                        next(iter(document))] is not None
    else:
        assert list(document)[:4] == PROBLEM and document["status"] == status


@given(st.binary(max_size=60).map(lambda data: data.translate(None, b" \r\n\t\x00")))
def test_any_target_is_answered(server, target):
    for prefix in (b"/", b"/api/v1/articles/", b"/api/v1/articles?"):
        if is_cut_off(target):
            with Wire(server.port) as wire:
                assert wire.is_refused_silently(prefix + target)
        else:
            assert asked(server, prefix + target)[0] in (200, 400, 404)


@given(st.text(max_size=40).filter(lambda name: name.strip("/.")))
def test_any_name_of_an_article_is_answered(server, name):
    for method, suffix in ((b"GET", ""), (b"GET", "/related"), (b"POST", "/views")):
        target = "/api/v1/articles/" + quote(name, safe="") + suffix
        status, document = asked(server, target.encode(), method)
        assert status in (200, 204, 400, 404)
        assert document is None or status == 200 or document["status"] == status


@given(st.binary(max_size=400))
def test_any_bytes_leave_the_server_standing(server, data):
    with Wire(server.port) as wire:
        wire.send(data + b"\r\n\r\n")
        assert server.get("/healthz").status_code == 200


def test_a_megabyte_of_noise_leaves_the_server_standing(server):
    for _ in range(20):
        with Wire(server.port) as wire:
            wire.send(os.urandom(50_000))
    assert server.get("/healthz").status_code == 200
