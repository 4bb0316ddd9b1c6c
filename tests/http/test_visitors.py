"""Who is counted: a reader once, a program never, and each is told apart; whose address it is."""

import pytest
from khobor import PATIENCE, SOON, a_reader, article, eventually, path_of, section
from shapes import check_problem

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0"
PROXY = {"http.trusted_proxies": "127.0.0.1, 10.0.0.0/8"}
EDITION = [section(), article("one"), article("two"), article("gone", status="withdrawn")]


@pytest.fixture
def edition(paper):
    return paper.load(EDITION)


def counts(paper, slug, expected, within=SOON):
    eventually(lambda: paper.counted_apart(slug) == expected, within)


def test_a_reader_who_comes_again_counts_once_per_article(paper, edition):
    server = edition.serve()
    for slug in ("one", "one", "two", "one"):
        assert server.post_view(slug, User_Agent=FIREFOX).status_code == 204
    counts(paper, "one", (1, 2, 0))
    counts(paper, "two", (1, 0, 0))
    assert server.post_view("one", User_Agent=FIREFOX + " other").status_code == 204
    counts(paper, "one", (2, 2, 0))
    assert server.most_read() == [("one", 2), ("two", 1)]


def test_a_refresher_moves_nothing(paper, edition):
    server = edition.serve()
    for _ in range(10_000 // PATIENCE):
        server.post_view("one", User_Agent=FIREFOX)
    server.view("two", 2)
    counts(paper, "one", (1, 10_000 // PATIENCE - 1, 0))
    eventually(lambda: server.most_read() == [("two", 2), ("one", 1)], SOON)


def test_ten_thousand_readers_behind_one_address_all_count(paper, edition):
    """As behind a carrier's NAT, here told by a proxy: loopback itself would have no cap."""
    server = edition.serve(PROXY)
    readers = 10_000 // PATIENCE
    for _ in range(readers):
        assert server.post_view("one", X_Forwarded_For="203.0.113.7").status_code == 204
    counts(paper, "one", (readers, 0, 0))


def test_readers_are_counted_again_where_nothing_is_remembered(paper, edition):
    server = edition.serve({"popularity.revisit_minutes": 0})
    for _ in range(3):
        server.post_view("one", User_Agent=FIREFOX)
    counts(paper, "one", (3, 0, 0))


BOTS = {
    "Googlebot": {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
    "curl": {"User-Agent": "curl/7.88.1"},
    "a library": {"User-Agent": "python-requests/2.28.1"},
    "a headless browser": {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 "
                                         "(KHTML, like Gecko) HeadlessChrome/120.0.0.0 Safari/537.36"},
    "a preview": {"User-Agent": "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)"},
    "no agent": {"User-Agent": None}, "an empty agent": {"User-Agent": ""},
    "a prefetch": {"Sec-Purpose": "prefetch"}, "a prerender": {"Sec-Purpose": "prefetch;prerender"},
    "a prefetch of old": {"Purpose": "prefetch"}, "a prefetch of Firefox's": {"X-Moz": "prefetch"},
    "another site's page": {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
    "another site's form": {"Origin": "https://evil.example"}, "a hidden origin": {"Origin": "null"},
    "another site's image": {"Sec-Fetch-Site": "cross-site"},
}
PEOPLE = {
    "our page": {"Sec-Fetch-Site": "same-origin", "Origin": "http://anything.example"},
    "a page beside": {"Sec-Fetch-Site": "same-site", "Origin": "https://www.paper.example"},
    "the paper's address": {"Origin": "https://paper.example"},
    "the frontend's": {"Sec-Fetch-Site": "cross-site", "Origin": "https://app.example"},
    "typed in": {"Sec-Fetch-Site": "none"}, "no browser's marks": {},
    "a phone of Cubot's": {"User-Agent": "Mozilla/5.0 (Linux; Android 10; CUBOT X30) AppleWebKit/537.36 "
                                         "(KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36"},
}
SITES = {"site.url": "https://paper.example", "http.cors_origin": "https://app.example"}


def test_what_nobody_reads_is_counted_apart(paper):
    slugs = [f"n{number}" for number in range(len(BOTS) + len(PEOPLE))]
    server = paper.load([section(), *map(article, slugs)]).serve(SITES)
    expected = {}
    for slug, (what, headers) in zip(slugs, [*BOTS.items(), *PEOPLE.items()]):
        answer = server.ask("POST", path_of(slug) + "/views",
                            headers={"User-Agent": a_reader(), **headers})
        assert answer.status_code == 204, what
        expected[slug] = (what, (0, 0, 1) if what in BOTS else (1, 0, 0))
    eventually(lambda: len(server.most_read(limit=100)) == len(PEOPLE), SOON)
    got = {slug: (what, paper.counted_apart(slug)) for slug, (what, _) in expected.items()}
    assert got == expected


def test_a_page_that_was_reached_by_another_name_is_no_other_site(paper, edition):
    """Where a browser gives no Sec-Fetch-Site, as without TLS, its Origin names the host it asked."""
    server = edition.serve(SITES)
    host = f"127.0.0.1:{server.port}"
    assert server.post_view("one", Origin=f"http://{host}").status_code == 204
    counts(paper, "one", (1, 0, 0))


FORWARDED = {  # what a proxy says, and whom two requests with it come from: (first, second) differ
    "an address": ("X-Forwarded-For", "203.0.113.7", "203.0.113.7"),
    "with a port": ("X-Forwarded-For", "203.0.113.7:4711", "203.0.113.7"),
    "behind another proxy": ("X-Forwarded-For", "203.0.113.7, 10.1.2.3", "203.0.113.7"),
    "a client's invention before it": ("X-Forwarded-For", "1.2.3.4, 203.0.113.7", "203.0.113.7"),
    "nonsense before it": ("X-Forwarded-For", "x y, , 203.0.113.7", "203.0.113.7"),
    "IPv6": ("X-Forwarded-For", "2001:db8::7", "[2001:db8::7]:80"),
    "RFC 7239": ("Forwarded", "for=203.0.113.7;proto=https", "for=203.0.113.7"),
    "RFC 7239, quoted": ("Forwarded", 'for="203.0.113.7:80", for=10.0.0.1', "For=203.0.113.7"),
    "RFC 7239, IPv6": ("Forwarded", 'proto=http;for="[2001:db8::7]:4711"', 'for="[2001:db8::7]"'),
    "RFC 7239, a comma in quotes": ("Forwarded", 'for=203.0.113.7;host="a, for=1.2.3.4"',
                                    "for=203.0.113.7"),
}


@pytest.mark.parametrize("what", FORWARDED)
def test_a_trusted_proxy_says_whose_view_it_is(paper, edition, what):
    name, first, second = FORWARDED[what]
    server = edition.serve(PROXY)
    server.post_view("one", User_Agent=FIREFOX)
    for value in (first, second):
        server.ask("POST", path_of("one") + "/views",
                   headers={"User-Agent": FIREFOX, name: value})
    other = "203.0.113.8" if name[0] == "X" else "for=203.0.113.8"
    server.ask("POST", path_of("one") + "/views", headers={"User-Agent": FIREFOX, name: other})
    counts(paper, "one", (3, 1, 0))


def test_lines_of_one_name_are_one_list(paper, edition):
    """Some proxies add a line instead of going on with the one that is there."""
    server = edition.serve(PROXY)
    for invented in ("1.2.3.4", "5.6.7.8"):
        with server.wire() as wire:
            assert wire.ask("POST /api/v1/articles/one/views", f"User-Agent: {FIREFOX}",
                            "Content-Length: 0", f"X-Forwarded-For: {invented}",
                            "X-Forwarded-For: 203.0.113.7").status == 204
    counts(paper, "one", (1, 1, 0))


def test_nobody_else_is_believed(paper, edition):
    server = edition.serve({"http.trusted_proxies": "192.0.2.1"})
    for number in range(3):
        server.post_view("one", User_Agent=FIREFOX, X_Forwarded_For=f"203.0.113.{number}")
        server.post_view("two", User_Agent=FIREFOX, Forwarded=f"for=203.0.113.{number}")
    counts(paper, "one", (1, 2, 0))
    counts(paper, "two", (1, 2, 0))


def test_an_address_over_its_cap_is_told_when_to_come_again(paper, edition):
    server = edition.serve({**PROXY, "popularity.address_cap": 5})
    for number in range(5):
        assert server.post_view("one", X_Forwarded_For="203.0.113.7").status_code == 204, number
    refused = server.post_view("one", X_Forwarded_For="203.0.113.7")
    assert "this address" in check_problem(refused, 429)
    assert 1 <= int(refused.headers["Retry-After"]) <= 720
    # Others are not concerned, nor are programs; who may not count now may when it is time.
    assert server.post_view("one", X_Forwarded_For="203.0.113.8").status_code == 204
    assert server.post_view("one", X_Forwarded_For="203.0.113.7",
                            User_Agent="curl/8").status_code == 204
    counts(paper, "one", (6, 0, 1))
    assert server.get("/api/v1/articles/one", headers={"X-Forwarded-For": "203.0.113.7"}).ok


@pytest.mark.parametrize("addresses, counted", [
    (["2001:db8::1", "2001:db8::2", "2001:db8:0:0:ffff::3"], 2),
    (["2001:db8::1", "2001:db8:0:1::1", "2001:db8:0:2::1"], 3),
    (["10.1.1.1", "10.1.1.1", "10.1.1.1"], 3), (["127.0.0.1", "::1", "127.0.0.1"], 3),
    (["unknown", "unknown", "unknown"], 2)])
def test_the_cap_counts_a_64_of_ipv6_and_leaves_out_our_own(paper, edition, addresses, counted):
    server = edition.serve({**PROXY, "popularity.address_cap": 2})
    answers = [server.post_view("one", X_Forwarded_For=address).status_code
               for address in addresses]
    assert answers == [204] * counted + [429] * (3 - counted)


def test_loopback_has_no_cap(paper, edition):
    server = edition.serve({"popularity.address_cap": 1})
    server.view("one", 20)
    counts(paper, "one", (20, 0, 0))


def test_reads_count_where_that_is_wanted(paper, edition):
    server = edition.serve({"popularity.count_reads": "on"})
    for agent in (FIREFOX, FIREFOX, FIREFOX + " x", "curl/8"):
        assert server.get("/api/v1/articles/one", headers={"User-Agent": agent}).ok
    assert server.ask("HEAD", "/api/v1/articles/one", headers={"User-Agent": a_reader()}).ok
    assert server.get("/national/1/one", headers={"User-Agent": a_reader()}).ok
    assert server.get("/api/v1/articles/gone", headers={"User-Agent": a_reader()}).status_code == 410
    server.post_view("one", User_Agent=FIREFOX)  # and by the same rule as what is posted
    counts(paper, "one", (2, 2, 1))
    counts(paper, "gone", (0, 0, 0))


def test_a_read_is_never_refused_for_the_cap(paper, edition):
    server = edition.serve({**PROXY, "popularity.count_reads": "on", "popularity.address_cap": 1})
    for _ in range(3):
        assert server.get("/api/v1/articles/one",
                          headers={"User-Agent": a_reader(), "X-Forwarded-For": "203.0.113.7"}).ok
    counts(paper, "one", (1, 0, 2))


def test_what_is_not_an_article_counts_nothing(paper, edition):
    server = edition.serve()
    for name, status in (("none", 404), ("gone", 410), ("99", 404)):
        check_problem(server.post_view(name), status)
    paper.load([article("one", status="withdrawn")])
    eventually(lambda: server.post_view("1").status_code == 410, SOON)
    paper.load([article("one")])
    eventually(lambda: server.post_view("1").status_code == 204, SOON)
