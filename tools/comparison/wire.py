"""Requests and responses as bytes on a socket, and the addresses in a response."""

import html
import re
import socket
from contextlib import suppress
from dataclasses import dataclass

HOST = "khobor.example"
SITE_URL = "https://" + HOST
TIMEOUT_S = 5
MARKUP = ("html", "xml")
# An address follows a quote, a parenthesis or a tag, and ends before the next one.
ADDRESS = re.compile(r"""["'>(](?:%s)?(/[^\s"'<>()\\]*)""" % re.escape(SITE_URL))


@dataclass(frozen=True)
class Response:
    status: str   # the whole line
    headers: tuple  # (name, value) in the order they came, without Date
    body: bytes

    @property
    def code(self):
        return int(self.status.split(" ")[1])

    def header(self, name):
        return next((value for own, value in self.headers if own.lower() == name.lower()), "")


def request(target, headers=(), method="GET", body=b"", host=HOST):
    """The bytes of a request. The target is sent unchanged, in UTF-8."""
    lines = [f"{method} {target} HTTP/1.1", f"Host: {host}",
             *(f"{name}: {value}" for name, value in headers)]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


class Connection:
    """A persistent connection to a server. Several requests can be sent at once; the responses come
    in the same order."""

    def __init__(self, port):
        self.port = port
        self.socket = None
        self.requests = []  # sent, without a response yet
        self.received = b""
        self.is_new = True  # the socket has had no response yet

    def close(self):
        if self.socket:
            self.socket.close()
        self.socket, self.received, self.is_new = None, b"", True

    def send(self, *requests):
        self.requests = list(requests)
        self.transmit()

    def transmit(self):
        with suppress(OSError):  # what the server sent before it closed can still be read
            if not self.socket:
                self.socket = socket.create_connection(("127.0.0.1", self.port), TIMEOUT_S)
                self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.socket.sendall(b"".join(self.requests))

    def receive(self):
        """The response to the oldest request; None if none came, or only a part of one."""
        try:
            response = self.read_response()
        except (OSError, ValueError, IndexError):
            response = None
        # A server may close a persistent connection after any response (RFC 9112 §9.3.1), so a
        # request without a response is sent again on a new one, unless it counts a view.
        if not response and not self.is_new and not self.requests[0].startswith(b"POST"):
            self.close()
            self.transmit()
            return self.receive()
        del self.requests[0]
        self.is_new = False
        if not response or response.header("Connection").lower() == "close":
            self.close()
            if self.requests:
                self.transmit()
        return response

    def read_some(self):
        got = self.socket.recv(1 << 18) if self.socket else b""
        if not got:
            raise ConnectionError("the server closed the connection")
        self.received += got

    def read_until(self, mark):
        while mark not in self.received:
            self.read_some()
        before, _, self.received = self.received.partition(mark)
        return before

    def read_response(self):
        status, *lines = self.read_until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        headers = tuple((name, value.strip()) for name, _, value in
                        (line.partition(":") for line in lines) if name.lower() != "date")
        response = Response(status, headers, b"")
        length = response.header("Content-Length")
        if response.code == 100:
            final = self.read_response()
            return Response(f"{status}, {final.status}", final.headers, final.body)
        if self.requests[0].startswith(b"HEAD ") or response.code in (204, 304):
            return response
        if response.header("Transfer-Encoding"):
            return Response(status, headers, self.read_until(b"\r\n0\r\n\r\n"))
        if not length:
            return Response(status, headers, self.read_to_end())
        while len(self.received) < int(length):
            self.read_some()
        body, self.received = self.received[:int(length)], self.received[int(length):]
        return Response(status, headers, body)

    def read_to_end(self):
        """All bytes until the server closes the connection or sends nothing for TIMEOUT_S."""
        with suppress(OSError):
            while True:
                self.read_some()
        received = self.received
        self.close()
        return received


def exchange(port, data):
    """Sends bytes on a new connection; returns all bytes that come back, without Date fields."""
    connection = Connection(port)
    connection.send(data)
    if connection.socket:
        with suppress(OSError):
            connection.socket.shutdown(socket.SHUT_WR)
    return re.sub(rb"(?mi)^Date:[^\n]*\n", b"", connection.read_to_end())


def is_text(response):
    media = response.header("Content-Type")
    return not response.header("Content-Encoding") and not media.startswith(("image/png",
                                                                             "image/x-icon"))


def addresses_in(response):
    """The addresses on the same site in a response's headers and body."""
    named = [response.header("Location")]
    named += re.findall(r"<([^>]*)>", response.header("Link"))
    if is_text(response):
        text = response.body.decode(errors="replace")
        if any(word in response.header("Content-Type") for word in MARKUP):
            text = html.unescape(text)
        named += ADDRESS.findall(text)
    for address in named:
        address = address.removeprefix(SITE_URL).partition("#")[0]
        if address.startswith("/") and "\ufffd" not in address and len(address) < 4096:
            yield address
