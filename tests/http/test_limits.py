"""Where requests are bounded: address, headers, body, parameters, connections."""

import resource
import socket
import time
from urllib.parse import unquote

import pytest
from khobor import PATIENCE, SOON, article, eventually, section
from wire import Wire
from shapes import check_problem

VIEWS = "/api/v1/articles/1/views"


@pytest.fixture(scope="module")
def small(new_paper):
    return new_paper().load([section(), article("one", tags=["নদী"])]).serve(
        {"http.body_bytes": 1000, "http.header_bytes": 4096})


@pytest.fixture(scope="module")
def usual(new_paper):
    return new_paper().load([section(),
                             *(article(f"a{i}", tags=["নদী"]) for i in range(3))]).serve()


@pytest.mark.parametrize("size, status",
                         [(0, 204), (1, 204), (1000, 204), (1001, 413), (50000, 413)])
def test_a_body_is_taken_up_to_its_limit(small, size, status):
    with small.wire() as wire:
        answer = wire.ask("POST " + VIEWS, f"Content-Length: {size}", body=b"x" * min(size, 1001))
        assert answer.status == status
        if status == 413:
            assert answer.headers["connection"].lower() == "close"
            assert b'"title":"Content Too Large","status":413,"detail":"' in answer.body


@pytest.mark.parametrize("sizes, status", [
    ([1000], 204), ([1] * 1000, 204), ([1001], 413), ([1] * 1001, 413), ([500, 600], 413),
    ([4096] * 50, 413)], ids=["all", "bytes", "one more", "bytes, one more", "two", "many"])
def test_a_chunked_body_is_taken_up_to_its_limit(small, sizes, status):
    body = b"".join(b"%x\r\n%s\r\n" % (size, b"x" * size) for size in sizes) + b"0\r\n\r\n"
    with small.wire() as wire:
        answer = wire.ask("POST " + VIEWS, "Transfer-Encoding: chunked", body=body)
        assert answer.status == status
        if status == 413:
            assert wire.is_ended(1.0 * PATIENCE)
        else:
            assert wire.ask("GET /healthz").status == 200


def test_an_endless_chunked_body_is_hung_up_on(small):
    with small.wire() as wire:
        wire.send(f"POST {VIEWS} HTTP/1.1\r\nHost: x\r\n"
                  "Transfer-Encoding: chunked\r\n\r\n".encode())
        chunk, sent = b"10000\r\n" + b"x" * 65536 + b"\r\n", 0
        try:
            while sent < 64:
                wire.socket.sendall(chunk)
                sent += 1
        except OSError:
            pass
        assert sent < 64
    assert small.get("/healthz").status_code == 200


@pytest.mark.parametrize("length",
                         [10 ** 9, 2 ** 31, 2 ** 32 + 1, 2 ** 63 - 1, 2 ** 63, 2 ** 64 - 1, 2 ** 64,
                                    10 ** 30])
def test_an_announced_length_over_the_limit_is_refused_at_once(small, length):
    with small.wire() as wire:
        answered = wire.ask("POST " + VIEWS, f"Content-Length: {length}")
        assert answered.status == 413


def test_a_refused_body_counts_no_view(paper):
    server = paper.load([section(), article("one"), article("two")]).serve({"http.body_bytes": 0})
    check_problem(server.ask("POST", "/api/v1/articles/one/views", data=b"x"), 413)
    server.view("two")
    eventually(lambda: server.most_read() == [("two", 1)], SOON)


