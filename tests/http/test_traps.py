"""Requests that parsers read in different ways, one test a trap, over plain sockets.

A request that a proxy could read as two, or as another one, is refused and its connection closed:
the bytes after it must never get a response.
Where libmicrohttpd 0.9 and 1.0 differ, the test says what Khobor does with each.
"""

import re
import select
import socket
import time

import pytest
from khobor import LIBRARY_IS_1_0, PATIENCE, SOON, article, eventually, section
from wire import Wire

SMUGGLED = b"GET /api/v1/site HTTP/1.1\r\nHost: x\r\n\r\n"
VIEWS = "POST /api/v1/articles/1/views"


@pytest.fixture(scope="module")
def server(new_paper):
    return new_paper().load([section(), article("one")]).serve(
        {"http.request_timeout_s": 2, "http.idle_timeout_s": 3600, "http.body_bytes": 1000})


def assert_refused(server, head, behind=b""):
    """400 at once, the connection ended, and nothing of what stood behind answered."""
    with server.wire() as wire:
        began = time.monotonic()
        answered = wire.send(head + behind).rest(1.0 * PATIENCE)
        assert time.monotonic() - began < 1.5 * PATIENCE
    assert answered.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert b"\r\nConnection: close\r\n" in answered
    assert not re.search(rb"HTTP/1.1 20\d|timezone", answered)


def lines(first, *headers):
    return "\r\n".join([first + " HTTP/1.1", "Host: x", *headers, "", ""]).encode()


REFUSED = {
    "both length and coding": (["Content-Length: 4", "Transfer-Encoding: chunked"], b"0\r\n\r\n"),
    "both coding and length": (["Transfer-Encoding: chunked", "Content-Length: 0"], b"0\r\n\r\n"),
    "two lengths that differ": (["Content-Length: 0", f"Content-Length: {len(SMUGGLED)}"], b""),
    "two lengths that agree": (["Content-Length: 0", "Content-Length: 0"], b""),
    "a list of lengths": (["Content-Length: 0, 0"], b""),
    "a space before the colon of a length": ([f"Content-Length : {len(SMUGGLED)}"], b""),
    "a tab before the colon of a coding": (["Transfer-Encoding\t: chunked"], b"0\r\n\r\n"),
    "a space before another colon": (["X-Any : y"], b""),
    "xchunked": (["Transfer-Encoding: xchunked"], b""),
    "chunked and more": (["Transfer-Encoding: chunked, identity"], b"0\r\n\r\n"),
    "gzip and chunked": (["Transfer-Encoding: gzip, chunked"], b"0\r\n\r\n"),
    "identity": (["Transfer-Encoding: identity"], b""),
    "an empty coding": (["Transfer-Encoding:"], b""),
    "two codings": (["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"], b"0\r\n\r\n"),
    "chunked behind another": (["Transfer-Encoding: x", "Transfer-Encoding: chunked"],
                               b"0\r\n\r\n"),
    "a quoted coding": (['Transfer-Encoding: "chunked"'], b"0\r\n\r\n"),
    "a coding behind a vertical tab": (["Transfer-Encoding: \x0bchunked"], b"0\r\n\r\n"),
    "a length below 0": (["Content-Length: -1"], b""),
    "a length with a plus": (["Content-Length: +5"], b"hello"),
    "a length in hex": (["Content-Length: 0x5"], b"hello"),
    "a length with a word": (["Content-Length: 5 bytes"], b"hello"),
    "a length with a fraction": (["Content-Length: 5.0"], b"hello"),
    "an empty length": (["Content-Length:"], b""),
    "a folded header": (["X-Any: a", " b: c"], b""),
    "a folded coding": (["Transfer-Encoding:", " chunked"], b"0\r\n\r\n"),
    "a folded coding by a tab": (["Transfer-Encoding: ", "\tchunked"], b"0\r\n\r\n"),
    "a folded length": (["Content-Length:", " 5"], b"hello"),
    "a folded length by a tab": (["Content-Length: ", "\t5", "X: y"], b"hello"),
    "a length that is folded into two": (["Content-Length: 0", " 5"], b"hello"),
    "a folded second host": (["Host:", " y"], b""),
    "a header without a colon": (["Content-Length 5"], b"hello"),
    "a control in a name": (["X\x01Any: a"], b""),
    "a bracket in a name": (["X(Any): a"], b""),
}


