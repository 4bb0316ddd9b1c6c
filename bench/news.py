"""The case in which readers read while articles are imported and views counted."""

import random
import time
from contextlib import contextmanager
from itertools import accumulate
from statistics import median

import papers
from cold import ZIPF_EXPONENT
from contest import Contestant, demo_server, from_file, read, write_lines
from exchange import Ask
from hits import STORED_S
from load import publishing, viewing

MIXED_ASKS = 20_000


def count_articles():
    return len(papers.demo_records("article"))


def mixed_asks(server):
    """Paths as readers of a paper request them; 12 of 20 are articles as JSON."""
    chance = random.Random(3)
    ids = list(range(1, count_articles() + 1))
    weights = list(accumulate(rank ** -ZIPF_EXPONENT for rank in ids))
    chance.shuffle(ids)
    pages = {number: read(server, Ask(f"/api/v1/articles/{number}")).json["url"] for number in ids}
    kinds = [lambda: f"/api/v1/articles/{chance.choices(ids, cum_weights=weights)[0]}"] * 12 + [
        lambda: pages[chance.choices(ids, cum_weights=weights)[0]]] * 3 + [
        lambda: f"/api/v1/sections/{chance.choice(papers.sections())}"] * 2 + [
        lambda: "/api/v1/latest", lambda: "/api/v1/most-read", lambda: "/"]
    return [chance.choice(kinds)() for _ in range(MIXED_ASKS)]


class News:
    """Articles and views for a server, for as long as a round lasts."""

    def __init__(self, bench, subject, server):
        self.bench, self.subject, self.server = bench, subject, server
        self.database = bench.work / f"{server.name}.db"
        self.rates = []  # views a second

    @contextmanager
    def __call__(self, turn):
        name = f"{self.server.name}{turn}"
        before, begun = papers.views_counted(self.database), time.monotonic()
        with publishing(self.subject, self.database, name, papers.sections()), \
                viewing(self.server, turn, count_articles(), self.bench.seconds):
            yield
            took_s = time.monotonic() - begun
        time.sleep(STORED_S)
        self.rates.append((papers.views_counted(self.database) - before) / took_s)

    def remark(self, asked):
        del asked  # the reading is in the table
        return f"{self.server.name} counted about {median(self.rates):,.0f} views a second."


def contestants_of(bench, stack, subject):
    """The same reads without news, with news for another Khobor, and with news for this one.

    The second separates the effect of the machine's load from the effect of the news itself.
    """
    own = demo_server(bench, stack, subject)
    other = demo_server(bench, stack, subject, name=f"{subject.name}-elsewhere")
    file = write_lines(bench, stack, f"mixed-{subject.name}", mixed_asks(own))
    load = from_file(bench, file, MIXED_ASKS)
    news, elsewhere = News(bench, subject, own), News(bench, subject, other)
    return [Contestant(f"{subject.name}, quiet", own, load),
            Contestant(f"{subject.name}, news elsewhere", own, load, elsewhere),
            Contestant(f"{subject.name}, news", own, load, news, remark=news.remark)]


def mixed(bench, stack):
    return [one for subject in bench.subjects for one in contestants_of(bench, stack, subject)]
