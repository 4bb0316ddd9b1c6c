"""Runs of a client, wrk most of all, and what else goes on meanwhile."""

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
    """What wrk asks for, in any round of a case."""

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
    """The same for answers without a body, by a client that expects none (see knock.c)."""

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
    """Connections that come all at once, ask once and go; then all come again."""

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
    """What the script's last line says."""
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


# What goes on meanwhile


def article_line(run, number, section):
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    article = {"type": "article", "slug": f"published-{run}-{number}", "section": section,
               "headline": f"Published in run {run}, {number}", "body": "Just in.\n\n" * 20,
               "tags": ["bench"], "published_at": at}
    return json.dumps(article).encode() + b"\n"


@contextmanager
def publishing(subject, database, run, sections):
    """Imports an article a second, as an editor's program would."""
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
    """1,000 views a second, each by another reader."""
    load = Load(script="views.lua", connections=VIEWERS,
                arguments=lambda turn: [articles, f"meanwhile{run}", VIEWS_A_SECOND])
    client = start_client(server.port, load, 0, seconds + 3)
    try:
        time.sleep(0.5)
        yield
    finally:
        client.terminate()
        client.communicate()


@contextmanager
def holding(server, count, ask):
    """Connections that stay open, each of which has asked once."""
    held = []
    try:
        for _ in range(count):
            connection = Connection(server.port)
            held.append(connection)
            connection.ask(ask)
        yield
    finally:
        for connection in held:
            # the usual end would leave thousands of ports waiting
            connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            connection.socket.close()