@pytest.mark.parametrize("size", [5000, 100_000, 1_000_000])
def test_headers_that_are_too_long_are_431(small, size):
    with small.wire() as wire:
        assert wire.ask("GET /healthz", "X-Long: " + "x" * size).status == 431
    with small.wire() as wire:
        assert wire.ask("GET /healthz", *["X: y"] * (size // 4)).status == 431


@pytest.mark.parametrize("target", ["/" + "x" * 100_000, "/healthz?" + "x" * 100_000,
                                    "/api/v1/articles/" + "%E0%A6%95" * 12_000],
                         ids=["a path", "a query", "percent codes"])
def test_an_address_of_100_kb_is_414(usual, small, target):
    for server in (usual, small):
        with server.wire() as wire:
            assert wire.ask("GET " + target).status == 414


def test_very_many_headers_are_refused_at_once(usual):
    for header in ("X: y", "Cookie: a=b"):
        for number in (300, 1000, 5000):
            with usual.wire(within=2 * PATIENCE) as wire:
                answer = wire.ask("GET /healthz", *[header] * number)
                assert answer is None or answer.status in (200, 431)


def test_requests_that_the_library_refuses_leave_nothing_behind(paper):
    """Neither memory, as a sanitizer tells, nor the belief that they are still under way."""
    server = paper.serve({"http.header_bytes": 16384})
    pad = [b"x" * size for size in range(16000, 16600, 20)]
    for head in (b"GET /healthz?%s HTTP/1.1\r\nHost: x\r\n\r\n",
                 b"GET /%s HTTP/1.1\r\nHost: x\r\n\r\n",
                 b"GET /healthz HTTP/1.1\r\nHost: x\r\nX: %s\r\n\r\n",
                 b"GET /healthz HTTP/1.1\r\nHost: x\r\nCookie: a=%s\r\n\r\n"):
        for filling in pad + [b"a=b; " * 400, b"a=b&" * 400, b"a=b&" * 20000]:
            with server.wire() as wire:
                wire.send(head % filling)
    assert server.get("/healthz").status_code == 200
    began = time.monotonic()
    server.stop()
    assert time.monotonic() - began < 1.0 * PATIENCE


def test_an_address_within_the_limit_is_read(usual):
    assert usual.get("/api/v1/site?x=" + "y" * 8000).status_code == 200
    assert usual.get("/api/v1/articles/" + "y" * 8000).status_code == 404
    assert usual.slugs("/api/v1/articles?tag=" + "y" * 2048) == []


def test_the_limit_of_headers_is_a_setting(paper):
    server = paper.load([section(), article("one")]).serve({"http.header_bytes": 200_000})
    with server.wire() as wire:
        assert wire.ask("GET /healthz?" + "x" * 80_000, "X-Long: " + "x" * 80_000).status == 200


@pytest.mark.parametrize("number, status", [(0, 200), (32, 200), (33, 400), (200, 400)])
def test_an_address_has_at_most_32_parameters(usual, number, status):
    answer = usual.get("/api/v1/site?" + "&".join(f"p{i}=1" for i in range(number)))
    assert answer.status_code == status
    if status == 400:
        assert check_problem(answer, 400, "query") == "query has more than 32 parameters"


@pytest.mark.parametrize("number", [200, 250, 500, 1000, 2000, 5000])
def test_an_address_of_very_many_parameters_is_refused_at_once(usual, number):
    """Documented: what leaves no room for an answer ends the connection."""
    with usual.wire(within=2 * PATIENCE) as wire:
        answer = wire.ask("GET /api/v1/site?" + "&".join(f"p{i}" for i in range(number)))
        assert answer is None or answer.status in (400, 414, 431)
        assert answer is not None or number > 200


@pytest.mark.parametrize("head", [b"GET /healthz?%s HTTP/1.1\r\nHost: x\r\n\r\n",
                                  b"GET /%s HTTP/1.1\r\nHost: x\r\n\r\n",
                                  b"GET /healthz HTTP/1.1\r\nHost: x\r\nX: %s\r\n\r\n",
                                  b"GET /healthz HTTP/1.1\r\nHost: x\r\nCookie: a=%s\r\n\r\n"],
                         ids=["query", "path", "header", "cookie"])
@pytest.mark.parametrize("filling", [b"x", b"p=1&"], ids=["one", "parameters"])
def test_a_request_of_any_length_is_answered_or_ended_at_once(small, head, filling):
    """Just below the limit there may be no room for an answer's headers."""
    for size in [*range(0, 3500, 100), *range(3500, 4300, 10)]:
        with small.wire(within=1 * PATIENCE) as wire:
            wire.send(head % (filling * (size // len(filling))))
            answer = wire.answer()
            assert answer is None or answer.status in (200, 400, 404, 414, 431)
            assert answer is not None or size > 100


ZWNJ = "\u200c"


@pytest.mark.parametrize("query", [
    "fields=" + ",".join(["id"] * 2500), "fields=" + ",".join(["id"] * 5000),
    "tag=নদী" + ZWNJ * 800, "tag=নদী" + ZWNJ * 1800, "tag=নদী" + ZWNJ * 4000,
    "tag=নদী" + ZWNJ * 600, "tag=নদী" + "%E2%80%8C" * 500, "tag=নদী" + "%E2%80%8C" * 900,
    "tag=নদী" + "%E2%80%8C" * 1600, "fields=" + ",".join(["id"] * 600)],
    ids=lambda query: f"{query.split('=')[0]} of {len(query.encode())} bytes")
def test_a_list_whose_next_is_long_is_answered(usual, query):
    """Documented: a parameter of over 2,048 bytes is refused, a Link of over 4 KiB left out."""
    with usual.wire() as wire:
        wire.send(f"GET /api/v1/articles?limit=1&{query} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        answer = wire.answer()
        assert answer is not None, "the connection was ended without an answer"
        assert answer.status == (200 if len(unquote(query.split("=")[1]).encode()) <= 2048 else 400)


def test_a_next_that_is_too_long_for_a_header_stands_in_the_list_only(usual):
    for number, in_header in ((100, True), (600, False)):
        answer = usual.get("/api/v1/articles?limit=1&tag=নদী" + ZWNJ * number)
        following = answer.json()["next"]
        assert (answer.headers.get("Link") == f'<{following}>; rel="next"') == in_header
        assert ("Link" in answer.headers) == in_header
        assert len(usual.slugs(following)) == 1


@pytest.mark.parametrize("name",
                         ["section", "tag", "author", "from", "to", "limit", "cursor", "fields"])
def test_a_parameter_has_at_most_2048_bytes(usual, name):
    answer = usual.get(f"/api/v1/articles?{name}=" + "x" * 2049)
    assert check_problem(answer, 400, name) == f"{name} is 2049 bytes long; at most 2048 are allowed"
    assert "bytes long" not in usual.get(f"/api/v1/articles?{name}=" + "x" * 2048).text
    assert usual.get("/api/v1/site?" + name + "=" + "x" * 2049).status_code == 200


def test_connections_from_this_machine_are_not_limited_by_address(paper):
    server = paper.serve({"http.connections_per_address": 1})
    wires = [server.wire() for _ in range(20)]
    try:
        assert [wire.ask("GET /healthz").status for wire in wires] == [200] * 20
    finally:
        for wire in wires:
            wire.socket.close()


@pytest.fixture
def many_files():
    """As many open files as a thousand connections need."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard if hard < 4000 else max(soft, 4000), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_thousand_idle_connections_do_not_stop_others(paper, many_files):
    server = paper.load([section(), article("one")]).serve({"http.connections": 3000})
    idle = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(1000)]
    try:
        for number, one in enumerate(idle):
            one.sendall([b"", b"GET /hea", b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
                         f"POST {VIEWS} HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nx".encode()
                         ][number % 4])
        began = time.monotonic()
        for _ in range(20):
            with server.wire() as wire:
                assert wire.ask("GET /api/v1/articles/one").status == 200
        assert time.monotonic() - began < 1.0 * PATIENCE
    finally:
        for one in idle:
            one.close()
    server.stop()


def test_connections_over_the_most_wait_or_are_ended_and_come_in_later(paper):
    server = paper.serve({"http.connections": 4, "http.threads": 2})
    wires = [server.wire() for _ in range(4)]
    answered = [wire.ask("GET /healthz").status for wire in wires[:2]]
    assert answered == [200, 200]
    more = [server.wire() for _ in range(10)]
    for wire in wires + more:
        wire.socket.close()

    def comes_in():
        with server.wire() as wire:
            answer = wire.send(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").answer()
            return answer is not None and answer.status == 200
    assert eventually(comes_in, 5 * PATIENCE)


def test_a_client_that_does_not_read_holds_up_nobody(paper):
    body = "x" * 3_000_000
    server = paper.load([section(), article("one", body=body)]).serve({"http.threads": 1})
    with server.wire() as wire:
        wire.send(b"GET /api/v1/articles/1 HTTP/1.1\r\nHost: x\r\n\r\n" * 5)
        for _ in range(20):
            assert server.get("/healthz").status_code == 200
        assert body.encode() in wire.answer().body


def test_a_client_that_hangs_up_in_the_middle_harms_nobody(paper):
    server = paper.load([section(), article("one", body="x" * 1_000_000)]).serve()
    for cut in (1, 10, 50):
        for _ in range(10):
            with Wire(server.port) as wire:
                wire.send(b"GET /api/v1/articles/1 HTTP/1.1\r\nHost: x\r\n\r\n"[:cut * 10])
                wire.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
    assert server.get("/healthz").status_code == 200
