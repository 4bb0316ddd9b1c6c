"""Cases in which one response is sent again and again, by every server the same bytes."""

from contextlib import nullcontext

import papers
import servers
from contest import Contestant, demo_server, read
from exchange import Ask, ask_once
from load import CONNECTIONS, Bodyless, Load, holding
from processes import Failure

ARTICLE = 7  # of the demo edition: 4 KB of JSON
SECTION = "sports"
STORED_S = 1.5  # after which all views are in the database


# The requests


def article_json(server):
    del server
    return Ask(f"/api/v1/articles/{ARTICLE}")


def article_page(server):
    return Ask(read(server, article_json(server)).json["url"])


def section_list(server):
    del server
    return Ask(f"/api/v1/sections/{SECTION}")


def most_read(server):
    del server
    return Ask("/api/v1/most-read")


def compressed(server):
    return Ask(article_json(server).path, {"Accept-Encoding": "gzip"})


def unchanged(server):
    path = article_json(server).path
    return Ask(path, {"If-None-Match": read(server, Ask(path)).header("ETag")})


def view(server):
    del server
    return Ask(f"/api/v1/articles/{ARTICLE}/views", {"User-Agent": "Mozilla/5.0 Firefox/120.0"},
               "POST")


# The same bytes from every server


def answer_file(bench, stack, answer):
    file = bench.work / "answer"
    file.write_bytes(answer.raw)
    stack.callback(file.unlink)
    return file


def peers(bench, stack, answer, location, connections=CONNECTIONS):
    file = answer_file(bench, stack, answer)
    return [stack.enter_context(server) for server in (
        servers.bare(bench.programs, file, bench.work),
        servers.loop(bench.programs, file, bench.work),
        servers.nginx(location, connections, bench.work / "nginx"))]


def check_same(server, ask, answer):
    got = ask_once(server.port, ask)
    if (got.status, got.body) != (answer.status, answer.body):
        raise Failure(f"{server.name} does not send what Khobor sends for {ask.path}")


def hit(make_ask, status=200, connections=CONNECTIONS, idle=0, settings=None):
    """One response again and again: Khobor's, and the same from servers that have it prepared."""

    def contestant(bench, server, ask):
        around = (lambda turn: holding(server, idle, ask)) if idle else nullcontext
        load = Load(ask.path, ask.headers, connections=connections)
        if status == 304:
            load = Bodyless(ask, bench.programs / "knock", bench.work)
        return Contestant(server.name, server, load, around)

    def open_case(bench, stack):
        own = [demo_server(bench, stack, subject, settings=settings) for subject in bench.subjects]
        found = [contestant(bench, server, make_ask(server)) for server in own]
        if not bench.has_peers:
            return found
        ask = make_ask(own[0])
        answer = read(own[0], ask, status)
        plain = read(own[0], Ask(ask.path)).body
        location = servers.file_location(ask.path, answer, plain, bench.work / "nginx")
        for server in peers(bench, stack, answer, location, connections + idle):
            # nginx compares If-None-Match with a tag of its own only
            own_ask = make_ask(server) if status == 304 and server.name == "nginx" else ask
            check_same(server, own_ask, answer)
            found.append(contestant(bench, server, own_ask))
        return found

    return open_case


def views_remark(name, database):
    """Reports how many views were counted, because a server that only acknowledges is cheap."""
    before = papers.views_counted(database)
    return lambda asked: (f"{name} counted {papers.views_counted(database) - before:,} views; "
                          f"{asked:,} were answered within the rounds.")


def views(bench, stack):
    """Views of all articles, each by a new reader."""
    articles = len(papers.demo_records("article"))
    load = Load(script="views.lua", arguments=lambda turn: [articles, f"round{turn}"])
    own = [demo_server(bench, stack, subject) for subject in bench.subjects]
    found = [Contestant(server.name, server, load, settle_s=STORED_S,
                        remark=views_remark(server.name, bench.work / f"{server.name}.db"))
             for server in own]
    if bench.has_peers:
        answer = read(own[0], Ask(f"/api/v1/articles/{ARTICLE}/views", method="POST"), 204)
        location = servers.empty_location(answer)
        found += [Contestant(server.name, server, load)
                  for server in peers(bench, stack, answer, location)]
    return found
