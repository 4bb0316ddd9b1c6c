"""An article's page: its blocks in their order, its authors and times, and its lists."""

import json
import unicodedata
from urllib.parse import quote

import pytest
from khobor import article, hour, section, views
from markup import get_page, having, head_links, links, main_of, metas, pieces, text_of

SITE = {"site.url": "https://khobor.example"}
FULL = {
    "kicker": "নদী", "headline": "নদীর খবর", "standfirst": "সংক্ষেপে", "desk": "নিজস্ব প্রতিবেদক",
    "authors": ["আ. রহমান", "B"], "credits": ["এলকে", "রা"], "tags": ["নদী", "পানি/জল"],
    "body": "প্রথম *অংশ*।\n\n# মাঝে\n\nশেষ।", "published_at": "2024-04-15T12:00:00+06:00",
    "updated_at": "2024-04-16T09:05:00+06:00",
    "image": {"url": "/a b.jpg", "width": 1200, "height": 800, "alt": "নৌকা", "caption": "ঘাটে",
              "credit": "রয়টার্স"},
    "related": ["pick-3", "pick-1", "pick-2"],
}
PICKS = [article(f"pick-{i}", published_at="2020-01-01T00:00:00Z") for i in range(1, 4)]
NEWEST = [article(f"new-{i}", published_at=f"2024-04-16T1{i}:00:00+06:00") for i in range(1, 6)]
BLOCKS = [
    "নদী", "নদীর খবর", "সংক্ষেপে", "আ. রহমান", "B", "নিজস্ব প্রতিবেদক",
    "2024-04-15T12:00:00+06:00", "১৫ এপ্রিল ২০২৪, ১২:০০",
    "আপডেট :", "2024-04-16T09:05:00+06:00", "১৬ এপ্রিল ২০২৪, ০৯:০৫",
    "নৌকা", "ঘাটে", "ছবি:", "রয়টার্স",
    "প্রথম", "অংশ", "।", "মাঝে", "শেষ।", "/এলকে/রা/",
    "বিষয়", "নদী", "পানি/জল",
    "সম্পর্কিত", "Headline of pick-3", "Headline of pick-1", "Headline of pick-2",
    "সর্বশেষ খবর", *(f"Headline of new-{i}" for i in (5, 4, 3, 2)),
    "সর্বাধিক পঠিত", "Headline of pick-2", "Headline of new-1",
]


@pytest.fixture(scope="module")
def server(new_paper):
    return new_paper().load([
        section(), section("খেলা", "খেলা"), article("full", "খেলা", **FULL), *PICKS, *NEWEST,
        article("english", language="en", kicker="K", standfirst="S",
                published_at="2019-01-01T00:00:00Z"),
        views("full", hour(), 9), views("pick-2", hour(), 8), views("new-1", hour(), 7),
    ]).serve(SITE)


def page_of(server, slug):
    return get_page(server, server.read("/api/v1/articles/" + slug)["url"])


def alone(paper, **fields):
    """The page of a paper's only article."""
    return page_of(paper.load([section(), article("a", **fields)]).serve(), "a")


def test_the_blocks_stand_in_their_order(server):
    assert pieces(main_of(page_of(server, "full"))) == BLOCKS


@pytest.mark.clock
@pytest.mark.parametrize("clock, dates", [
    ("@2024-04-16 06:00:00", ["2024-04-16", "মঙ্গলবার, ১৬ এপ্রিল ২০২৪", "৩ বৈশাখ ১৪৩১"]),
    ("@2024-04-13 18:00:00", ["2024-04-14", "রবিবার, ১৪ এপ্রিল ২০২৪", "১ বৈশাখ ১৪৩১"]),
    ("@1986-12-31 12:00:00", ["1986-12-31", "বুধবার, ৩১ ডিসেম্বর ১৯৮৬"])])
def test_the_masthead_stands_first_with_the_day_in_both_calendars(paper, clock, dates):
    """Before 1987 the Bangla calendar had no one rule, so there is no date of it."""
    paper.load([section(), section("খেলা", "খেলা"),
                article("a", published_at="1980-01-01T00:00:00Z")])
    body = page_of(paper.serve(clock=clock), "a").find("body")
    assert [child.tag for child in body] == ["a", "header", "main", "footer"]
    assert pieces(body.find("header")) == [*dates, "খবর", "বিভাগ", "সর্বশেষ খবর", "জাতীয়", "খেলা",
                                           "সর্বাধিক পঠিত"]


@pytest.mark.parametrize("authors, desk", [
    ([], "নিজস্ব প্রতিবেদক"), (["আ. রহমান"], None), (["আ. রহমান", "B", "গ"], None),
    (["A"], "ক্রীড়া ডেস্ক"), ([], None)])
def test_a_byline_has_the_authors_or_the_desk(paper, authors, desk):
    bylines = having(alone(paper, authors=authors, desk=desk), "byline")
    if not authors and not desk:
        assert bylines == []
        return
    (byline,) = bylines
    assert pieces(byline) == authors + [desk] * bool(desk)
    for (href, name), author in zip(links(byline), authors, strict=True):
        assert name == author
        assert pieces(main_of(get_page(paper.servers[0], href)))[:2] == ["লেখক", author]