@pytest.mark.parametrize("headers, body", REFUSED.values(), ids=REFUSED)
def test_a_request_of_two_meanings_is_refused(server, headers, body):
    assert_refused(server, lines(VIEWS, *headers), body + SMUGGLED)


def test_two_hosts_are_refused(server):
    assert_refused(server, lines("GET /healthz", "Host: y"), SMUGGLED)
    assert_refused(server, lines("GET /healthz", "Host: x"), SMUGGLED)


@pytest.mark.parametrize("host", [
    b"x, y", b"x,y", b"x y", b"x\ty", b"###", b"a@b/c?d", b"a/b", b"a?b", b"a@b", b"a\\b", b"http://x",
    b"[::1", b"[]", b"[x]", b"[::1]x", b"[::1]8", b"::1]", b"::1", b"a[b]", b"x:99999999", b"x:65536",
    b"x:-1", b"x:8o", b"x:80:80", b":80", b"x:80x", b'"x"', b"<x>", "খবর".encode()])
def test_what_is_no_host_is_refused(server, host):
    assert_refused(server, b"GET /healthz HTTP/1.1\r\nHost: " + host + b"\r\n\r\n", SMUGGLED)


@pytest.mark.parametrize("host", [
    b"", b"x", b"x:", b"x:0", b"x:80", b"x:65535", b"EXAMPLE.org.", b"a_b-c.~d", b"%E0%A6%95.example",
    b"127.0.0.1:8080", b"[::1]", b"[::1]:8080", b"[::ffff:127.0.0.1]:1", b"[2001:DB8::1]"])
def test_every_kind_of_host_is_taken(server, host):
    with server.wire() as wire:
        wire.send(b"GET /healthz HTTP/1.1\r\nHost: " + host + b"\r\n\r\n" * 2)
        assert wire.answer().status == 200


@pytest.mark.parametrize("value", [b"a\x07b", b"a\rb", b"\x01", b"a\x1fb", b"a\x7fb", b"\x08" * 9, b"a\x0bb",
                                   b"1234567\x1b", b"12345678\x0c9", "খবর\x02".encode()])
def test_a_control_character_in_the_value_of_a_header_is_refused(server, value):
    for name in (b"X-Any", b"Accept", b"User-Agent"):
        assert_refused(server, b"GET /healthz HTTP/1.1\r\nHost: x\r\n" + name + b": " + value +
                       b"\r\n\r\n", SMUGGLED)


