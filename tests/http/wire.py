"""A connection over which a test sends any bytes, and what comes back."""

import socket
from dataclasses import dataclass


@dataclass
class Answer:
    """An answer as it came over a socket; names of headers in lower case."""

    status: int
    headers: dict
    body: bytes


class Wire:
    """A connection to which any bytes can be sent; what is waited for must come `within` s."""

    def __init__(self, port, within=10.0):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.within = within
        self.held = b""

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.socket.close()

    def send(self, data):
        """Sends bytes; a server that hung up already is no fault."""
        try:
            self.socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass
        return self

    def receive(self, within=None):
        """More bytes; False when the connection was ended."""
        self.socket.settimeout(within or self.within)
        try:
            got = self.socket.recv(65536)
        except ConnectionResetError:
            got = b""
        self.held += got
        return bool(got)

    def take(self, size):
        while len(self.held) < size:
            assert self.receive(), f"the answer ends early: {self.held!r}"
        taken, self.held = self.held[:size], self.held[size:]
        return taken

    def answer(self, head=False):
        """The next answer; None when the connection ends without one."""
        while b"\r\n\r\n" not in self.held:
            if not self.receive():
                assert not self.held, f"the answer ends early: {self.held!r}"
                return None
        first, *lines = self.take(self.held.index(b"\r\n\r\n") + 4).decode().split("\r\n")[:-2]
        headers = {name.lower(): value.strip() for name, value in
                   (line.split(":", 1) for line in lines)}
        assert len(headers) == len(lines), f"a header stands twice in {lines}"
        status = int(first.split(" ")[1])
        has_body = status >= 200 and status not in (204, 304) and not head
        return Answer(status, headers,
                      self.take(int(headers["content-length"])) if has_body else b"")

    def ask(self, line, *headers, body=b"", head=False):
        """Sends a request line ("GET /healthz") and headers; the answer."""
        lines = [line + " HTTP/1.1", "Host: khobor", *headers, "", ""]
        return self.send("\r\n".join(lines).encode() + body).answer(head)

    def is_refused_silently(self, target):
        """Whether neither a request for a target nor the one after it gets any answer."""
        request = b"GET " + target + b" HTTP/1.1\r\nHost: x\r\n\r\n"
        return self.send(request + b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").is_ended()

    def rest(self, within=None):
        """All that comes until the server ends the connection, which it must in time."""
        while self.receive(within):
            pass
        return self.held

    def is_ended(self, within=None):
        """Whether the server ends the connection in time, without a further byte."""
        try:
            return not self.held and not self.receive(within)
        except TimeoutError:
            return False