@pytest.mark.parametrize("language, updated, expected", [
    ("bn", "2024-04-16T18:30:00+06:00", "১৬ এপ্রিল ২০২৪, ১২:০০আপডেট : ১৬ এপ্রিল ২০২৪, ১৮:৩০"),
    ("bn", None, "১৬ এপ্রিল ২০২৪, ১২:০০"),
    ("en", "2024-04-16T18:30:00+06:00", "16 April 2024, 12:00Updated: 16 April 2024, 18:30")])
def test_when_it_was_published_and_updated(paper, language, updated, expected):
    server = paper.load([section(), article("a", updated_at=updated)]).serve(
        {"site.language": language})
    (when,) = having(page_of(server, "a"), "when")
    assert text_of(when) == expected


@pytest.mark.parametrize("credits, text", [
    ([], []), (["এলকে"], ["/এলকে/"]), (["এলকে", "রা"], ["/এলকে/রা/"]),
    (["a", "b", "c"], ["/a/b/c/"])])
def test_credits_stand_between_strokes_behind_the_body(paper, credits, text):
    tree = alone(paper, credits=credits)
    assert [text_of(found) for found in having(tree, "credits")] == text
    behind = list(main_of(tree).find("article"))[2:]
    assert [found.get("class") for found in behind] == ["credits"] * len(text)


def test_what_an_article_lacks_leaves_nothing_behind(paper):
    """No empty list, no heading without one, no caption without a picture."""
    tree = alone(paper)
    assert pieces(main_of(tree)) == ["Headline of a", "2024-04-16T12:00:00+06:00",
                                     "১৬ এপ্রিল ২০২৪, ১২:০০", "Body of a."]
    empty = [found.tag for found in main_of(tree).iter() if found.tag in ("ul", "ol", "li", "h2",
             "figure", "img", "nav", "section")]
    assert empty == []


def test_the_lists_have_these_headings_and_lengths(server):
    """Their lengths are lists.related, lists.latest and lists.most_read; two others were read."""
    sections = main_of(page_of(server, "full")).findall(".//section")
    assert [[text_of(found) for found in part.iter("h2")] for part in sections] == \
        [["সম্পর্কিত"], ["সর্বশেষ খবর"], ["সর্বাধিক পঠিত"]]
    assert [len(links(part[1])) for part in sections] == [3, 4, 2]


def test_the_lists_of_an_english_paper_have_english_headings(paper):
    server = paper.load([section(), article("full", **FULL), *PICKS, *NEWEST,
                         views("new-1", hour(), 1)]).serve({"site.language": "en"})
    assert [text_of(found) for found in main_of(page_of(server, "full")).findall(".//section/h2")] \
        == ["Related", "Latest news", "Most read"]


def test_an_article_is_not_listed_beside_itself(server):
    for card in server.read("/api/v1/articles?limit=100")["items"]:
        (beside,) = having(get_page(server, card["url"]), "beside")
        assert card["url"] not in [href for href, _ in links(beside)]
        assert len(links(beside)) > 5


def test_the_page_tells_where_its_views_are_counted(server):
    """And no other page does: it would count for the article too."""
    address = page_of(server, "full").find("body").get("data-views")
    assert server.ask("POST", address).status_code == 204
    assert address == f"/api/v1/articles/{server.read('/api/v1/articles/full')['id']}/views"
    for path in ("/", "/latest", "/most-read", "/national"):
        assert "data-views" not in get_page(server, path).find("body").attrib


def test_a_text_of_another_language_says_so(server):
    """A reader's voice and fonts follow it; the page around it stays the paper's."""
    tree = page_of(server, "english")
    assert tree.get("lang") == "bn"
    parts = [tree.find(".//h1"), *having(tree, "standfirst"), *having(tree, "body")]
    assert [part.get("lang") for part in parts] == ["en"] * 3
    beside = having(tree, "beside")[0].findall(".//li/a")
    assert len(beside) > 5 and {link.get("lang") for link in beside} == {"bn"}
    shown = {link.get("href"): link.get("lang") for link in get_page(server, "/latest").iter("a")}
    assert shown[server.read("/api/v1/articles/english")["url"]] == "en"


def test_a_pictures_address_and_size_are_given(server):
    picture = page_of(server, "full").find(".//figure/img")
    assert picture.attrib == {"src": "/a%20b.jpg", "alt": "নৌকা", "lang": "bn", "width": "1200",
                              "height": "800"}


def test_a_tag_leads_to_its_page(server):
    for href, name in links(having(page_of(server, "full"), "tags")[0]):
        assert pieces(main_of(get_page(server, href)))[:2] == ["বিষয়", name]


# What search engines and other sites are told


