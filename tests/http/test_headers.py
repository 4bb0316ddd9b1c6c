"""What stands around a body: freshness, Vary, HEAD, methods, what other origins may read."""

import re
from email.utils import parsedate_to_datetime

import pytest
from khobor import article, path_of, section
from shapes import check_problem

USUAL = ["/api/v1/site", "/api/v1/articles", "/api/v1/articles/1", "/api/v1/articles/1/related",
         "/api/v1/sections", "/api/v1/sections/national", "/api/v1/latest"]
BRIEF = ["/api/v1/most-read"]
NEVER = ["/healthz", "/readyz"]
READ = USUAL + BRIEF + NEVER
VIEWS = "/api/v1/articles/1/views"


@pytest.mark.parametrize("path", READ)
def test_a_document_has_type_length_and_date(demo, path):
    answer = demo.get(path, headers={"Accept-Encoding": "identity"})
    assert answer.headers["Content-Type"] == "application/json"
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    assert parsedate_to_datetime(answer.headers["Date"])


@pytest.mark.parametrize("path", USUAL + BRIEF)
def test_what_may_be_cached_has_vary_and_a_strong_tag(demo, path):
    answer = demo.get(path)
    assert answer.headers["Vary"] == "Accept-Encoding"
    revision = "r1-" if path == "/api/v1/articles/1" else ""
    assert re.fullmatch(rf'"{revision}[A-Za-z0-9_-]{{22}}(-gz|-br)?"', answer.headers["ETag"])


@pytest.mark.parametrize("path", NEVER)
def test_what_may_not_be_cached_has_neither(demo, path):
    answer = demo.get(path)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers and "Vary" not in answer.headers


@pytest.mark.parametrize("max_age, usual, brief",
                         [(10, 10, 1), (0, 0, 0), (1, 1, 1), (86400, 86400, 1)])
def test_freshness_is_a_setting_and_brief_where_counts_move(paper, max_age, usual, brief):
    server = paper.load([section(), article("a")]).serve({"http.max_age_s": max_age})
    for paths, age in ((USUAL, usual), (BRIEF, brief)):
        for path in paths:
            assert server.get(path).headers["Cache-Control"] == f"public, max-age={age}"


@pytest.mark.parametrize("path",
                         [*READ, "/", "/api/v1/articles/0", VIEWS, "/api/v1/articles?limit=0",
                                  "/api/v1/latest?limit=1"])
def test_head_has_the_headers_of_get_and_no_body(demo, path):
    got, head = demo.get(path), demo.ask("HEAD", path)
    assert head.status_code == got.status_code
    assert head.content == b""
    ours, theirs = dict(head.headers), dict(got.headers)
    ours.pop("Date"), theirs.pop("Date")
    assert ours == theirs


def test_a_connection_goes_on_after_head(demo):
    with demo.wire() as wire:
        for _ in range(2):
            head = wire.ask("HEAD /api/v1/site", head=True)
            assert (head.status, int(head.headers["content-length"]) > 100) == (200, True)
        assert wire.ask("GET /healthz").body == b'{"status":"ok"}'


@pytest.mark.parametrize("path, allow", [
    *((path, "GET, HEAD, OPTIONS") for path in READ), (VIEWS, "POST, OPTIONS"),
    ("/api/v1/articles/0", "GET, HEAD, OPTIONS"), (path_of("না") + "/views", "POST, OPTIONS")])
def test_options_tells_the_methods(demo, path, allow):
    answer = demo.ask("OPTIONS", path)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["Allow"] == allow
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("method",
                         ["POST", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "get", "GETT"])
@pytest.mark.parametrize("path", READ)
def test_another_method_is_405_with_allow(demo, method, path):
    with demo.wire() as wire:
        answer = wire.ask(f"{method} {path}")
    assert answer.status == 405
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"
    assert answer.headers["content-type"] == "application/problem+json"
    assert b'"detail":"this address does not take that method"' in answer.body


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
def test_views_are_only_posted(demo, method):
    answer = demo.ask(method, VIEWS)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST, OPTIONS")


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "OPTIONS"])
@pytest.mark.parametrize("path", [
    "/api", "/api/v1", "/api/v1/", "/api/v1/site/", "/api/v2/site",
    "//api/v1/site", "/api//v1/site", "/api/v1/articles/", "/api/v1/articles/1/",
    "/api/v1/articles/1/related/1", "/api/v1/articles//related", "/healthz/", "/a/b/c/d/e/f/g/h/i/j", "/" + "/" * 500])
