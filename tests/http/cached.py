"""A paper for tests of the response cache: its targets, and what the server logs of its cache."""

import re
import sqlite3
import time
from contextlib import closing

from khobor import article, at, section

FIGURES = re.compile(r"the cache had (\d+) responses in (\d+) bytes of (\d+): "
                     r"(\d+) hits, (\d+) stale, (\d+) misses")
# Targets that show the headline of "a", the first of section "national".
SHOWING = ["/api/v1/articles/1", "/national/1/a", "/api/v1/sections/national", "/api/v1/latest",
           "/feed.json", "/feed.xml", "/", "/api/v1/front", "/api/v1/articles/2?include=latest",
           "/national/2/b", "/api/v1/articles?tag=T", "/news-sitemap.xml"]


def recent(seconds_ago):
    return at(time.time() - seconds_ago)


def counted_article(counter, **more):
    return article("a", headline=f"Counter {counter}", published_at=START, tags=["T"], **more)


START = recent(60)
EDITION = [section(), section("sports", "Sports"), counted_article(0),
           article("b", published_at=recent(120), body="A text that is worth encoding. " * 200),
           *(article(f"s{n}", "sports", tags=["Tax", f"tag-{n}"], authors=[f"W{n % 3}"],
                     published_at=recent(1000 + n)) for n in range(20))]


def figures_of(server):
    """What the server logs of its cache when it stops, by name."""
    server.stop()
    logged = FIGURES.findall(server.logged())
    assert len(logged) == 1, server.logged()
    return dict(zip(("answers", "bytes", "room", "hits", "stale", "misses"), map(int, logged[0])))


def fields_of(answer):
    """The header fields but for the time at which it was sent."""
    return {name: value for name, value in answer.headers.items() if name != "date"}


def change_row(paper, headline):
    """As another program does it, without a new version."""
    with closing(sqlite3.connect(paper.database, timeout=10)) as base, base:
        base.execute("UPDATE articles SET headline = ? WHERE slug = 'a'", (headline,))


def is_everywhere(server, headline):
    """Every target is requested, whatever the one before it showed, so that all are cached."""
    return all([headline in server.get(target).text for target in SHOWING])
