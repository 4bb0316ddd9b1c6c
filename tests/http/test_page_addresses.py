"""Where pages lie and what leads to them: an article is found by its id under any section and slug,
old addresses of another system lead on, and no Host header ever gets into an address."""

from urllib.parse import quote

import pytest
from khobor import article, redirect, section
from wire import Wire
from markup import get_page, having, links

KHELA, MATCH = quote("খেলা"), quote("ম্যাচ-জ\u09df")
ONE, TWO = f"/{KHELA}/1/{MATCH}", "/national/2/two"
REDIRECTS = {
    "/news.php?id=5&lang=bn": "two", "/পুরোনো/খবর": "two", "/old%20page.html": "two",
    "/a/b/c/d/e/f/g/h": "two", "/national/99/x": "two", "/x.php?q=নদী": "two", "/dir/": "two",
    f"/up/{quote('খবর')}?q={quote('নদী')}": "two", "/%e0%a6%95/low": "two", "/latest/2010": "two",
    "/national": "two", "/national/1/old": "two", "/gone": "gone", "/draft": "draft",
}


@pytest.fixture(scope="module")
def server(new_paper):
    return new_paper().load([
        section(), section("খেলা", "খেলা"), section("empty", "খালি"),
        article("ম্যাচ-জ\u09df", "খেলা", tags=["নদী", "a/b"], authors=["A"]), article("two"),
        article("gone", status="withdrawn"), article("draft", status="draft"),
        *(redirect(source, to) for source, to in REDIRECTS.items())]).serve(
            {"site.url": "https://khobor.example"})


def moved(server, target):
    """Where a target, of any bytes, leads at once."""
    with server.wire() as wire:
        wire.send(b"GET " + target.encode() + b" HTTP/1.1\r\nHost: khobor\r\n\r\n")
        answer = wire.answer()
    assert (answer.status, answer.body) == (301, b""), target
    assert answer.headers["cache-control"] == "public, max-age=10"
    return answer.headers["location"]


def arrive(server, target, hops_max=3):
    """The address at which one is in the end."""
    for _ in range(hops_max):
        answer = server.get(target)
        if answer.status_code != 301:
            assert answer.status_code == 200
            return target
        target = answer.headers["Location"]
    raise AssertionError(f"more than {hops_max} redirects, the last to {target}")


# What leads to an article's one address


@pytest.mark.parametrize("target, location", [
    (f"/national/1/{MATCH}", ONE), (f"/nowhere/1/{MATCH}", ONE), (f"/{KHELA}/1/old-slug", ONE),
    (f"/{KHELA}/1", ONE), (f"/{KHELA}/01/{MATCH}", ONE), (f"/{KHELA}/{MATCH}", ONE),
    (f"/national/{MATCH}", ONE), ("/খেলা/1/x", ONE), ("/খেলা/ম্যাচ-জয়", ONE),
    ("/1/1/1", ONE), ("/x/two", TWO), ("/national/2/two%E2%80%8B", TWO), ("/national/2/TWO", TWO),
    ("/national/2/..", TWO), (f"/national/2/{quote('/etc/passwd', safe='')}", TWO)])
def test_another_section_or_slug_or_none_leads_to_the_article(server, target, location):
    assert moved(server, target) == location
    assert server.get(location).status_code == 200


@pytest.mark.parametrize("spelling", [
    "ম্যাচ-জ\u09af\u09bc", "ম্যাচ-জ\u09df\u200c", "ম্যাচ\u00ad-জ\u09df"])
def test_another_spelling_leads_to_the_stored_one(server, spelling):
    for target in (f"/{KHELA}/1/{quote(spelling)}", f"/{KHELA}/{quote(spelling)}",
                   f"/{KHELA}%E2%80%8C/1/{MATCH}"):
        assert moved(server, target) == ONE


@pytest.mark.parametrize("target", [
    ONE.replace("%E0", "%e0"), "/national/2/%74wo", "/%6eational/2/two", "/national/%32/two"])
def test_the_same_address_in_other_percent_codes_is_the_page(server, target):
    """A redirect would lead to what a client takes for the same address, and so to itself."""
    with server.wire() as wire:
        assert wire.ask("GET " + target).status == 200


@pytest.mark.parametrize("page", [
    "/latest", "/most-read", "/national", "/" + KHELA, "/archive/2024-04-16",
    "/tag/" + quote("নদী"), "/tag/a%2Fb", "/author/A", ONE, TWO])
@pytest.mark.parametrize("query", ["", "?window=7d", "?utm_source=a&b=%2F%26&c=%E0%A6%95"])
def test_a_slash_at_the_end_leads_to_the_page(server, page, query):
    assert moved(server, page + "/" + query) == page + query


@pytest.mark.parametrize("query", ["?utm_source=a", "?a=b&a=b", "?x", "?", "?a=/&b=?",
                                   "?q=%E0%A6%95+%20", "?next=//evil.example"])
def test_a_query_is_kept(server, query):
    assert moved(server, "/x/1/y" + query) == ONE + query


def test_what_can_not_stand_in_an_address_is_encoded(server):
    assert moved(server, "/x/1/y?a=\"<b>'") == ONE + "?a=%22%3Cb%3E'"


@pytest.mark.parametrize("target", [
    "//evil.example/", "//evil.example//", "///evil.example/", "/\\evil.example/", "/%2F/evil/",
    "/%2Fevil.example/", "/%5Cevil.example/", "/.//evil.example/", "/%09/evil.example/",
    "/x/1/y/%2F%2Fevil.example", "http://evil.example/x/1/y", "/national//", "/national/2/two//"])