@pytest.mark.parametrize("value", [b"a\tb", b"12345678\t", "খবর, ঢাকা".encode(), b"\xff\x80", b"a" * 99])
def test_other_bytes_in_the_value_of_a_header_are_taken(server, value):
    with server.wire() as wire:
        wire.send(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Any: " + value + b"\r\n\r\n")
        assert wire.answer().status == 200


@pytest.mark.parametrize("target", [b"http://x", b"http://x:80", b"HTTPS://x?a=b"])
def test_an_absolute_form_without_a_path_is_the_front(server, target):
    with server.wire() as wire:
        wire.send(b"GET " + target + b" HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\n\r\n")
        assert wire.answer().status == 200


def test_a_request_without_a_host_is_refused(server):
    assert_refused(server, b"GET /healthz HTTP/1.1\r\n\r\n", SMUGGLED)


@pytest.mark.parametrize("target", ["/healthz%00/../x", "/healthz%00", "/healthz?a=%00", "/%00",
                                    "/api/v1/articles/1%00", "/api/v1/articles?tag=x%00y"])
def test_an_escaped_nul_does_not_cut_the_address(server, target):
    with server.wire() as wire:
        answer = wire.ask("GET " + target)
        assert (answer.status, b"a control character in it" in answer.body) == (400, True)


@pytest.mark.parametrize("target, status", [(b"/healthz\x00/../x", 200), (b"/nothing\x00", 404),
                                            (b"/\x00/healthz", 200)])
def test_a_raw_nul_ends_the_address_or_the_connection(server, target, status):
    """Documented: libmicrohttpd 0.9 cuts the address at the NUL, and 1.0 ends the connection.

    In neither case is what follows the NUL read as another request.
    """
    with server.wire() as wire:
        if LIBRARY_IS_1_0:
            assert wire.is_refused_silently(target)
            return
        wire.send(b"GET " + target + b" HTTP/1.1\r\nHost: x\r\n\r\n" + lines("GET /readyz"))
        assert wire.answer().status == status
        assert wire.answer().body == b'{"status":"ready"}'


@pytest.mark.parametrize("target", [b"/healthz\x0b", b"/\x0c/healthz", b"/healthz?a=\x0b",
                                    b"/api/v1/articles?tag=\x0cx"])
def test_a_raw_vertical_tab_or_form_feed_is_refused(server, target):
    """Documented: Khobor answers 400 on libmicrohttpd 0.9, and 1.0 ends the connection."""
    with server.wire() as wire:
        if LIBRARY_IS_1_0:
            assert wire.is_refused_silently(target)
            return
        answer = wire.send(b"GET " + target + b" HTTP/1.1\r\nHost: x\r\n\r\n").answer()
        assert (answer.status, b"a control character in it" in answer.body) == (400, True)


def test_a_header_value_with_a_nul_does_not_hide_what_follows(server):
    """Documented: libmicrohttpd 0.9 does not show Khobor that header but those after it, and 1.0
    answers 400."""
    assert_refused(server, b"GET /healthz HTTP/1.1\r\nX: a\x00b\r\nHost: x\r\nHost: y\r\n\r\n",
                   SMUGGLED)
    with server.wire() as wire:
        wire.send(b"GET /healthz HTTP/1.1\r\nX: a\x00b\r\nHost: x\r\n\r\n")
        assert wire.answer().status == (400 if LIBRARY_IS_1_0 else 200)


def test_a_bare_line_feed_ends_a_line_or_is_refused(server):
    """Documented: libmicrohttpd 0.9 takes it for a line's end, and 1.0 answers 400."""
    found, missing = b"GET /healthz HTTP/1.1\nHost: x\n\n", b"GET /nothing HTTP/1.1\nHost: x\r\n\n"
    if LIBRARY_IS_1_0:
        assert_refused(server, found, SMUGGLED)
        assert_refused(server, missing, SMUGGLED)
        return
    with server.wire() as wire:
        assert wire.send(found).answer().status == 200
        assert wire.send(missing).answer().status == 404


def test_a_bare_line_feed_hides_no_second_host(server):
    assert_refused(server, b"GET /healthz HTTP/1.1\r\nX: a\nHost: x\r\nHost: y\r\n\r\n", SMUGGLED)


@pytest.mark.parametrize("first", [b"GET /healthz", b"GET", b"/healthz", b"GET /healthz HTTP/1.1 ",
                                   b"GET /health z HTTP/1.1", b"GET /healthz HTTP/1.1x",
                                   b"\x16\x03\x01",
                                   b"GET /healthz HTTX/1.1", b"GET /healthz http/1.1", b" "])
def test_a_broken_request_line_is_not_answered_200(server, first):
    with server.wire() as wire:
        answer = wire.send(first + b"\r\nHost: x\r\n\r\n" + SMUGGLED).answer()
        assert answer is None or answer.status >= 400
        assert wire.is_ended(1.0 * PATIENCE)


@pytest.mark.parametrize("version, status", [("0.9", 505), ("1.0", 200), ("1.1", 200), ("1.9", 200),
                                             ("2.0", 505), ("3.0", 505)])
def test_versions_of_http(server, version, status):
    with server.wire() as wire:
        wire.send(f"GET /healthz HTTP/{version}\r\nHost: x\r\n\r\n".encode())
        assert wire.answer().status == status


def test_http_1_0_ends_the_connection_unless_it_is_to_be_kept(server):
    with server.wire() as wire:
        answer = wire.send(b"GET /healthz HTTP/1.0\r\n\r\n").answer()
        assert (answer.status, answer.body) == (200, b'{"status":"ok"}')
        assert wire.is_ended(1.0 * PATIENCE)
    with server.wire() as wire:
        for _ in range(2):
            wire.send(b"GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            assert wire.answer().headers["connection"].lower() == "keep-alive"


def test_a_connection_is_closed_when_the_client_asks(server):
    with server.wire() as wire:
        assert wire.ask("GET /healthz",
                        "Connection: close").headers["connection"].lower() == "close"
        assert wire.is_ended(1.0 * PATIENCE)


def test_pipelined_requests_are_answered_in_order(server):
    with server.wire() as wire:
        wire.send(lines("GET /healthz") + lines(VIEWS, "Content-Length: 5") + b"hello" +
                  lines("GET /nothing") + lines("HEAD /healthz") + lines("GET /readyz"))
        got = [wire.answer(head=i == 3) for i in range(5)]
        assert [answer.status for answer in got] == [200, 204, 404, 200, 200]
        assert (got[0].body, got[4].body) == (b'{"status":"ok"}', b'{"status":"ready"}')


def test_a_thousand_pipelined_requests_are_answered(server):
    with server.wire() as wire:
        wire.send(lines("GET /healthz") * 1000)
        assert {wire.answer().status for _ in range(1000)} == {200}


@pytest.mark.parametrize("target, status", [
    ("http://evil.example/healthz", 200), ("https://evil.example/healthz", 200),
    ("http://evil.example/nothing", 404), ("http://evil.example", 200),
    ("ftp://evil.example/healthz", 400),
    ("healthz", 400), ("*", 400), ("http:/healthz", 400), ("?/healthz", 400), ("#/healthz", 400)])
def test_a_target_in_absolute_form_is_its_path(server, target, status):
    with server.wire() as wire:
        assert wire.ask("GET " + target).status == status


def test_a_query_behind_an_authority_is_no_path(server):
    with server.wire() as wire:
        answer = wire.ask("GET http://evil.example?x=/healthz")
        assert answer.status == 200 and b"<html" in answer.body  # the front's


def test_options_of_the_server_itself(server):
    with server.wire() as wire:
        answer = wire.ask("OPTIONS *")
        assert (answer.status, answer.headers["allow"]) == (204, "GET, HEAD, POST, OPTIONS")
        assert wire.ask("GET /healthz").status == 200


def test_connect_is_refused(server):
    with server.wire() as wire:
        assert wire.ask("CONNECT example.org:443").status in (400, 405)


def test_expect_100_continue_is_answered_before_the_body(server):
    with server.wire() as wire:
        wire.send(lines(VIEWS, "Content-Length: 5", "Expect: 100-continue"))
        assert wire.answer().status == 100
        assert wire.send(b"hello").answer().status == 204


def test_expect_100_continue_of_a_body_too_long_is_refused_at_once(server):
    with server.wire() as wire:
        wire.send(lines(VIEWS, "Content-Length: 1001", "Expect: 100-continue"))
        assert wire.answer().status == 413
        assert wire.is_ended(1.0 * PATIENCE)


def test_a_chunked_body_may_have_trailers(server):
    with server.wire() as wire:
        wire.send(lines(VIEWS, "Transfer-Encoding: CHUNKED") +
                  b"5\r\nhello\r\n0\r\nX-Trailer: y\r\n\r\n" + lines("GET /healthz"))
        assert [wire.answer().status, wire.answer().body] == [204, b'{"status":"ok"}']


@pytest.mark.parametrize("chunks", [b'5;a="b"\r\nhello\r\n0\r\n', b"5;a\r\nhello\r\n0\r\n",
                                    b"5\r\nhello\r\n0;a=b\r\n"])
def test_a_chunk_extension_is_ignored_or_refused(server, chunks):
    """Documented: libmicrohttpd 0.9 passes over it, and 1.0 answers 400."""
    head = lines(VIEWS, "Transfer-Encoding: chunked")
    if LIBRARY_IS_1_0:
        assert_refused(server, head + chunks + b"\r\n", SMUGGLED)
        return
    with server.wire() as wire:
        wire.send(head + chunks + b"X-Trailer: y\r\n\r\n" + lines("GET /healthz"))
        assert [wire.answer().status, wire.answer().body] == [204, b'{"status":"ok"}']


@pytest.mark.parametrize("chunks", [b"x\r\n", b"-1\r\n", b"5\r\nhelloX\r\n", b"0x5\r\nhello\r\n",
                                    b"ffffffffffffffffff\r\n", b" 5\r\nhello\r\n0\r\n\r\n",
                                    b"\r\n"])
def test_a_broken_chunk_ends_the_connection(server, chunks):
    with server.wire() as wire:
        wire.send(lines(VIEWS, "Transfer-Encoding: chunked") + chunks + SMUGGLED)
        answer = wire.answer()
        assert answer is None or answer.status in (400, 413)
        assert wire.is_ended(1.0 * PATIENCE)


def test_a_body_of_get_is_read_and_ignored(server):
    with server.wire() as wire:
        wire.send(lines("GET /healthz", "Content-Length: 41") + SMUGGLED + b"..." +
                  lines("GET /nothing"))
        assert [wire.answer().status, wire.answer().status] == [200, 404]


def test_who_sends_a_byte_now_and_then_is_disconnected(server):
    """However busily: the whole request has to be there in http.request_timeout_s."""
    with server.wire() as wire:
        began, held = time.monotonic(), b""
        wire.socket.settimeout(0.1)
        for byte in lines("GET /healthz", "X-Slow: " + "x" * 500):
            wire.send(bytes([byte]))
            try:
                held += wire.socket.recv(100)
                break
            except TimeoutError:
                assert time.monotonic() - began < 2 + 2 * PATIENCE, "it was borne for too long"
            except ConnectionResetError:
                break
        assert b" 200 " not in held
        assert 1.9 < time.monotonic() - began


def test_who_sends_a_body_byte_now_and_then_is_disconnected(server):
    with server.wire() as wire:
        wire.send(lines(VIEWS, "Content-Length: 900"))
        began = time.monotonic()
        wire.socket.settimeout(0.1)
        while time.monotonic() - began < 2 + 2 * PATIENCE:
            try:
                wire.socket.sendall(b"x")
                if not wire.socket.recv(100):
                    break
            except TimeoutError:
                continue
            except OSError:
                break
        assert 1.9 < time.monotonic() - began < 2 + 2 * PATIENCE
    assert server.most_read() == [] or eventually(lambda: server.most_read(), SOON)


def test_a_connection_that_asks_again_and_again_is_kept(server):
    """The deadline is a request's, not a connection's."""
    with server.wire() as wire:
        began = time.monotonic()
        while time.monotonic() - began < 3:
            assert wire.ask("GET /healthz").status == 200
            wire.socket.settimeout(0.2)
            try:
                assert wire.socket.recv(1)
            except TimeoutError:
                pass


@pytest.mark.parametrize("half", [b"", b"GET", b"GET /healthz HTTP/1.1\r\nHost: x\r\n",
                                  lines(VIEWS, "Content-Length: 10") + b"half"],
                         ids=["nothing", "a word", "headers", "a body"])
def test_a_connection_on_which_nothing_moves_is_closed(idle, half):
    with Wire(idle.port) as wire:
        began = time.monotonic()
        wire.send(half)
        answer = wire.answer()
        assert answer is None or answer.status == 408
        assert 0.9 < time.monotonic() - began < 2 + 2 * PATIENCE


def test_a_connection_that_was_answered_is_closed_when_nothing_follows(idle):
    with Wire(idle.port) as wire:
        assert wire.ask("GET /healthz").status == 200
        began = time.monotonic()
        assert wire.is_ended(2 + 2 * PATIENCE)
        assert 0.9 < time.monotonic() - began


@pytest.fixture(scope="module")
def idle(new_paper):
    return new_paper().load([section(), article("one")]).serve({"http.idle_timeout_s": 1})


def wait_for(sockets, event):
    """Until each of them is ready: soon, without anybody else coming who wakes the server."""
    waiting = {one.fileno() for one in sockets}
    poll = select.poll()
    for number in waiting:
        poll.register(number, event)
    deadline = time.monotonic() + 2 * PATIENCE
    while waiting and time.monotonic() < deadline:
        for number, _ in poll.poll(100):
            waiting.discard(number)
            poll.unregister(number)
    assert not waiting


def test_a_crowd_that_comes_at_once_is_answered_at_once(server):
    """Given exactly 128 events at once, the library waits for more before it looks at them."""
    for _ in range(60):
        crowd = [socket.socket() for _ in range(256)]
        try:
            for visitor in crowd:
                visitor.setblocking(False)
                visitor.connect_ex(("127.0.0.1", server.port))
            wait_for(crowd, select.POLLOUT)
            for visitor in crowd:
                visitor.send(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            wait_for(crowd, select.POLLIN)
        finally:
            for visitor in crowd:
                visitor.close()
