"""Going on in lists by nothing but the pages' own links: every article once, and where search
engines are to look."""

from collections import Counter
from urllib.parse import quote

import pytest
from khobor import article, section
from markup import get_page, having, head_links, links, main_of, metas

OLDER, NEWEST = "আগের খবর", "সবচেয়ে নতুন"
PAGES_MAX = 20
DAY = [article(f"day-{i}", "খেলা", tags=["নদী/জল"], authors=["A"],
               published_at=f"2024-04-16T{8 + i // 40:02}:00:00+06:00") for i in range(112)]
OTHERS = [article(f"other-{i}", published_at=f"2024-04-{10 + i % 5}T23:59:59+06:00")
          for i in range(25)]
LISTS = {
    "/latest": DAY + OTHERS, "/" + quote("খেলা"): DAY, "/national": OTHERS,
    "/tag/" + quote("নদী/জল", safe=""): DAY, "/author/A": DAY, "/archive/2024-04-16": DAY,
    "/archive/2024-04-14": OTHERS[4::5],
}


@pytest.fixture(scope="module")
def server(new_paper):
    return new_paper().load([section(), section("খেলা", "খেলা"), *DAY, *OTHERS]).serve(
        {"site.url": "https://khobor.example"})


def older_of(tree):
    """Where a page's link to the older ones leads; None at the end."""
    (link,) = [link for link in main_of(tree).iter("a") if link.get("rel") == "next"] or [None]
    assert link is None or link.text == OLDER
    assert head_links(tree, "next") == ([] if link is None else [link.get("href")])
    return None if link is None else link.get("href")


def walk(server, path, between=lambda: None):
    """The pages of a list, from its first to its last, with their addresses."""
    pages = []
    while path:
        assert len(pages) < PAGES_MAX
        pages.append((path, get_page(server, path)))
        path = older_of(pages[-1][1])
        between()
    return pages


def slugs(pages):
    return [links(card)[0][0].split("/")[3] for _, tree in pages for card in having(tree, "card")]


@pytest.mark.parametrize("path", LISTS)
def test_the_links_lead_to_every_article_once(server, path):
    pages = walk(server, path)
    assert Counter(slugs(pages)) == Counter(record["slug"] for record in LISTS[path])
    size = 50 if path.startswith("/archive") else 20
    assert [len(slugs([page])) for page in pages[:-1]] == [size] * (len(LISTS[path]) // size)


def test_the_newest_come_first_on_all_pages(server):
    everything = server.slugs("/api/v1/articles?limit=100")
    assert slugs(walk(server, "/latest"))[:100] == everything


@pytest.mark.parametrize("path", LISTS)
def test_only_the_first_page_is_to_be_found(server, path):
    """A later page's articles move on with each new one; engines follow it and keep the first."""
    (_, first), *others = walk(server, path)
    assert head_links(first, "canonical") == ["https://khobor.example" + path]
    assert "robots" not in metas(first)
    for _, tree in others:
        assert metas(tree)["robots"] == ["noindex, follow"]
        assert head_links(tree, "canonical") == [] and "og:url" not in metas(tree)


@pytest.mark.parametrize("path", LISTS)
def test_a_later_page_leads_back_to_the_first(server, path):
    (_, first), *others = walk(server, path)
    assert NEWEST not in [text for _, text in links(main_of(first))]
    for _, tree in others:
        assert (path, NEWEST) in links(main_of(tree))


def test_what_is_published_meanwhile_makes_none_skipped_or_repeated(paper):
    before = [article(f"a-{i}") for i in range(50)]
    server = paper.load([section(), *before]).serve()
    coming = iter(range(100))
    pages = walk(server, "/latest", lambda: paper.load([article(
        f"new-{next(coming)}", published_at="2024-04-17T00:00:00Z")]))
    assert len(pages) == 3
    assert Counter(slugs(pages)) == Counter(record["slug"] for record in before)


@pytest.mark.parametrize("count, pages", [(0, 1), (1, 1), (20, 1), (21, 2), (40, 2), (41, 3)])
def test_a_last_page_that_is_full_has_no_link_to_an_empty_one(paper, count, pages):
    server = paper.load([section(), *(article(f"a-{i}") for i in range(count))]).serve()
    assert len(walk(server, "/latest")) == len(walk(server, "/national")) == pages
