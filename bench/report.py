"""The results as a Markdown page, and as lines while a run goes on."""

import os
import platform
import subprocess
from pathlib import Path

from measure import connection_kib, middle, ratios

WORDS = {"cpu_us": "CPU a request", "p99_us": "p99"}


def command_line(*command, folder=None):
    return subprocess.run(command, capture_output=True, text=True, check=False,
                          cwd=folder).stdout.strip()


def revision(root):
    """The short hash of the revision, with -changed if the program's files differ from it."""
    git = ("git", "--no-optional-locks", "-C", str(root))
    changed = command_line(*git, "status", "--porcelain", "--", "server", "sql", "static",
                           "config", "Makefile")
    short = command_line(*git, "rev-parse", "--short", "HEAD") or "unknown"
    return short + ("-changed" if changed else "")


def machine():
    """The machine and the versions of what was measured."""
    known = {line.partition(":")[0].strip(): line.partition(":")[2].strip()
             for line in Path("/proc/cpuinfo").read_text().splitlines()}
    memory = Path("/proc/meminfo").read_text().split()[1]
    packages = command_line("dpkg-query", "-W", "-f", "${Package} ${Version}, ",
                            "libmicrohttpd12*", "libsqlite3-0", "libulfius2.7*", "nginx", "wrk")
    return {"processor": known.get("model name", platform.processor()), "cores": os.cpu_count(),
            "memory_gib": round(int(memory) / 2**20, 1), "kernel": platform.release(),
            "packages": packages.rstrip(", ")}


def machine_text(on):
    return (f"On {on['processor']}, {on['cores']} cores, {on['memory_gib']} GiB, Linux "
            f"{on['kernel']}; {on['packages']}.")


def progress(case, turn, name, figures):
    print(f"  {case.name:14} round {turn + 1}  {name:22} {figures['rps']:9,.0f}/s "
          f"{figures['cpu_us']:7.2f} µs CPU  p99 {figures['p99_us'] / 1000:8.2f} ms"
          + (f"  {figures['failed']} failed" if figures["failed"] else ""), flush=True)


def table(rows, head):
    lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    return lines + ["| " + " | ".join(row) + " |" for row in rows]


def figures_row(measured, name):
    rounds = measured["rounds"][name]
    return [name, f"{middle(rounds, 'rps'):,.0f}", f"{middle(rounds, 'p50_us') / 1000:.2f}",
            f"{middle(rounds, 'p99_us') / 1000:.2f}", f"{middle(rounds, 'cpu_us'):.2f}",
            f"{middle(rounds, 'resident_mib'):.1f}", f"{middle(rounds, 'answer_bytes'):,.0f}",
            f"{sum(of['failed'] for of in rounds)}"]


def pairs_of(measured):
    return [tuple(pair) for pair in measured["pairs"]]


def ratio_text(measured, name, reference, figure=None):
    found = ratios(measured, name, reference, figure or measured["compared"])
    return "{:.2f} ({:.2f}–{:.2f})".format(*found)


def case_lines(measured):
    names = list(measured["rounds"])
    turns = len(measured["rounds"][names[0]])
    lines = [f"### {measured['name']}: {measured['title']}", "",
             f"{turns} rounds of {measured['seconds']} s; the machine's load before: "
             f"{measured['load_before']:.1f}.", ""]
    lines += table([figures_row(measured, name) for name in names],
                   ["", "requests/s", "p50 ms", "p99 ms", "CPU µs/request", "RSS MiB",
                    "bytes/answer", "failed"])
    lines.append("")
    for name, reference in pairs_of(measured):
        lines.append(f"- {WORDS[measured['compared']]}, {name} to {reference}: "
                     f"**{ratio_text(measured, name, reference)}**")
    if measured["per_connection"]:
        each = ", ".join(f"{name} {connection_kib(measured, name):.1f}" for name in names)
        lines.append(f"- KiB of memory a connection: {each}")
    lines += [f"- {remark}" for remark in measured["remarks"]]
    return lines + [""]


def summary_lines(cases):
    """One table of CPU and ratios of all cases that are in the plot."""
    lines = []
    for panel in dict.fromkeys(measured["panel"] for measured in cases if measured["panel"]):
        own = [measured for measured in cases if measured["panel"] == panel]
        names = list(dict.fromkeys(name for measured in own for name in measured["rounds"]))
        pairs = list(dict.fromkeys(pair for measured in own for pair in pairs_of(measured)))
        rows = []
        for measured in own:
            cpu = [f"{middle(measured['rounds'][name], 'cpu_us'):.2f}"
                   if name in measured["rounds"] else "" for name in names]
            rows.append([measured["title"], *cpu,
                         *(ratio_text(measured, *pair) if pair in pairs_of(measured) else ""
                           for pair in pairs)])
        head = [f"{panel}, CPU µs a request", *names,
                *(f"{name} / {reference}" for name, reference in pairs)]
        lines += table(rows, head) + [""]
    return lines


def page(results):
    on = results["machine"]
    lines = [f"# Measured {results['date']}, revision {results['revision']}", "",
             machine_text(on), "",
             "The servers take turns; the client has one thread on the same machine and asks over "
             "loopback. The figures are medians of the rounds; a ratio is the median of the "
             "rounds' ratios, with the least and the most. What is measured, and how to read it: "
             "[bench/README.md](../README.md).", ""]
    lines += summary_lines(results["cases"])
    for measured in results["cases"]:
        lines += case_lines(measured)
    return "\n".join(lines).rstrip() + "\n"
