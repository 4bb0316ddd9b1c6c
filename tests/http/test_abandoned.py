"""Clients that leave in the middle of a request, or end their side of a connection: they give their
places back long before a timeout, and one that still waits for a response gets it."""

import os
import resource
import socket
import struct

import pytest
from khobor import PATIENCE, article, eventually, section
from wire import Wire

# Nothing but the notice of an end closes a connection in time.
PATIENT = {"http.idle_timeout_s": 3600, "http.request_timeout_s": 3600}
RESET = struct.pack("ii", 1, 0)  # SO_LINGER: closing sends a reset
WITHIN = 20.0 * PATIENCE


def descriptors(server):
    return len(os.listdir(f"/proc/{server.process.pid}/fd"))


@pytest.fixture(scope="module")
def server(new_paper):
    return new_paper().load([section(), article("one", body="খবর " * 100_000)]).serve(PATIENT)


@pytest.mark.parametrize("sent", [
    b"", b"GET /healthz HT", b"GET /healthz HTTP/1.1\r\nHost: x\r\n",
    b"POST /api/v1/articles/1/views HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nxx",
    b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /heal"])
@pytest.mark.parametrize("how", ["closed", "reset", "half-closed"])
def test_whoever_left_gives_its_place_back(server, sent, how):
    before = descriptors(server)
    wires = [Wire(server.port, within=WITHIN) for _ in range(30)]
    for wire in wires:
        wire.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                               RESET if how == "reset" else struct.pack("ii", 0, 0))
        wire.send(sent)
        if how == "half-closed":
            wire.socket.shutdown(socket.SHUT_WR)
        else:
            wire.socket.close()
    eventually(lambda: descriptors(server) <= before, within=WITHIN)
    for wire in wires:
        if how == "half-closed":
            assert (b" 200 " in wire.rest()) == (b"\r\n\r\n" in sent and sent[:3] == b"GET")
        wire.socket.close()


def test_clients_that_left_by_the_hundred_do_not_keep_others_out(paper):
    server = paper.load([section()]).serve(PATIENT, preexec_fn=lambda: resource.setrlimit(
        resource.RLIMIT_NOFILE, (64, 64)))
    wires = [Wire(server.port).send(b"GET /healthz HT") for _ in range(204)]
    for wire in wires:
        wire.socket.close()
    with Wire(server.port, within=2 * WITHIN) as wire:
        assert wire.ask("GET /healthz").status == 200


def test_a_client_that_ended_its_side_still_gets_long_responses(server):
    """Together they are more than the kernel's buffers take, so that the server has to wait."""
    with Wire(server.port, within=WITHIN) as slow:
        slow.send(b"GET /api/v1/articles/1 HTTP/1.1\r\nHost: x\r\n\r\n" * 20)
        slow.socket.shutdown(socket.SHUT_WR)
        for _ in range(3):  # the library notices some of these itself, and a sweep the others
            others = [Wire(server.port, within=WITHIN) for _ in range(20)]
            for other in others:
                other.socket.send(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", socket.MSG_MORE)
                other.socket.shutdown(socket.SHUT_WR)
            for other in others:
                assert b" 200 " in other.rest()
                other.socket.close()
        for _ in range(20):
            answer = slow.answer()
            assert answer.status == 200 and answer.body.decode().count("খবর") >= 100_000
        assert slow.is_ended()