def test_no_redirect_leads_to_another_host(server, target):
    with server.wire() as wire:
        location = wire.ask("GET " + target).headers.get("location", "/")
    assert location[0] == "/" and location[1:2] not in ("/", "\\")


@pytest.mark.parametrize("target", [
    "/national/3/gone", "/national/gone", "/national/99", "/national/0/two", "/national/two/2",
    "/national/two/two", "/national/-2/two", "/national/2x/two", "/national/২/two", "/national/4",
    "/2", "/two", "/nowhere", "/NATIONAL", "/national/2/two/3", "/national/2//two"])
def test_what_no_article_has_is_no_page(server, target):
    assert server.get(target).status_code == (410 if "gone" in target else 404)


# Addresses of another system


@pytest.mark.parametrize("target", [
    "/news.php?id=5&lang=bn", "/news.php?id=%35&lang=bn",
    "/পুরোনো/খবর", quote("/পুরোনো/খবর"), quote("/পুরোনো/খবর").lower(),
    "/পুরোনো/খবর?utm_source=x",
    "/old%20page.html", "/old%20page.html?x=1", "/a/b/c/d/e/f/g/h", "/national/99/x",
    "/x.php?q=নদী", "/x.php?q=" + quote("নদী"), f"/up/{quote('খবর')}?q={quote('নদী')}",
    "/%e0%a6%95/low", "/dir/", "/dir/?utm_source=x", "/latest/2010"])
def test_an_old_address_leads_to_its_article(server, target):
    assert moved(server, target) == TWO


def test_an_old_address_goes_before_the_article_of_its_number(server):
    """An old system may have counted its articles in the same way."""
    assert moved(server, "/national/1/old") == TWO
    assert moved(server, "/national/1/older") == ONE


def test_a_page_goes_before_an_old_address(server):
    assert server.get("/national").status_code == 200


@pytest.mark.parametrize("target, status", [
    ("/news.php?id=6", 404), ("/news.php", 404), ("/NEWS.php?id=5&lang=bn", 404), ("/dir", 404),
    ("/gone", 410), ("/draft", 404)])
def test_what_leads_nowhere_says_so(server, target, status):
    assert server.get(target).status_code == status


def test_old_addresses_can_come_and_change_beside_a_running_server(paper):
    server = paper.load([section(), article("a"), article("b")]).serve()
    assert server.get("/old").status_code == 404
    for number, slug in ((1, "a"), (2, "b")):
        paper.load([redirect("/old", slug)])
        assert moved(server, "/old") == f"/national/{number}/{slug}"


def test_an_old_link_survives_a_new_headline_and_section(paper):
    server = paper.load([section(), section("sports", "খেলা"), article("a")]).serve()
    shared = server.read("/api/v1/articles/a")["url"]
    paper.load([article("a", headline="Another")])
    assert server.get(shared).status_code == 200
    paper.load([article("a", "sports")])
    assert arrive(server, shared) == "/sports/1/a"
    paper.load([article("a", "national")])
    assert arrive(server, "/sports/1/a") == shared


def test_an_old_link_survives_a_new_slug(paper):
    """A slug is an article's identity: under a new one it is another, to which the old address
    leads when the editors say so."""
    server = paper.load([section(), article("typo")]).serve()
    paper.load([article("typo", status="draft"), article("right"),
                redirect("/national/1/typo", "right")])
    assert arrive(server, "/national/1/typo") == "/national/2/right"


def test_a_slash_and_a_wrong_section_are_put_right_in_the_end(server):
    assert arrive(server, "/x/1/y/") == ONE
    assert arrive(server, "/national/99/x/") == TWO


# Host headers


ADDRESSES = ["/", "/latest", "/most-read", "/national", "/empty", ONE, "/tag/a%2Fb", "/author/A",
             "/archive/2024-04-16", "/feed.xml", "/atom.xml", "/feed.json", "/national/feed.xml",
             "/sitemap.xml", "/sitemaps/1.xml", "/sitemaps/fronts.xml", "/news-sitemap.xml",
             "/robots.txt", "/manifest.webmanifest", "/nowhere", "/national/3/gone",
             "/latest?cursor=x", "/x/1/y", "/latest/", "/dir/", "//x"]
HOSTILE = ["X-Forwarded-Host: evil.example", "X-Forwarded-Proto: evil", "X-Forwarded-Server: evil",
           "X-Host: evil.example", "X-Original-URL: /evil", "X-Rewrite-URL: /evil",
           "Forwarded: host=evil.example;proto=evil", "Referer: https://evil.example/",
           "Origin: https://evil.example", "X-Forwarded-Prefix: /evil", "Accept: text/html"]


@pytest.mark.parametrize("target", ADDRESSES)
def test_no_host_header_gets_into_an_answer(server, target):
    """Whoever could put one there would have the paper's cache give others a page of theirs."""
    with Wire(server.port) as wire:
        usual = wire.ask("GET " + target, "Accept: text/html")
        head = "\r\n".join([f"GET {target} HTTP/1.1", "Host: evil.example", *HOSTILE, "", ""])
        answer = wire.send(head.encode()).answer()
    assert b"evil" not in answer.body and "evil" not in str(answer.headers)
    assert (answer.status, answer.body) == (usual.status, usual.body)


def test_addresses_begin_with_the_sites_own(server):
    for target in ("/feed.xml", "/sitemaps/1.xml", "/sitemap.xml", "/robots.txt", ONE, "/latest"):
        assert "https://khobor.example" in server.get(target).text
        assert "127.0.0.1" not in server.get(target).text


def test_the_lists_links_lead_to_articles_without_a_redirect(server):
    for card in having(get_page(server, "/latest"), "card"):
        assert server.get(links(card)[0][0]).status_code == 200
