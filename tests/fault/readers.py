"""Readers who post views whatever happens to the server, and what of their views must be counted."""

import random
import socket
import threading
import time
from contextlib import contextmanager

from khobor import eventually

AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0 reader-{}-{}"
WITHOUT_END = float("inf")


class Client(threading.Thread):
    """Posts views of the articles a1, a2, … as they were imported, over one connection after the
    other, whatever happens to them, and each view as another reader: `views` of them, or until it
    leaves, with a pause in between. A view that was sent and not answered may count or not."""

    def __init__(self, port, seed, articles, views=WITHOUT_END, pause_s=0.0):
        super().__init__(daemon=True)
        self.port, self.seed, self.left, self.pause_s = port, seed, views, pause_s
        self.random = random.Random(seed)
        self.leaving = threading.Event()
        self.sent = 0
        self.acknowledged = [0] * (articles + 1)
        self.unanswered = [0] * (articles + 1)
        self.refused = [0] * (articles + 1)
        self.unexpected = []
        self.slowest_s = 0.0

    def is_there(self):
        return self.left > 0 and not self.leaving.is_set()

    def run(self):
        while self.is_there():
            try:
                with socket.create_connection(("127.0.0.1", self.port), 10) as wire:
                    self.post_over(wire)
            except OSError:
                self.leaving.wait(0.01)  # it is starting again

    def post_over(self, wire):
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while self.is_there():
            number = self.random.randint(1, len(self.acknowledged) - 1)
            self.unanswered[number] += 1
            began = time.monotonic()
            wire.sendall(self.request(number))
            answer = wire.recv(4096)
            if not answer:
                return
            self.slowest_s = max(self.slowest_s, time.monotonic() - began)
            self.unanswered[number] -= 1
            self.note(number, answer)
            if self.pause_s:
                self.leaving.wait(self.pause_s)

    def request(self, number):
        self.sent += 1
        return (f"POST /api/v1/articles/{number}/views HTTP/1.1\r\nHost: x\r\n"
                f"User-Agent: {AGENT.format(self.seed, self.sent)}\r\n"
                f"Content-Length: 0\r\n\r\n").encode()

    def note(self, number, answer):
        if answer.startswith(b"HTTP/1.1 204"):
            self.acknowledged[number] += 1
            self.left -= 1
        elif answer.startswith(b"HTTP/1.1 503"):
            self.refused[number] += 1
        else:
            self.unexpected.append(answer)


@contextmanager
def posting(port, count, **more):
    """Clients who post while the block of the `with` runs."""
    clients = [Client(port, seed, **more) for seed in range(count)]
    for client in clients:
        client.start()
    try:
        yield clients
    finally:
        leave(clients)


def leave(clients):
    """Ends clients; each waits for its last answer."""
    for client in clients:
        client.leaving.set()
    for client in clients:
        client.join()


def finish(clients, within=60):
    """Lets clients post all that they are to."""
    eventually(lambda: not any(client.is_alive() for client in clients), within)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def total_of(clients, which, number):
    return sum(getattr(client, which)[number] for client in clients)


def acknowledged_by(clients):
    return sum(sum(client.acknowledged) for client in clients)


def more_acknowledged(clients, views, within=20.0):
    """Waits until so many more views are acknowledged."""
    enough = acknowledged_by(clients) + views
    eventually(lambda: acknowledged_by(clients) >= enough, within)


def shown(server):
    """The views of the hundred most read, by slug."""
    return dict(server.most_read(window="all", limit=100))


def stored(paper):
    """The views of every article that has some, by slug, as they are in the database."""
    counts = {}
    for record in paper.records():
        if record["type"] == "views":
            counts[record["slug"]] = counts.get(record["slug"], 0) + record["count"]
    return counts


def check_counts(server, clients):
    """After the clients have left: every acknowledged view is counted once, and of the others only
    those in flight may be. Ends the server; what is stored then is what it showed, and returned."""
    assert [client.unexpected for client in clients] == [[]] * len(clients)
    eventually(lambda: sum(stored(server.paper).values()) >= acknowledged_by(clients))
    counted = stored(server.paper)
    for number in range(1, len(clients[0].acknowledged)):
        acknowledged = total_of(clients, "acknowledged", number)
        in_flight = total_of(clients, "unanswered", number)
        assert acknowledged <= counted.get(f"a{number}", 0) <= acknowledged + in_flight
    eventually(lambda: len(shown(server)) == min(100, len(counted)))
    eventually(lambda: shown(server).items() <= counted.items())
    server.stop()
    assert stored(server.paper) == counted
    return counted
