"""The shapes of docs/API.md: which fields a document has, in which order, and what is in them."""

import re

CARD = ["id", "slug", "url", "section", "kicker", "headline", "standfirst", "image",
        "published_at", "published_text", "updated_at", "updated_text"]
ARTICLE = CARD + ["desk", "authors", "credits", "tags", "language", "body", "body_html", "revision"]
LIST = ["items", "next"]
SECTION = ["slug", "name", "position", "items", "next"]
MOST_READ = ["window", "section", "as_of", "fallback", "items", "next"]
TRENDING = ["section", "as_of", "items", "next"]
TRENDING_ITEM = CARD + ["rank", "previous_rank", "views", "views_text"]
RANKED = TRENDING_ITEM + ["window"]
IMAGE = ["url", "width", "height", "alt", "caption", "credit"]
SITE = ["name", "url", "language", "timezone", "today", "sections"]
PROBLEM = ["type", "title", "status", "detail"]

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")
TITLES = {400: "Bad Request", 404: "Not Found", 405: "Method Not Allowed", 406: "Not Acceptable",
          410: "Gone", 413: "Content Too Large", 429: "Too Many Requests", 503: "Service Unavailable"}


def check_text(value):
    assert isinstance(value, str) and value


def check_time(value):
    assert TIME.fullmatch(value)


def maybe(check):
    def check_unless_null(value):
        if value is not None:
            check(value)
    return check_unless_null


def check_number(value):
    assert type(value) is int and value >= 0


def check_image(image):
    assert list(image) == IMAGE
    check_text(image["url"])
    for name in ("width", "height"):
        maybe(check_number)(image[name])
    for name in ("alt", "caption", "credit"):
        maybe(check_text)(image[name])


def check_url(url):
    assert re.fullmatch(r"/[\w.~%-]+/\d+/[\w.~%-]+", url, re.ASCII)


def check_name(name):
    assert list(name) == ["slug", "name"]
    check_text(name["slug"])
    check_text(name["name"])


CHECKS = {
    "id": check_number, "slug": check_text, "url": check_url, "section": check_name,
    "kicker": maybe(check_text), "headline": check_text, "standfirst": maybe(check_text),
    "image": maybe(check_image), "published_at": check_time, "published_text": check_text,
    "updated_at": maybe(check_time), "updated_text": maybe(check_text),
}


def check_card(card, keys=None):
    """A card, or a document that begins as one and goes on with the other keys."""
    assert list(card) == (keys or CARD)
    for name, check in CHECKS.items():
        check(card[name])
    assert card["url"].split("/")[2] == str(card["id"])
    assert (card["updated_at"] is None) == (card["updated_text"] is None)


def check_list(document, keys=None, card_keys=None):
    assert list(document) == (keys or LIST)
    maybe(check_text)(document["next"])
    for card in document["items"]:
        check_card(card, card_keys)


def check_problem(answer, status, parameter=None):
    """An answer that refuses, and names the parameter when one is at fault."""
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Cache-Control"] == "no-store"
    problem = answer.json()
    assert list(problem) == PROBLEM + (["parameter"] if parameter else [])
    assert problem["type"] == "about:blank"
    assert problem["title"] == TITLES[status]
    assert problem["status"] == status
    assert problem.get("parameter") == parameter
    check_text(problem["detail"])
    return problem["detail"]
