"""Cases without a cached response: each one is built from the database of a large paper."""

import random
from datetime import datetime, timezone
from itertools import accumulate

import papers
import servers
from contest import Contestant, from_file, read, write_lines
from exchange import Ask

ZIPF_EXPONENT = 0.8
ASKS = 1_000_000  # prepared; a round takes as many as it comes to


def shuffled_ids(size):
    ids = list(range(1, size + 1))
    random.Random(size).shuffle(ids)
    return ids


def zipf_weights(size):
    """Cumulative weights for choices(): rank r has the weight r to the power of -0.8."""
    return list(accumulate((rank + 1) ** -ZIPF_EXPONENT for rank in range(size)))


def zipf(size):
    """Ids as readers request them: a few often, most hardly ever."""
    return random.Random(1).choices(shuffled_ids(size), cum_weights=zipf_weights(size), k=ASKS)


def once(size):
    """Every article in turn: none is requested twice before all others were requested."""
    return shuffled_ids(size)[:ASKS]


def cold_servers(bench, stack, size, settings=None):
    """Builds of Khobor, each on a large paper of its own; and that paper."""
    own, paper = [], None
    for subject in bench.subjects:
        kept = papers.large(subject, size, bench.build, bench.work)
        paper = paper or kept
        own.append(stack.enter_context(servers.khobor(subject, kept, bench.work, settings)))
    return own, paper


def cold(sample, size=None):
    def open_case(bench, stack):
        own, paper = cold_servers(bench, stack, size or bench.size)
        ids = sample(size or bench.size)
        file = write_lines(bench, stack, "ids", ids)
        found = [Contestant(server.name, server,
                            from_file(bench, file, len(ids), "/api/v1/articles/"))
                 for server in own]
        read(own[0], Ask(f"/api/v1/articles/{ids[0]}"))
        if bench.has_peers:
            for makes_html in (False, True):
                server = stack.enter_context(
                    servers.rows(bench.programs, paper, bench.work, makes_html))
                read(server, Ask(f"/articles/{ids[0]}"))
                found.append(Contestant(server.name, server,
                                        from_file(bench, file, len(ids), "/articles/")))
        return found

    return open_case


def list_asks(size):
    """Pairs of a section and a time in seconds; no two times are equal."""
    chance = random.Random(2)
    sections = papers.sections()
    times = (papers.article_time(1, size), papers.article_time(size, size))
    return [(chance.choice(sections), chance.randint(*times)) for _ in range(ASKS // 4)]


def khobor_list(section, at):
    text = datetime.fromtimestamp(at, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return f"/api/v1/articles?section={section}&to={text}"


def cold_list(bench, stack):
    """The 20 articles of a section up to some time, a response that is never cached."""
    own, paper = cold_servers(bench, stack, bench.size)
    asks = list_asks(bench.size)
    paths = [khobor_list(*ask) for ask in asks]
    file = write_lines(bench, stack, "lists", paths)
    found = [Contestant(server.name, server, from_file(bench, file, len(asks))) for server in own]
    read(own[0], Ask(paths[0]))
    if bench.has_peers:
        paths = [f"/sections/{section}/articles?before={at}" for section, at in asks]
        file = write_lines(bench, stack, "rows-lists", paths)
        server = stack.enter_context(servers.rows(bench.programs, paper, bench.work, False))
        read(server, Ask(paths[0]))
        found.append(Contestant("rows", server, from_file(bench, file, len(asks))))
    return found
