"""Pages show the documents of the API, all of them and nothing else, so that a frontend of one's
own can show what they show (docs/PAGES.md). In both directions, for every kind of page."""

import re
from urllib.parse import quote

import pytest
from khobor import eventually
from markup import get_page, having, links, main_of, page_tree, pieces

INCLUDED = "?include=related,latest,most_read,site"
WINDOWS = ["1h", "6h", "24h", "7d", "30d", "all"]
ARTICLE = re.compile(r"/[^/]+/\d+/[^/]+")  # an article's address
VARIED_BY = ["kicker", "standfirst", "image", "updated_at", "desk", "authors", "credits"]


def articles(demo):
    """An article of each combination of what an article may lack."""
    varied = {}
    for card in demo.read("/api/v1/articles?limit=100")["items"]:
        got = demo.read(f"/api/v1/articles/{card['id']}")
        kind = (got["language"], *(bool(got[name]) for name in VARIED_BY))
        varied[kind] = (got["url"], f"/api/v1/articles/{got['id']}{INCLUDED}")
    assert len(varied) >= 10
    return varied.values()


def terms(demo, kind):
    """The tag or author of the most articles, and that of the newest."""
    names = [name for card in demo.read("/api/v1/articles?limit=100")["items"]
             for name in demo.read(f"/api/v1/articles/{card['id']}")[kind + "s"]]
    for name in {max(names, key=names.count), names[0]}:
        yield f"/{kind}/{quote(name)}", f"/api/v1/{kind}s/{quote(name)}"


def older(demo, page, twin):
    """A list's second page, by the link of its first."""
    address = next(href for href, text in links(main_of(get_page(demo, page)))
                   if text == demo.read("/api/v1/texts")["older"])
    return address, twin + "?" + address.split("?")[1]


def days(demo):
    for date in (demo.read("/api/v1/latest")["items"][0]["published_at"][:10], "1900-01-01"):
        yield "/archive/" + date, "/api/v1/archive/" + date


# The addresses of each kind of page with those of their documents.
KINDS = {
    "front": lambda demo: [("/", "/api/v1/front")],
    "section": lambda demo: [("/" + item["slug"], "/api/v1/sections/" + item["slug"])
                             for item in demo.read("/api/v1/site")["sections"]],
    "article": articles,
    "latest": lambda demo: [("/latest", "/api/v1/latest"),
                            older(demo, "/latest", "/api/v1/latest")],
    "most read": lambda demo: [(f"/most-read?window={name}", f"/api/v1/most-read?window={name}")
                               for name in WINDOWS],
    "most read of itself": lambda demo: [("/most-read", "/api/v1/most-read")],
    "archive": days,
    "tag": lambda demo: terms(demo, "tag"),
    "author": lambda demo: terms(demo, "author"),
}


def together(server, page, twin):
    """A page, its document, the site and the labels, all of one moment."""
    def look():
        paths = (twin, "/api/v1/site", "/api/v1/texts")
        before = [server.read(path) for path in paths]
        tree = get_page(server, page)
        return before == [server.read(path) for path in paths] and (tree, before)
    return eventually(look)


def body_of(document):
    """A body's HTML as it stands on a page, alone."""
    return page_tree(f"<div>{document['body_html']}</div>")


def strings(value):
    if isinstance(value, str):
        yield value.strip()
    elif isinstance(value, (dict, list)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from strings(inner)


def is_known(piece, known):
    """Whether the API has a text; of credits, "/a/b/", it has what stands between the strokes."""
    return piece in known or all(part in known for part in piece.split("/") if part)


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_has_no_text_that_is_not_in_the_api(demo, kind):
    for page, twin in KINDS[kind](demo):
        tree, documents = together(demo, page, twin)
        known = set(strings(documents))
        if "body_html" in documents[0]:
            known.update(pieces(body_of(documents[0])))
        seen = pieces(tree)
        assert len(seen) > 20
        assert [piece for piece in seen if not is_known(piece, known)] == [], page


def of_links(items):
    return [text for item in items for text in (item["kicker"], item["headline"])]


def of_cards(items):
    return [text for item in items for text in (
        item["kicker"], item["headline"], (item["image"] or {}).get("alt"), item["standfirst"],
        item["published_at"], item["published_text"])]


def of_article(document):
    """An article's texts in the order of its blocks, and its lists."""
    credits = ["/" + "/".join(document["credits"]) + "/"] if document["credits"] else []
    image = document["image"] or {}
    texts = [document[name] for name in ("kicker", "headline", "standfirst")]
    texts += [*document["authors"], document["desk"], document["published_text"]]
    texts += [document["updated_text"], *(image.get(name) for name in ("alt", "caption", "credit"))]
    texts += pieces(body_of(document)) + credits + document["tags"]
    for name in ("related", "latest", "most_read"):
        texts += of_links(document[name]["items"])
    return texts


def of_front(document):
    """The lists of links stand above the sections, beside the lead."""
    texts = of_cards([document["lead"]])
    for name in ("latest", "most_read"):
        texts += of_links(document[name]["items"])
    for section in document["sections"]["items"]:
        texts += [section["name"]] + of_cards(section["items"])
    return texts


def of_ranked(document):
    return [text for item in document["items"] for text in (*of_links([item]), item["views_text"])]


def of_list(document):
    names = [document.get(name) for name in ("name", "text", "bangla_text")]
    return names + of_cards(document["items"])


READ = {"front": of_front, "article": of_article, "most read": of_ranked,
        "most read of itself": of_ranked}


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_has_all_texts_of_its_document_in_their_order(demo, kind):
    for page, twin in KINDS[kind](demo):
        tree, documents = together(demo, page, twin)
        seen = iter(pieces(main_of(tree)))
        expected = [text.strip() for text in READ.get(kind, of_list)(documents[0]) if text]
        assert [text for text in expected if text not in seen] == [], page


def test_a_body_is_the_apis_html(demo):
    for page, twin in articles(demo):
        tree, documents = together(demo, page, twin)
        (body,) = having(tree, "body")
        assert pieces(body) == pieces(body_of(documents[0]))
        assert [inner.tag for inner in body.iter()] == \
            [inner.tag for inner in body_of(documents[0]).iter()]


@pytest.mark.parametrize("kind", KINDS)
def test_every_article_of_a_document_has_a_link_on_its_page(demo, kind):
    for page, twin in KINDS[kind](demo):
        tree, (document, *_) = together(demo, page, twin)
        if kind == "front":
            document["sections"] = document.pop("sections")  # they stand last on the page
        listed = [text for text in strings(document) if ARTICLE.fullmatch(text)
                  and text != document.get("url")]
        assert [href for href, _ in links(main_of(tree)) if ARTICLE.fullmatch(href)] == listed
