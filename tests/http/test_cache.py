"""A cached response is sent as it would be if it were built for the request, and the cache stays
within its size. Views count and themes change with it as without it."""

import itertools

import pytest
from cached import EDITION, SHOWING, counted_article, fields_of, figures_of, is_everywhere
from khobor import PATIENCE, SOON, a_reader, article, eventually, path_of

CACHED = [*SHOWING, "/api/v1/site", "/sports", "/tag/Tax", "/api/v1/articles?limit=2",
        "/api/v1/most-read", "/robots.txt", "/favicon.ico", "/sitemap.xml", "/sitemaps/1.xml"]
BY_CONTENT = [target for target in CACHED if "most-read" not in target]  # not by when it started
ENCODINGS = ["identity", "gzip", "br"]


def test_a_cached_response_has_the_same_bytes_as_a_fresh_one(paper):
    paper.load(EDITION)
    plain = paper.serve({"http.cache_kb": 0})
    made = {}
    with plain.wire() as wire:
        for target, encoding in itertools.product(BY_CONTENT, ENCODINGS):
            made[target, encoding] = wire.ask("GET " + target, "Accept-Encoding: " + encoding)
    assert figures_of(plain)["answers"] == 0
    server = paper.serve({"http.threads": 1})
    with server.wire() as wire:
        for _ in range(3):
            for (target, encoding), expected in made.items():
                got = wire.ask("GET " + target, "Accept-Encoding: " + encoding)
                assert got.status == 200
                assert (got.body, fields_of(got)) == (expected.body, fields_of(expected)), target
    assert {answer.headers.get("content-encoding") for answer in made.values()} == {
        None, "gzip", "br"}
    figures = figures_of(server)
    assert figures["hits"] >= 2 * len(made)
    assert figures["stale"] == 0


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_head_and_304_have_the_same_fields_from_the_cache(paper, encoding):
    server = paper.load(EDITION).serve({"http.threads": 1})
    accept = "Accept-Encoding: " + encoding
    with server.wire() as wire:
        for target in CACHED:
            answers = {"get": [], "head": [], "304": []}
            for _ in range(3):
                get = wire.ask("GET " + target, accept)
                answers["get"].append(get)
                answers["head"].append(wire.ask("HEAD " + target, accept, head=True))
                answers["304"].append(wire.ask("GET " + target, accept,
                                               "If-None-Match: " + get.headers["etag"]))
            assert [a.status for a in answers["304"]] == [304] * 3
            for kind, three in answers.items():
                assert fields_of(three[0]) == fields_of(three[1]) == fields_of(three[2]), kind
            assert fields_of(answers["head"][2]) == fields_of(answers["get"][0])
            for name in ("etag", "cache-control", "vary"):
                assert answers["304"][2].headers[name] == answers["get"][0].headers[name]


def test_spellings_of_one_request_are_one_cached_response(paper):
    server = paper.load(EDITION).serve({"http.threads": 1})
    ways = ["/api/v1/articles?tag=Tax&limit=5", "/api/v1/articles?limit=5&tag=Tax",
            "/api/v1/articles?utm_source=x&tag=Tax&limit=5",
            "/api/v1/articles?tag=Tax&limit=5&utm_campaign=y&utm_medium=z",
            "/api/v1/articles?tag=T%61x&limit=05", "/api/v1/articles?fbclid=a%20b&limit=5&tag=Tax"]
    with server.wire() as wire:
        first, *others = [wire.ask("GET " + way) for way in ways + ways]
    for other in others:
        assert (other.body, fields_of(other)) == (first.body, fields_of(first))
    figures = figures_of(server)
    assert (figures["answers"], figures["hits"], figures["misses"]) == (1, len(others), 1)


def test_requests_that_differ_are_never_mixed_up(paper):
    """Segments and values that look alike once they are decoded."""
    server = paper.load([*EDITION, article("x", tags=["a/b", "a", "b"])]).serve()
    for _ in range(2):
        assert server.get("/api/v1/tags/a%2Fb").status_code == 200
        assert server.get("/api/v1/tags/a/b").status_code == 404
        assert server.get("/national%2F1%2Fa").status_code == 404
        assert server.get("/national/1/a").status_code == 200
        assert server.read("/api/v1/articles?tag=a%26limit=1")["items"] == []
        assert len(server.read("/api/v1/articles?tag=Tax&limit=1")["items"]) == 1