def test_an_unknown_address_is_404_for_every_method(demo, method, path):
    with demo.wire() as wire:
        answer = wire.ask(f"{method} {path}")
    assert (answer.status, b'"nothing is at this address"' in answer.body) == (404, True)


@pytest.mark.parametrize("path", ["/API/v1/site", "/healthz;x", "/.", "/api%2Fv1%2Fsite"])
def test_what_could_be_a_section_or_an_article_is_looked_for(demo, path):
    with demo.wire() as wire:
        assert wire.ask("GET " + path).status == 404
        answer = wire.ask("POST " + path)
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


ERRORS = [("GET", "/nothing", 404), ("GET", "/api/v1/articles?limit=0", 400),
          ("PUT", "/healthz", 405),
          ("POST", "/api/v1/articles/0/views", 404)]


@pytest.mark.parametrize("method, path, status", ERRORS)
def test_a_problem_is_not_to_be_stored(demo, method, path, status):
    answer = demo.ask(method, path)
    check_problem(answer, status, "limit" if status == 400 else None)
    assert "ETag" not in answer.headers and "Vary" not in answer.headers


@pytest.fixture(scope="module")
def open_to(new_paper):
    """Servers by the origin that they are open to."""
    servers = {}

    def to(origin):
        if origin not in servers:
            servers[origin] = new_paper().load([section(), article("a")]).serve(
                {"http.cors_origin": origin})
        return servers[origin]
    return to


CORS = "Access-Control-"


@pytest.mark.parametrize("origin", ["*", "https://paper.example"])
def test_an_origin_may_be_allowed_to_read(open_to, origin):
    server = open_to(origin)
    for path in READ + ["/nothing", "/api/v1/articles?limit=0"]:
        answer = server.get(path, headers={"Origin": "https://other.example"})
        assert answer.headers[CORS + "Allow-Origin"] == origin
        assert CORS + "Allow-Credentials" not in answer.headers
    exposed = server.get("/api/v1/latest?limit=1").headers[CORS + "Expose-Headers"]
    assert exposed == "ETag, Link"
    assert server.ask("POST", VIEWS).headers[CORS + "Allow-Origin"] == origin


@pytest.mark.parametrize("origin", ["*", "https://paper.example"])
def test_a_browser_is_told_before_it_asks(open_to, origin):
    answer = open_to(origin).ask("OPTIONS", VIEWS, headers={
        "Origin": "https://paper.example", "Access-Control-Request-Method": "POST"})
    assert answer.status_code == 204
    assert answer.headers[CORS + "Allow-Origin"] == origin
    assert answer.headers[CORS + "Allow-Methods"] == answer.headers["Allow"] == "POST, OPTIONS"
    assert answer.headers[CORS + "Allow-Headers"] == "Accept, Content-Type, If-None-Match"
    assert answer.headers[CORS + "Max-Age"] == "86400"


def test_a_304_says_what_its_200_says(open_to):
    server = open_to("*")
    first = server.get("/api/v1/latest?limit=1")
    again = server.get("/api/v1/latest?limit=1", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    for name in ("ETag", "Vary", "Cache-Control", CORS + "Allow-Origin"):
        assert again.headers[name] == first.headers[name]


def test_no_origin_is_named_unless_the_setting_does(open_to):
    answer = open_to("").ask("OPTIONS", VIEWS, headers={"Origin": "https://paper.example"})
    assert not [name for name in answer.headers if name.startswith(CORS)]
    answer = open_to("").get("/api/v1/site", headers={"Origin": "https://paper.example"})
    assert not [name for name in answer.headers if name.startswith(CORS)]


def test_a_header_that_a_client_sent_is_not_sent_back(demo):
    with demo.wire() as wire:
        answer = wire.ask("GET /api/v1/site?x=%0d%0aX-Injected:1", "X-Mark: mark",
                          "Origin: https://mark")
    assert answer.status == 200 or answer.status == 400
    assert "x-injected" not in answer.headers
    assert not [value for value in answer.headers.values() if "mark" in value]


def test_a_host_header_changes_nothing(demo):
    with demo.wire() as wire:
        wire.send(b"GET /api/v1/site HTTP/1.1\r\nHost: evil.example\r\n\r\n")
        assert wire.answer().body == demo.get("/api/v1/site").content
