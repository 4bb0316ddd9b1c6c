"""What the tests share: the binary as a process, lines to import, waiting, plain sockets.

The environment's KHOBOR names the binary under test, build/khobor if it doesn't. Settings in
the environment do not reach it, and every process is checked for a sanitizer's report.
"""

import ctypes
import glob
import itertools
import json
import os
import re
import resource
import select
import signal
import subprocess
import time
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from urllib.parse import quote

import requests
from wire import Wire

ROOT = Path(__file__).resolve().parents[2]
BINARY = os.path.abspath(os.environ.get("KHOBOR") or ROOT / "build/khobor")
FAKETIME = next(iter(glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")), None)
REPORTS = re.compile(r"(Address|Leak|Thread|Memory|UndefinedBehavior)Sanitizer|: runtime error: ")
LOG_LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ (info|warning|error): .+")
NOON = "2024-04-16T12:00:00+06:00"


def is_sanitized():
    code = Path(BINARY).read_bytes()
    return b"__asan_init" in code or b"__tsan_init" in code


def library_version():
    """The version of libmicrohttpd that the binary under test is linked with, as (0, 9, 75)."""
    linked = subprocess.run(["ldd", BINARY], capture_output=True, text=True, check=True).stdout
    library = ctypes.CDLL(re.search(r"libmicrohttpd\.so\S* => (\S+)", linked).group(1))
    library.MHD_get_version.restype = ctypes.c_char_p
    return tuple(map(int, re.findall(r"\d+", library.MHD_get_version().decode())))


SANITIZED = is_sanitized()
LIBRARY_IS_1_0 = library_version() >= (1, 0)  # it refuses requests that 0.9 hands to Khobor
PATIENCE = 4 if SANITIZED else 1  # how much longer things may take
SOON = 1.5 * PATIENCE  # rankings follow within a second; and half of one for the asking


# Processes


def environment(settings=None, clock=None):
    """The environment of a process: settings as {"http.max_age_s": 5}, a clock as libfaketime's."""
    given = {k: v for k, v in os.environ.items() if not k.startswith("KHOBOR_")}
    for name, value in (settings or {}).items():
        given["KHOBOR_" + name.upper().replace(".", "_")] = str(value)
    if clock:
        assert FAKETIME, "Debian's faketime is missing; tools/deps installs it"
        given.update(LD_PRELOAD=FAKETIME, FAKETIME=clock, TZ="UTC", DONT_FAKE_MONOTONIC="1",
                     FAKETIME_DISABLE_SHM="1", NO_FAKE_STAT="1")
    return given


def check_report(err):
    assert not REPORTS.search(err), err


@dataclass
class Ran:
    """What came of a command."""

    status: int
    out: bytes
    err: str

    @property
    def said(self):
        """The lines on stderr that are no log."""
        return [line for line in self.err.splitlines() if not LOG_LINE.fullmatch(line)]

    @property
    def why(self):
        """The one line with which a command says that it could not."""
        assert self.status == 1, (self.status, self.err)
        assert len(self.said) == 1, self.err
        assert self.said[0].startswith("khobor: ")
        return self.said[0]


def run(*arguments, stdin=b"", settings=None, clock=None, **more):
    """Runs the binary to its end."""
    more.setdefault("stdout", subprocess.PIPE)
    if not hasattr(stdin, "fileno"):
        more["input"] = stdin
    else:
        more["stdin"] = stdin
    done = subprocess.run([BINARY, *map(str, arguments)], stderr=subprocess.PIPE, timeout=30,
                          env=environment(settings, clock), check=False, **more)
    err = done.stderr.decode()
    check_report(err)
    return Ran(done.returncode, done.stdout, err)


def start(*arguments, settings=None, clock=None, **more):
    """Starts the binary, with pipes to it."""
    more = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more}
    return subprocess.Popen([BINARY, *map(str, arguments)], env=environment(settings, clock),
                            **more)


def eventually(question, within=5.0):
    """The first true answer to a question that is asked again and again."""
    deadline = time.monotonic() + within
    while True:
        answer = question()
        if answer:
            return answer
        assert time.monotonic() < deadline, f"not within {within} s; the last answer is {answer!r}"
        time.sleep(0.01)


def listening_line(process, within=20.0):
    """The first line that a server prints; "" when it ends without one."""
    line, deadline = b"", time.monotonic() + within
    while not line.endswith(b"\n"):
        left = deadline - time.monotonic()
        ready = left > 0 and select.select([process.stdout], [], [], left)[0]
        byte = os.read(process.stdout.fileno(), 1) if ready else b""
        if not byte:
            break
        line += byte
    return line.decode()


# Lines to import


def ndjson(records):
    """Lines as an import reads them; a record may be bytes, which stay as they are."""
    lines = [r if isinstance(r, bytes) else json.dumps(r, ensure_ascii=False).encode()
             for r in records]
    return b"".join(line + b"\n" for line in lines)


def section(slug="national", name="জাতীয়", **more):
    return {"type": "section", "slug": slug, "name": name, **more}


def article(slug, section="national", **more):
    return {"type": "article", "slug": slug, "section": section, "headline": f"Headline of {slug}",
            "body": f"Body of {slug}.", "published_at": NOON, **more}


def views(slug, hour, count):
    return {"type": "views", "slug": slug, "hour": hour, "count": count}


def redirect(source, to):
    return {"type": "redirect", "from": source, "to": to}


def at(seconds):
    """An instant as a line has it."""
    return datetime.fromtimestamp(int(seconds), timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def hour(hours_ago=0):
    """The beginning of this hour or an earlier one, as a line of views has it."""
    now = int(time.time())
    return at(now - now % 3600 - hours_ago * 3600)


def path_of(slug):
    return "/api/v1/articles/" + quote(slug, safe="")


READERS = itertools.count(1)


def a_reader():
    """The agent of a browser that nobody else has: a reader is known by address and agent."""
    return f"Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0 n/{next(READERS)}"


# A paper and its servers


def without_repeats(pairs):
    assert len({key for key, _ in pairs}) == len(pairs), f"a key stands twice in {pairs}"
    return dict(pairs)


def parse(body):
    """JSON as a dict in the order it came."""
    return json.loads(body.decode(), object_pairs_hook=without_repeats)


class Server:
    """One `khobor serve` on a free port."""

    def __init__(self, paper, settings=None, options=(), **more):
        self.paper = paper
        self.session = requests.Session()
        self.session.trust_env = False
        self.log = open(paper.folder / f"log{len(paper.servers)}", "w+", encoding="utf-8")
        self.process = start("serve", "--database", paper.database, "--listen", "127.0.0.1:0",
                             *options, settings=settings, stdin=subprocess.DEVNULL,
                             stderr=self.log, **more)
        paper.servers.append(self)
        self.line = listening_line(self.process)
        assert self.line.startswith("khobor: listening on http://127.0.0.1:"), self.logged()
        self.port = int(self.line.rsplit(":", 1)[1])
        self.url = f"http://127.0.0.1:{self.port}"

    def logged(self):
        return Path(self.log.name).read_text(encoding="utf-8")

    def ask(self, method, path, **more):
        return self.session.request(method, self.url + path, timeout=20, allow_redirects=False,
                                    **more)

    def get(self, path, **more):
        return self.ask("GET", path, **more)

    def read(self, path, **more):
        """The document at an address that has one."""
        answer = self.get(path, **more)
        assert answer.status_code == 200, answer.text
        return parse(answer.content)

    def slugs(self, path, **more):
        return [item["slug"] for item in self.read(path, **more)["items"]]

    def post_view(self, slug, **headers):
        """Posts a view; of a reader who never was there unless an agent is given."""
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        headers.setdefault("User-Agent", a_reader())
        return self.ask("POST", path_of(slug) + "/views", headers=headers)

    def view(self, slug, times=1):
        """Counts views, each of another reader."""
        for _ in range(times):
            answer = self.post_view(slug)
            assert answer.status_code == 204, answer.text

    def most_read(self, **asked):
        """(slug, views) of the most read, best first."""
        items = self.read("/api/v1/most-read", params=asked)["items"]
        return [(item["slug"], item["views"]) for item in items]

    def wire(self, within=10.0):
        return Wire(self.port, within)

    def stop(self, how=signal.SIGTERM, within=5.0, status=0):
        """Ends the server as an operator does; it must end in time, and well if not told else."""
        self.process.send_signal(how)
        try:
            ended = self.process.wait(within + 2 * (PATIENCE - 1))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"the server did not stop within {within} s") from None
        finally:
            printed = self.close()
        assert ended == status, self.logged()
        assert printed == b"", "a server prints one line"

    def kill(self):
        """Ends the server without a warning."""
        self.process.kill()
        self.process.wait()
        self.close()

    def close(self):
        self.session.close()
        with self.process.stdout, self.log:
            printed = self.process.stdout.read()
        check_report(self.logged())
        return printed


class Paper:
    """A database in a folder, and the servers that were started on it."""

    def __init__(self, folder):
        self.folder = folder
        self.database = str(folder / "paper.db")
        self.servers = []
        self.processes = []

    def start(self, command, *arguments, **more):
        """Starts a command, which will not outlive the paper."""
        self.processes.append(start(command, "--database", self.database, *arguments, **more))
        return self.processes[-1]

    def run(self, command, *arguments, **more):
        return run(command, "--database", self.database, *arguments, **more)

    def try_load(self, records, *options, **more):
        """Imports records from standard input."""
        return self.run("import", *options, "-", stdin=ndjson(records), **more)

    def load(self, records, **more):
        """Imports records that are right."""
        done = self.try_load(records, **more)
        assert (done.status, done.err) == (0, ""), done
        return self

    def export(self, **more):
        done = self.run("export", **more)
        assert (done.status, done.err) == (0, ""), done
        return done.out

    def records(self):
        return [parse(line) for line in self.export().splitlines()]

    def counted_apart(self, slug):
        """All views of an article that are stored: (counted, repeated, bots)."""
        done = self.run("views", slug)
        assert done.status == 0, done
        word, *numbers = done.out.decode().splitlines()[-1].split("\t")
        assert word == "total" and len(numbers) == 3
        return tuple(map(int, numbers))

    def counted(self, slug):
        return self.counted_apart(slug)[0]

    def serve(self, settings=None, **more):
        return Server(self, settings, **more)

    def serve_without_journal(self):
        """A server whose journal would be larger than a file may be."""
        limit = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        return self.serve({"popularity.journal": 16777216}, preexec_fn=lambda: resource.setrlimit(
            resource.RLIMIT_FSIZE, (100_000_000, limit)))

    def close(self):
        """Ends what still runs, each of them whatever came of the others."""
        for process in self.processes:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout, process.stderr):
                if pipe and not pipe.closed:
                    pipe.close()
        running = [server for server in self.servers if server.process.poll() is None]
        ended = [server for server in self.servers if server.process.returncode is not None
                 and not server.log.closed]
        for server in ended:
            server.close()
        failures = []
        for server in running:
            try:
                server.stop()
            except AssertionError as failure:
                failures.append(failure)
        assert not failures and not ended, failures or "a server ended by itself"


# The HTTP library


def is_cut_off(target):
    """Whether the library ends the connection at a target, before Khobor sees the request.

    libmicrohttpd 1.0 does at a NUL, a vertical tab and a form feed; 0.9 never does.
    """
    return LIBRARY_IS_1_0 and not {0x00, 0x0b, 0x0c}.isdisjoint(target)