def test_reads_count_whether_they_are_hits_or_not(paper):
    server = paper.load(EDITION).serve({"popularity.count_reads": "on"})
    for _ in range(5):
        for path in (path_of("a"), path_of("a") + "?include=latest", "/api/v1/articles/1"):
            assert server.get(path, headers={"User-Agent": a_reader()}).ok
    for _ in range(5):
        server.ask("HEAD", path_of("a"), headers={"User-Agent": a_reader()})
        server.get("/national/1/a", headers={"User-Agent": a_reader()})
    eventually(lambda: server.most_read(window="1h") == [("a", 15)], SOON)
    assert figures_of(server)["hits"] > 0
    assert paper.counted("a") == 15


def test_views_are_seen_in_cached_responses(paper):
    server = paper.load(EDITION).serve()
    for times in range(1, 4):
        server.most_read()
        server.view("b")
        eventually(lambda times=times: server.most_read(window="1h") == [("b", times)], SOON)
    eventually(lambda: "most-read" in server.get("/national/1/a").text, SOON)


def test_a_theme_that_changes_is_seen_everywhere(paper, tmp_path):
    """Also at an address that an older page has, and at the one that none has."""
    theme = tmp_path / "theme"
    for folder in ("templates", "assets"):
        (theme / folder).mkdir(parents=True)
    files = {"/robots.txt": theme / "templates/robots.txt",
             "/favicon.ico": theme / "assets/favicon.ico",
             "/assets/000000000000/note.txt": theme / "assets/note.txt"}
    for file in files.values():
        file.write_text("edition 0", encoding="utf-8")
    server = paper.load(EDITION).serve(options=["--static", theme, "--develop"])
    for edition in range(3):
        for address, file in files.items():
            assert server.get(address).text == f"edition {edition}", address
            new = file.with_name(".new")
            new.write_text(f"edition {edition + 1}", encoding="utf-8")
            new.replace(file)
        for address in files:
            eventually(lambda address=address, edition=edition:
                       server.get(address).text == f"edition {edition + 1}", 5 * PATIENCE)


def test_with_a_size_of_zero_nothing_is_cached(paper):
    server = paper.load(EDITION).serve({"http.cache_kb": 0})
    for counter in range(1, 4):
        paper.load([counted_article(counter)])
        for _ in range(2):
            assert is_everywhere(server, f"Counter {counter}")
    assert "responses are not cached" not in server.logged()  # it is the setting
    figures = figures_of(server)
    assert (figures["answers"], figures["room"], figures["hits"]) == (0, 0, 0)


@pytest.mark.parametrize("room_kb", [64, 1024])
def test_the_cache_stays_within_its_size(paper, room_kb):
    """Responses in three encodings, with and without a body, many more than fit."""
    server = paper.load(EDITION).serve({"http.cache_kb": room_kb, "http.threads": 4})
    wires = [server.wire() for _ in range(24)]
    asked = 0
    for limit, tag in itertools.product(range(1, 21), range(0, 20, 5)):
        target = f"/api/v1/articles?limit={limit}&tag=tag-{tag}"
        for wire, encoding in zip(wires, itertools.cycle(ENCODINGS)):
            other = SHOWING[asked % len(SHOWING)] if asked % 3 == 0 else target
            answer = wire.ask("GET " + other, "Accept-Encoding: " + encoding)
            assert answer.status == 200
            assert wire.ask("GET " + other, "Accept-Encoding: " + encoding,
                            "If-None-Match: " + answer.headers["etag"]).status == 304
            asked += 1
    for wire in wires:
        wire.socket.close()
    figures = figures_of(server)
    assert figures["room"] == room_kb * 1024
    assert figures["bytes"] <= figures["room"]
    assert figures["answers"] < 400
    if room_kb == 1024:
        assert figures["answers"] > 50
