"""The case of a small cache and a large paper: does memory stay within its bound?"""

import os
import random
import re
from contextlib import ExitStack
from dataclasses import replace

from cold import ASKS, cold_servers, shuffled_ids, zipf_weights
from contest import Contestant
from load import Load
from measure import measure_once, outcome, rotated

CACHE_KB = 16_384
SETTINGS = {"http.cache_kb": CACHE_KB}
MARKS = ((0.1, "a tenth"), (0.5, "half"), (1, "all"))  # of the requests
FIRST_ASKS = 200_000  # kept for a client that nothing is known of yet


class Draws:
    """An endless file of ids by Zipf: as many as one client may need, then from its beginning."""

    def __init__(self, bench, stack):
        self.ids, self.weights = shuffled_ids(bench.size), zipf_weights(bench.size)
        self.chance, self.at = random.Random(4), ASKS
        self.file = bench.work / "draws"
        stack.callback(self.file.unlink, missing_ok=True)

    def load(self, wanted):
        """A load that reads `count` of them; no other load reads the same ones."""
        if self.at + wanted > ASKS:
            drawn = self.chance.choices(self.ids, cum_weights=self.weights, k=ASKS)
            self.file.write_text("".join(f"{number}\n" for number in drawn))
            self.at = 0
        at, self.at = self.at, self.at + wanted
        return Load(script="asks.lua", arguments=lambda turn: [self.file, at, "/api/v1/articles/"])


def count_of(what, said):
    found = re.search(rf"([\d,]+) {what}\b", said)
    return int(found.group(1).replace(",", "")) if found else None


def hit_remark(server):
    """What the log of a stopped server says about its cache."""
    lines = server.log.read_text(errors="replace").splitlines()
    said = next((line for line in reversed(lines) if "the cache had" in line), "")
    counts = [count_of(what, said) for what in ("hits", "stale", "misses")]
    if None in counts or not sum(counts):
        return "how much came from the cache is unknown"
    answers, used = count_of("responses", said), count_of("bytes", said)
    kept = "" if None in (answers, used) else f"; it had {answers:,} answers in {used:,} bytes"
    return f"from the cache came {counts[0] / sum(counts):.1%} of the answers{kept}"


def remark(server, rounds, start_mib):
    """RSS at several times, CPU of the whole run, and the hits of the cache."""
    requests, at, marks = sum(of["requests"] for of in rounds), 0, dict(MARKS)
    texts = [f"{start_mib:.1f} MiB before"]
    for of in rounds:
        at += of["requests"]
        for part in [part for part in marks if at >= part * requests]:
            texts.append(f"{of['resident_mib']:.1f} after {marks.pop(part)}")
    cpu_us = sum(of["cpu_s"] for of in rounds) * 1e6 / max(requests, 1)
    return (f"{server.name}, {requests:,} requests, {cpu_us:.2f} µs of CPU each: RSS "
            f"{', '.join(texts)}; {hit_remark(server)}.")


def open_bound(bench, stack):
    own, _ = cold_servers(bench, stack, bench.size, SETTINGS)
    return [Contestant(server.name, server, Load()) for server in own]


def measure_bound(case, bench, say):
    """Rounds in turns until each contestant has answered REQUESTS requests."""
    load_before = os.getloadavg()[0]
    with ExitStack() as stack:
        contestants, draws = case.open(bench, stack), Draws(bench, stack)
        start = {one.name: one.server.resident_bytes() for one in contestants}
        rounds = {one.name: [] for one in contestants}
        wanted, turn = FIRST_ASKS, 0
        while any(sum(of["requests"] for of in own) < bench.requests for own in rounds.values()):
            for one in rotated(contestants, turn):
                asking = replace(one, load=draws.load(min(wanted, ASKS)))
                figures = measure_once(asking, turn, bench.seconds)
                rounds[one.name].append(figures)
                say(case, turn, one.name, figures)
                wanted = figures["requests"] * 5 // 4
            turn += 1
        remarks = []
        for one in contestants:
            one.server.stop()
            remarks.append(remark(one.server, rounds[one.name], start[one.name] / 2**20))
    return outcome(case, bench, rounds, start, remarks, load_before)
