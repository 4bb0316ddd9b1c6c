"""Runs of a client, mostly wrk, and what else happens during a round."""

import json
import os
import socket
import struct
import subprocess
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from exchange import Ask, Connection
from papers import run_khobor
from processes import Failure, die_with_parent

LUA = Path(__file__).resolve().parent / "lua"
CONNECTIONS = 64
VIEWERS, VIEWS_A_SECOND = 64, 1000  # in the background
RESET = struct.pack("ii", 1, 0)  # SO_LINGER: end a connection at once
LOOK_AT = 0.8  # the part of a run after which memory is looked at


@dataclass
class Load:
    """What wrk requests in the rounds of a case."""

    path: str = "/"
    headers: dict = field(default_factory=dict)
    script: str = "report.lua"
    arguments: object = None  # of the script: a function of the round, counted from 0
    connections: int = CONNECTIONS

    def command(self, port, turn, seconds):
        command = ["wrk", "-t1", f"-c{self.connections}", f"-d{seconds}s"]
        command += ["-s", LUA / self.script]
        for name, value in self.headers.items():
            command += ["-H", f"{name}: {value}"]
        command.append(f"http://127.0.0.1:{port}{self.path}")
        return command + (["--", *self.arguments(turn)] if self.arguments else [])


@dataclass
class Bodyless:
    """The same for responses without a body, with a client that expects none (knock.c)."""

    ask: Ask
    program: Path
    folder: Path
    connections: int = CONNECTIONS

    def command(self, port, turn, seconds):
        del turn  # every round is alike
        request = self.folder / f"request-{port}"
        request.write_bytes(self.ask.bytes(port))
        return [self.program, port, request, seconds, self.connections]


class Storm(Bodyless):
    """Clients that connect all at once, send one request and hang up; then all again."""

    def command(self, port, turn, seconds):
        return [*super().command(port, turn, seconds), "storm"]


def start_client(port, load, turn, seconds):
    command = [str(word) for word in load.command(port, turn, seconds)]
    paths = {**os.environ, "LUA_PATH": f"{LUA}/?.lua;;"}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=paths,
                            preexec_fn=die_with_parent)


def last_line(said):
    return said.strip().splitlines()[-1] if said.strip() else "it said nothing"


def figures_of(client):
    """The figures in the last line of a client's output."""
    try:
        said = client.communicate()[0].decode(errors="replace")
    finally:
        if client.poll() is None:
            client.kill()
            client.communicate()
    for line in said.splitlines():
        if line.startswith("bench {"):
            return json.loads(line[len("bench "):])
    raise Failure(f"the client failed: {last_line(said)}")


def drive(server, load, turn, seconds):
    """The client's figures, and the server's memory while its connections were open."""
    client = start_client(server.port, load, turn, seconds)
    try:
        time.sleep(seconds * LOOK_AT)
        resident = server.resident_bytes()
    except BaseException:
        client.kill()
        client.communicate()
        raise
    return figures_of(client), resident


# What else happens during a round


def article_line(run, number, section):
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    article = {"type": "article", "slug": f"published-{run}-{number}", "section": section,
               "headline": f"Published in run {run}, {number}", "body": "Just in.\n\n" * 20,
               "tags": ["bench"], "published_at": at}
    return json.dumps(article).encode() + b"\n"


@contextmanager
def publishing(subject, database, run, sections):
    """Imports an article a second, like a newsroom's program."""
    ending, failures = threading.Event(), []

    def publish():
        number = 0
        try:
            while not ending.wait(1):
                line = article_line(run, number, sections[number % len(sections)])
                run_khobor(subject, "import", "--database", database, "-", lines=line)
                number += 1
        except Failure as failure:
            failures.append(failure)

    thread = threading.Thread(target=publish)
    thread.start()
    try:
        yield
    finally:
        ending.set()
        thread.join()
    if failures:
        raise failures[0]


@contextmanager
def viewing(server, run, articles, seconds):
    """Posts 1,000 views a second, each by another reader."""
    load = Load(script="views.lua", connections=VIEWERS,
                arguments=lambda turn: [articles, f"news{run}", VIEWS_A_SECOND])
    client = start_client(server.port, load, 0, seconds + 3)
    try:
        time.sleep(0.5)
        yield
    finally:
        client.terminate()
        client.communicate()


@contextmanager
def holding(server, count, ask):
    """Connections that send one request each and then stay open."""
    held = []
    try:
        for _ in range(count):
            connection = Connection(server.port)
            held.append(connection)
            connection.ask(ask)
        yield
    finally:
        for connection in held:
            # closing them the usual way would leave thousands of ports in TIME_WAIT
            connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            connection.socket.close()
