"""Measures a case: its contestants in turns, round by round."""

import os
import time
from contextlib import ExitStack
from dataclasses import replace
from statistics import median

from load import CONNECTIONS, drive

WARM_UP_S = 1


def warm_up(contestant):
    """Fills caches before the rounds. Returns the number of requests, and the memory after them."""
    load = replace(contestant.load, connections=min(contestant.load.connections, CONNECTIONS))
    client, _ = drive(contestant.server, load, -1, WARM_UP_S)
    time.sleep(contestant.settle_s)
    return client["requests"], contestant.server.resident_bytes()


def measure_once(contestant, turn, seconds):
    server = contestant.server
    with contestant.around(turn):
        before_s = server.cpu_s()
        client, resident = drive(server, contestant.load, turn, seconds)
        time.sleep(contestant.settle_s)
        cpu_s = server.cpu_s() - before_s
    server.check()
    requests = max(client["requests"], 1)
    return {"requests": client["requests"], "rps": client["requests"] / (client["wall_us"] / 1e6),
            "p50_us": client["p50_us"], "p99_us": client["p99_us"], "max_us": client["max_us"],
            "cpu_us": cpu_s * 1e6 / requests, "cpu_s": cpu_s,
            "resident_mib": resident / 2**20, "answer_bytes": client["bytes"] / requests,
            "failed": client["refused"] + client["broken"] + client["late"]}


def rotated(contestants, turn):
    """The contestants, beginning with another one in each round."""
    at = turn % len(contestants)
    return contestants[at:] + contestants[:at]


def outcome(case, bench, rounds, start, remarks, load_before):
    """The figures of a case; `start` is each contestant's memory in bytes before the rounds."""
    return {"name": case.name, "title": case.title.format(size=f"{bench.size:,}"),
            "panel": case.panel, "pairs": case.pairs(list(rounds)), "compared": case.compared,
            "seconds": bench.seconds, "load_before": load_before, "remarks": remarks,
            "per_connection": case.per_connection,
            "start_mib": {name: size / 2**20 for name, size in start.items()}, "rounds": rounds}


def measure(case, bench, say):
    """The figures of a case, as a dict that JSON can hold."""
    load_before = os.getloadavg()[0]
    bench = replace(bench, seconds=max(bench.seconds, case.least_seconds))
    with ExitStack() as stack:
        contestants = case.open(bench, stack)
        warm = {one.name: warm_up(one) for one in contestants}
        rounds = {one.name: [] for one in contestants}
        for turn in range(bench.rounds):
            for one in rotated(contestants, turn):
                figures = measure_once(one, turn, bench.seconds)
                rounds[one.name].append(figures)
                say(case, turn, one.name, figures)
        remarks = [one.remark(warm[one.name][0] + sum(f["requests"] for f in rounds[one.name]))
                   for one in contestants if one.remark]
    start = {name: of[1] for name, of in warm.items()}
    return outcome(case, bench, rounds, start, remarks, load_before)


# Ratios


def middle(rounds, figure):
    return median(of[figure] for of in rounds)


def ratios(measured, name, reference, figure):
    """(median, least, most) of the ratios, each of two figures of the same round."""
    pairs = zip(measured["rounds"][name], measured["rounds"][reference])
    found = [own[figure] / max(other[figure], 1e-9) for own, other in pairs]
    return median(found), min(found), max(found)


def connection_kib(measured, name):
    """Memory for each connection in the first round; later rounds reuse what it allocated."""
    first = measured["rounds"][name][0]["resident_mib"]
    return (first - measured["start_mib"][name]) * 1024 / measured["per_connection"]
