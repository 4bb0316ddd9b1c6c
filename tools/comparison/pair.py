"""The two servers: sends both the same requests and reports where the responses differ."""

import re
import time

from comparison import papers, request_tables
from comparison.binaries import DATABASE, Failure, both
from comparison.command_lines import Line
from comparison.report import excerpts, response_difference, run_differences
from comparison.wire import addresses_in, exchange, request

MOST_S = 110
PATIENCE_S = 10  # rankings follow within a second on an idle machine
BATCH, BATCH_BYTES = 8, 2000
LONGEST_CHAIN = 30
RAW_TRIES = 5
IF_NONE_MATCH = "If-None-Match"
ARTICLE_PAGE = re.compile(r"/[^/]+/\d+/")
# The requests of a visit to an address: a name and the arguments of request().
VARIANTS = [("", {}), ("gzip", {"headers": [("Accept-Encoding", "gzip")]}),
            ("br", {"headers": [("Accept-Encoding", "br")]}),
            ("a browser", {"headers": [("Accept", request_tables.BROWSER)]}),
            ("HEAD", {"method": "HEAD"}), ("OPTIONS", {"method": "OPTIONS"})]


def batches(targets):
    """Splits addresses into lists that can be requested at once. They are short because a server
    holds waiting requests in the memory that it has for one request's headers."""
    batch, size = [], 0
    for target in targets:
        if batch and (len(batch) == BATCH or size + len(target) > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(target)
        size += len(target)
    if batch:
        yield batch


def addresses_of(responses):
    """The addresses in either of two responses."""
    for response in dict.fromkeys(responses):
        yield from addresses_in(response) if response else ()


class Pair:
    """OLD's and NEW's server. `phase` says in the report what happened before a request."""

    def __init__(self, sides, clock, report):
        self.sides, self.clock, self.report = sides, clock, report
        self.deadline = time.monotonic() + MOST_S
        self.patience_s = PATIENCE_S
        self.begin("")

    def begin(self, phase, zone=papers.DHAKA, follows=lambda target: True):
        """Begins a round. `follows` says of each address that is found whether to request it."""
        self.phase, self.zone, self.follows = phase, zone, follows
        self.known = {}    # addresses that were requested, or are about to be
        self.visited = {}  # those of them that were requested in every variant
        self.markers = 0

    def ask(self, ours, theirs=None):
        """Both responses to a request, or to one for OLD and one for NEW."""
        return self.ask_all([ours], theirs and [theirs])[0]

    def ask_all(self, ours, theirs=None):
        """Both responses to each of several requests, which are sent at once."""
        if time.monotonic() > self.deadline:
            raise Failure(f"not finished within {MOST_S} s; the rest was not compared")
        for side, requests in zip(self.sides, (ours, theirs or ours)):
            side.connection.send(*requests)
        received = [[side.connection.receive() for _ in ours] for side in self.sides]
        for side, responses in zip(self.sides, received):
            if None in responses and side.has_ended():
                lost = ours[responses.index(None)].partition(b" HTTP/")[0].decode()
                self.add(lost, [("", f"{side.name} ended, with status {side.server.returncode}")])
                raise Failure(f"{side.name} ended; the rest was not compared")
        return list(zip(*received))

    def difference(self, target, **more):
        return response_difference(*self.ask(request(target, **more)))

    def add(self, address, differences):
        self.report.add(address, differences, self.phase)

    def compare_all(self, targets):
        """Compares addresses by a plain GET. Yields each address and both responses."""
        for batch in batches([target for target in targets if not self.report.ignores(target)]):
            for target, pair in zip(batch, self.ask_all([request(target) for target in batch])):
                self.add(target, [("", response_difference(*pair))])
                yield target, pair

    def conditional(self, target, known_tags):
        """Compares the responses to If-None-Match. Yields each value and what differs."""
        tags = [response.header("ETag") if response else "" for response in
                self.ask(request(target))]
        for known in known_tags:
            requests = [request(target, [(IF_NONE_MATCH, known.replace("{tag}", tag).replace(
                "{bare}", tag[:-1]))]) for tag in tags]
            yield f"{IF_NONE_MATCH}: {known}", response_difference(*self.ask(*requests))

    def visit_all(self, targets):
        """Compares addresses in every variant. Yields each address and both plain responses."""
        for target in targets:
            if self.report.ignores(target):
                continue
            self.visited[target] = None
            pairs = self.ask_all([request(target, **more) for _, more in VARIANTS])
            found = [(name, response_difference(*pair))
                     for (name, _), pair in zip(VARIANTS, pairs)]
            self.add(target, found + list(self.conditional(target, ["{tag}"])))
            yield target, pairs[0]

    def crawl(self, targets, ask_for):
        """Compares addresses and all addresses in their responses, and so on."""
        waiting = [target for target in targets if target not in self.known]
        while waiting:
            self.known.update(dict.fromkeys(waiting))
            found = {}
            for _, pair in ask_for(waiting):
                found.update(dict.fromkeys(addresses_of(pair)))
            waiting = [target for target in found
                       if target not in self.known and self.follows(target)]

    def ask_again(self, phase, targets):
        """Compares addresses and rankings again, and crawls the addresses that are new."""
        self.phase = phase
        found = {}
        for _, pair in self.compare_all(dict.fromkeys([*targets, *request_tables.RANKED])):
            found.update(dict.fromkeys(addresses_of(pair)))
        self.crawl(filter(self.follows, found), self.visit_all)

    def compare_chain(self, target):
        """Compares a list and some of the pages that follow it."""
        for _ in range(LONGEST_CHAIN):
            following = [address for _, pair in self.compare_all([target])
                         for address in addresses_of(pair) if "cursor=" in address]
            if not following:
                return
            target = following[-1]

    def compare_headers(self):
        page = next(filter(ARTICLE_PAGE.match, self.known))
        for target in [*request_tables.SAMPLES, page]:
            self.add(f"{target} {IF_NONE_MATCH}",
                     list(self.conditional(target, request_tables.KNOWN_TAGS)))
            for name, headers in request_tables.HEADERS.items():
                self.add(f"{target} {name}", [
                    (f"{header}: {value:.40}", self.difference(target, headers=[(header, value)]))
                    for header, value in headers])
            self.add(f"{target} Host", [(host, self.difference(target, host=host))
                                        for host in request_tables.HOSTS])

    def compare_methods(self):
        targets = dict.fromkeys(request_tables.PLACES + request_tables.SAMPLES +
                                request_tables.POSTED)
        for target in targets:
            methods = [method for method in request_tables.METHODS
                       if method != "POST" or target not in request_tables.POSTED]
            for method in methods:
                self.add(f"{method} {target}", [("", self.difference(target, method=method))])
            preflight = {"headers": request_tables.PREFLIGHT, "method": "OPTIONS"}
            self.add(f"preflight {target}", [("", self.difference(target, **preflight))])

    def compare_raw(self):
        for name, data in request_tables.raw_requests():
            # If a server closes a connection with unread bytes, the kernel resets it and the
            # client may lose the response. So a difference counts only if it is there each time.
            for _ in range(RAW_TRIES):
                old, new = (exchange(side.port, data) for side in self.sides)
                if old == new:
                    break
            self.add(f"bytes: {name}", [("", excerpts(old, new))])

    def post_views(self, readers):
        """Posts views of all kinds. `readers` tells these readers from those of other calls."""
        for name, data in request_tables.view_requests(readers):
            self.add(name, [("", response_difference(*self.ask(data)))])
        self.settle()

    def wait_for(self, what, target, is_there):
        """Requests a target until both responses satisfy is_there(body). If they don't in time,
        that is a difference, and later calls wait for a shorter time."""
        until = time.monotonic() + self.patience_s
        while not all(response and is_there(response.body) for response in
                      self.ask(request(target))):
            if time.monotonic() > until:
                self.add(what, [("", f"not there within {self.patience_s} s")])
                self.patience_s = 1
                return
            time.sleep(0.02)
        time.sleep(0.05)  # other cached lists become stale a moment later

    def settle(self):
        """Waits until the rankings have all views that were posted.

        A server stores views in order, half a second's at once, and then updates the rankings. So
        when a view that is posted last appears in the rankings, all others have, and everything
        else that the server does each half second has been done."""
        self.markers += 1
        reader = ("User-Agent", f"{request_tables.AGENT} marker {self.markers}")
        self.ask(request(f"/api/v1/articles/{papers.MARKER}/views", [reader], "POST"))
        self.wait_for("rankings", "/api/v1/most-read?window=all&section=markers",
                      lambda body: b'"views":%d,' % self.markers in body)

    def move_clock(self, instant):
        """Moves the clock to a later hour and waits until the server has stored the rankings of the
        hour that ended. Only then may views be posted: those would be in these rankings or not,
        depending on when the server noticed the new hour."""
        self.clock.move(instant)
        hour = instant.replace(minute=0, second=0)
        self.wait_for("rankings of the hour", f"/api/v1/most-read?at={instant:%Y-%m-%dT%H:%M:%S}"
                      "%2B06:00", lambda body: papers.as_of(hour, self.zone).encode() in body)
        self.settle()

    def compare_command_line(self, line):
        if not self.report.ignores(line.name):
            self.add(line.name, run_differences(*both(self.sides, line)))

    def compare_command(self, *arguments, settings=None, stdin=b""):
        self.compare_command_line(Line(list(arguments), settings or {}, stdin))

    def import_records(self, records):
        self.compare_command("import", "--database", DATABASE, "-", stdin=papers.ndjson(records))

    def put_theme(self, files):
        """Replaces files of the theme. Servers look for changed files each half second, before they
        store views; the second settle() covers a look that had begun before the change."""
        for side in self.sides:
            papers.write_theme(side.folder / "theme", files)
        self.settle()
        self.settle()

    def compare_bad_lines(self):
        """Imports bad lines and compares the message for each of them."""
        lines = papers.ndjson(papers.BAD_LINES)
        runs = both(self.sides, Line(["import", "--database", DATABASE, "-"], stdin=lines))
        said = [dict(re.findall(rb"(?m)^khobor: -:(\d+): (.*)$", run.err)) for run in runs]
        for number, line in enumerate(papers.BAD_LINES, 1):
            old, new = (lines.get(b"%d" % number, b"") for lines in said)
            self.add(f"bad line {number}, {papers.beginning(line)}", [("", excerpts(old, new))])
        self.add("import of bad lines", run_differences(*runs))
