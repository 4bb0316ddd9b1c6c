"""One request and its response, as bytes on a socket."""

import json
import socket
from dataclasses import dataclass, field


@dataclass
class Ask:
    """A request."""

    path: str
    headers: dict = field(default_factory=dict)
    method: str = "GET"

    def bytes(self, port):
        lines = [f"{self.method} {self.path} HTTP/1.1", f"Host: 127.0.0.1:{port}",
                 *(f"{name}: {value}" for name, value in self.headers.items()), "", ""]
        return "\r\n".join(lines).encode()


@dataclass
class Answer:
    raw: bytes
    status: int
    headers: list  # (name, value) in the order they came
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)

    def header(self, name):
        return next((value for own, value in self.headers if own.lower() == name.lower()), "")


class Connection:
    """A connection for many requests, one after the other."""

    def __init__(self, port):
        self.port = port
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.held = b""

    def take(self, size):
        while len(self.held) < size:
            self.receive()
        taken, self.held = self.held[:size], self.held[size:]
        return taken

    def receive(self):
        got = self.socket.recv(1 << 16)
        if not got:
            raise ConnectionError("the server ended the connection")
        self.held += got

    def ask(self, ask):
        self.socket.sendall(ask.bytes(self.port))
        while b"\r\n\r\n" not in self.held:
            self.receive()
        head = self.take(self.held.index(b"\r\n\r\n") + 4)
        first, *lines = head.decode("latin-1").split("\r\n")[:-2]
        status = int(first.split(" ")[1])
        headers = [(name, value.strip()) for name, _, value in
                   (line.partition(":") for line in lines)]
        answer = Answer(head, status, headers, b"")
        if status not in (204, 304):
            answer.body = self.take(int(answer.header("Content-Length")))
            answer.raw += answer.body
        return answer

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.socket.close()


def ask_once(port, ask):
    with Connection(port) as connection:
        return connection.ask(ask)
