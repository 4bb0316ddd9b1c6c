"""Header fields for caches outside of the server: tags for purging, and how long a stale response
is allowed."""

import re

import pytest
from cached import EDITION
from khobor import article, section

TAGGED = {
    "/api/v1/articles/1": {"article-1", "sections"},
    "/national/1/a": {"article-1", "sections", "most-read", "theme", "card-2"},
    "/api/v1/sections/sports": {"list-sports", "sections", "card-3"},
    "/api/v1/latest": {"list", "card-1", "card-2"},
    "/": {"list", "lead", "most-read", "card-1", "theme"},
    "/feed.xml": {"list", "article-1", "theme"},
    "/api/v1/most-read": {"counts"},
    "/sitemap.xml": {"paper", "theme"},
    "/robots.txt": {"theme"},
}


@pytest.mark.parametrize("setting, field, separator", [
    ("cache-tag", "cache-tag", ","), ("surrogate-key", "surrogate-key", " ")])
def test_cache_tags_name_the_sources_of_a_response(paper, setting, field, separator):
    server = paper.load(EDITION).serve({"http.cache_tags": setting, "http.threads": 1})
    with server.wire() as wire:
        for target, expected in TAGGED.items():
            first, again = (wire.ask("GET " + target) for _ in range(2))
            tags = first.headers[field].split(separator)
            assert expected <= set(tags), (target, tags)
            assert len(tags) == len(set(tags))
            assert again.headers[field] == first.headers[field]
            kept = wire.ask("GET " + target, "If-None-Match: " + first.headers["etag"])
            assert (kept.status, kept.headers[field]) == (304, first.headers[field])
        assert field not in wire.ask("GET /healthz").headers
        assert field not in wire.ask("GET /nowhere").headers


def test_a_response_of_too_many_sources_has_the_tag_of_the_paper(paper):
    """Naming some of the sources would leave a cache outside stale when others change."""
    sections = [section(f"আন্তর্জাতিক-খবর-{n}", f"N {n}") for n in range(60)]
    paper.load([*sections, *(article(f"a{n}", sections[n % 60]["slug"]) for n in range(300))])
    server = paper.serve({"http.cache_tags": "cache-tag"})
    for target, tags in (("/api/v1/sections", {"paper"}), ("/api/v1/sections?limit=1", {"paper"}),
                         ("/", {"paper", "most-read", "theme"})):
        for _ in range(2):
            assert set(server.get(target).headers["Cache-Tag"].split(",")) == tags, target
    paper.load([article("new", sections[0]["slug"], headline="New one")])
    assert "New one" in server.get("/api/v1/sections").text
    assert "New one" in server.get("/").text


def test_without_a_setting_there_are_no_cache_tags(paper):
    server = paper.load(EDITION).serve()
    for target in TAGGED:
        assert not {"Cache-Tag", "Surrogate-Key"} & set(server.get(target).headers), target


def test_stale_responses_are_allowed_as_set(paper):
    server = paper.load(EDITION).serve({"http.stale_while_revalidate_s": 30,
                                        "http.stale_if_error_s": 600, "http.max_age_s": 5})
    grace = ", stale-while-revalidate=30, stale-if-error=600"
    expected = {"/api/v1/latest": "public, max-age=5" + grace,
                "/": "public, max-age=5" + grace,
                "/api/v1/most-read": "public, max-age=1" + grace,
                "/healthz": "no-store", "/api/v1/nothing": "no-store"}
    for _ in range(2):
        for target, value in expected.items():
            assert server.get(target).headers["Cache-Control"] == value, target
    sheet = re.search(r'href="(/assets/[^"]+/style\.css)"', server.get("/").text)[1]
    for _ in range(2):
        assert server.get(sheet).headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_stale_responses_are_not_allowed_by_default(paper):
    server = paper.load(EDITION).serve()
    for _ in range(2):
        assert server.get("/api/v1/latest").headers["Cache-Control"] == "public, max-age=10"
    server.stop()
    server = paper.serve({"http.stale_if_error_s": 60})
    assert server.get("/").headers["Cache-Control"] == "public, max-age=10, stale-if-error=60"
