"""What a case is made of: contestants, and the files and folders that they use."""

from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import papers
import servers
from exchange import ask_once
from load import Load
from processes import Failure, Process


@dataclass
class Contestant:
    name: str
    server: Process
    load: Load
    around: object = nullcontext  # a function of the round: what else runs during it
    settle_s: float = 0  # how long after a load its work may still go on
    remark: object = None  # a function of all that was asked, to be written under the figures


@dataclass
class Case:
    name: str
    title: str
    open: object  # a function of (bench, stack): contestants
    pairs: object = None  # a function of the contestants' names: what is held against what
    compared: str = "cpu_us"
    panel: str = ""  # of the plot
    per_connection: int = 0  # how many connections more than in the warm-up are open
    least_seconds: int = 1  # of a round
    measure: object = None  # a function like measure.measure, for what is measured otherwise


@dataclass
class Bench:
    """The files and folders of a run."""

    subjects: list  # builds of Khobor: the one measured, and the one it is held against
    programs: Path
    build: Path
    work: Path
    seconds: int
    size: int
    rounds: int
    requests: int = 1_000_000  # of cases that end after so many

    @property
    def has_peers(self):
        return len(self.subjects) == 1


def read(server, ask, status=200):
    answer = ask_once(server.port, ask)
    if answer.status != status:
        raise Failure(f"{server.name} answers {ask.path} with {answer.status}, not {status}")
    return answer


def demo_server(bench, stack, subject, name=None, settings=None):
    """Khobor with a demo edition of its own."""
    database = papers.demo(subject, bench.work, name or subject.name)
    stack.callback(papers.remove, database)
    return stack.enter_context(servers.khobor(subject, database, bench.work, settings, name))


def write_lines(bench, stack, name, lines):
    file = bench.work / name
    file.write_text("".join(f"{line}\n" for line in lines))
    stack.callback(file.unlink)
    return file


def from_file(bench, file, count, prefix=""):
    """A load whose rounds read parts of a file that no other round reads."""
    return Load(script="asks.lua",
                arguments=lambda turn: [file, (turn + 1) * count // (bench.rounds + 1), prefix])