def test_the_head_tells_the_articles_address_and_what_it_is_about(server):
    card = server.read("/api/v1/articles/full")
    tree = page_of(server, "full")
    address = "https://khobor.example" + card["url"]
    assert text_of(tree.find("head/title")) == "নদীর খবর | খবর"
    assert head_links(tree, "canonical") == [address]
    assert {name: values for name, values in metas(tree).items()
            if name.split(":")[0] in ("og", "article", "description", "robots", "twitter")} == {
        "description": ["সংক্ষেপে"], "og:type": ["article"], "og:site_name": ["খবর"],
        "og:title": ["নদীর খবর"], "og:description": ["সংক্ষেপে"], "og:url": [address],
        "og:image": ["https://khobor.example/a%20b.jpg"], "twitter:card": ["summary_large_image"],
        "article:published_time": ["2024-04-15T12:00:00+06:00"],
        "article:modified_time": ["2024-04-16T09:05:00+06:00"], "article:section": ["খেলা"],
        "article:tag": ["নদী", "পানি/জল"]}


def test_what_has_no_picture_is_shown_with_the_papers_icon(server):
    told = metas(page_of(server, "pick-1"))
    assert told["og:image"][0].startswith("https://khobor.example/assets/")
    assert told["og:image"][0].endswith("/icon-512.png")
    assert server.get(told["og:image"][0].removeprefix("https://khobor.example")).status_code == 200
    assert told["twitter:card"] == ["summary"]


@pytest.mark.parametrize("url, absolute", [
    ("/a.jpg", "https://khobor.example/a.jpg"),
    ("//cdn.example/a.jpg", "https://cdn.example/a.jpg"),
    ("http://cdn.example/a.jpg?b=c&d", "http://cdn.example/a.jpg?b=c&d"),
    ("/ক.jpg", "https://khobor.example/%E0%A6%95.jpg")])
def test_a_pictures_address_is_absolute_for_others(paper, url, absolute):
    server = paper.load([section(), article("a", image={"url": url})]).serve(SITE)
    assert metas(page_of(server, "a"))["og:image"] == [absolute]


@pytest.mark.parametrize("fields, description", [
    ({"standfirst": "সার \"কথা\" <b>", "body": "x"}, "সার \"কথা\" <b>"),
    ({"body": "# T\n\n- list\n\nপ্রথম *অনুচ্ছেদ* [a](/b)\nচলে।\n\nSecond."},
     "প্রথম অনুচ্ছেদ a চলে।")])
def test_a_description_is_the_standfirst_or_the_first_paragraph(paper, fields, description):
    told = metas(alone(paper, **fields))
    assert (told["description"], told["og:description"]) == ([description], [description])


def test_a_description_is_not_too_long_and_ends_at_a_letters_end(paper):
    words = "নিষেধাজ্ঞা " * 300
    (told,) = metas(alone(paper, body=words))["description"]
    kept = told.removesuffix("…")
    assert told != kept and words.startswith(kept) and 300 < len(kept.encode()) <= 600
    assert unicodedata.category(words[len(kept)])[0] != "M" and kept[-1] != "\u09cd"


def test_search_engines_are_told_who_wrote_what_and_when(server):
    """In schema.org's words; the desk, or else the paper, ends the list of authors."""
    (script,) = [found for found in page_of(server, "full").iter("script") if found.get("type")]
    site = "https://khobor.example"
    address = site + server.read("/api/v1/articles/full")["url"]
    story, trail = json.loads(script.text)["@graph"]
    logo = story["publisher"].pop("logo")
    assert server.get(logo["url"].removeprefix(site)).headers["Content-Type"] == "image/png"
    assert story == {
        "@type": "NewsArticle", "@id": address, "mainEntityOfPage": address, "url": address,
        "headline": "নদীর খবর", "description": "সংক্ষেপে", "image": [site + "/a%20b.jpg"],
        "datePublished": "2024-04-15T12:00:00+06:00", "dateModified": "2024-04-16T09:05:00+06:00",
        "inLanguage": "bn", "articleSection": "খেলা", "keywords": ["নদী", "পানি/জল"],
        "isAccessibleForFree": True, "author": [
            {"@type": "Person", "name": "আ. রহমান",
             "url": site + "/author/" + quote("আ. রহমান")},
            {"@type": "Person", "name": "B", "url": site + "/author/B"},
            {"@type": "Organization", "name": "নিজস্ব প্রতিবেদক"}],
        "publisher": {"@type": "NewsMediaOrganization", "name": "খবর", "url": site + "/"}}
    steps = [(step["position"], step["name"], step["item"]) for step in trail["itemListElement"]]
    assert steps == [(1, "খেলা", site + "/" + quote("খেলা")), (2, "নদীর খবর", address)]


def test_search_engines_are_told_no_more_than_there_is(server):
    tree = page_of(server, "english")
    (script,) = [found for found in tree.iter("script") if found.get("type")]
    story = json.loads(script.text)["@graph"][0]
    assert (story["inLanguage"], story["keywords"], "image" in story) == ("en", [], False)
    assert story["dateModified"] == story["datePublished"] == "2019-01-01T06:00:00+06:00"
    assert story["author"] == [{"@type": "Organization", "name": "খবর"}]
