"""The cases: what is measured, and what is compared with what."""

from bound import CACHE_KB, measure_bound, open_bound
from cold import cold, cold_list, once, zipf
from contest import Case
from hits import (article_json, article_page, compressed, hit, most_read, section_list, unchanged,
                  views)
from load import CONNECTIONS
from news import mixed

SMALL_PAPER = 10_000
MOST_CONNECTIONS = 10_000
MANY_CONNECTIONS = {"http.connections": 2 * MOST_CONNECTIONS}


def connections(count, idle=0):
    return hit(article_json, connections=count, idle=idle, settings=MANY_CONNECTIONS)


def held_against(*references):
    """The first contestant compared with these, or with all others if none of these takes part."""
    def pairs(names):
        present = [name for name in references if name in names]
        return [(names[0], name) for name in present or names[1:]]
    return pairs


def news_against_quiet(names):
    """The last of each three, with news, compared with the two before it; and build with build."""
    pairs = [(names[at + 2], names[at + back]) for at in range(0, len(names), 3)
             for back in (0, 1)]
    return pairs + [(names[2], name) for name in names[5::3]]


PEERS = held_against("bare", "nginx")
ROWS = held_against("rows", "rows-html")
SAME = "The same bytes"
COLD = "From the database"

CASES = [
    Case("article-json", "article, JSON", hit(article_json), PEERS, panel=SAME),
    Case("article-html", "article, HTML page", hit(article_page), PEERS, panel=SAME),
    Case("section", "section list", hit(section_list), PEERS, panel=SAME),
    Case("most-read", "most read", hit(most_read), PEERS, panel=SAME),
    Case("not-modified", "304", hit(unchanged, 304), PEERS, panel=SAME),
    Case("gzip", "article, JSON, gzip", hit(compressed), PEERS, panel=SAME),
    Case("view", "a view by a new reader", views, PEERS, panel=SAME),
    Case("cold-zipf", "article out of {size}, asked by Zipf", cold(zipf), ROWS, panel=COLD),
    Case("cold-once", "article out of {size}, each once", cold(once), ROWS, panel=COLD),
    Case("cold-small", f"article out of {SMALL_PAPER:,}, each in turn", cold(once, SMALL_PAPER),
         ROWS, panel=COLD),
    Case("cold-list", "section list out of {size}", cold_list, ROWS, panel=COLD),
    Case("cache-bound", f"article out of {{size}}, by Zipf, a cache of {CACHE_KB // 1024} MiB",
         open_bound, held_against(), panel=COLD, measure=measure_bound),
    Case("mixed", "mixed reading, an article and 1,000 views a second", mixed,
         news_against_quiet, "p99_us"),
    Case("busy-1", "1 connection, asking", connections(1), PEERS),
    Case("busy-64", "64 connections, all asking", connections(64), PEERS),
    Case("busy-1000", "1,000 connections, all asking", connections(1000), PEERS,
         per_connection=1000 - CONNECTIONS),
    Case("busy-10000", "10,000 connections, all asking", connections(MOST_CONNECTIONS), PEERS,
         per_connection=MOST_CONNECTIONS - CONNECTIONS, least_seconds=5),
    Case("open-10000", "10,000 connections, 64 asking",
         connections(CONNECTIONS, MOST_CONNECTIONS - CONNECTIONS), PEERS,
         per_connection=MOST_CONNECTIONS - CONNECTIONS),
]
