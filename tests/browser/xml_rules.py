"""What the specifications of sitemaps and feeds ask for and the tools of validators.py let pass.

RSS: rssboard.org/rss-specification. Atom: RFC 4287. Sitemaps: sitemaps.org/protocol.html and, for
Google's extensions, the schemas sitemap-news/0.9 and sitemap-image/1.1.
"""

import copy
import re
from collections import Counter
from email.utils import parsedate_to_datetime

from lxml import etree

ATOM = "http://www.w3.org/2005/Atom"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
IMAGE = "http://www.google.com/schemas/sitemap-image/1.1"

# Absolute, of ASCII only (RFC 3986 appendix A); what is of the web has a host.
URI = re.compile(r"(https?://(?=[^/?#])|(?!https?:)[A-Za-z][A-Za-z0-9+.-]*:)"
                 r"([A-Za-z0-9._~:/?#@!$&'()*+,;=\[\]-]|%[0-9A-Fa-f]{2})+")
DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+( \(.+\))?")

# Where the elements of Google's extensions stand; each of them once, except images.
PARENTS = {
    NEWS: {"news": "url", "publication": "news", "name": "publication", "language": "publication",
           "publication_date": "news", "title": "news"},
    IMAGE: {"image": "url", "loc": "image"},
}
ONCE_IN_NEWS = ("publication", "publication_date", "title")

RSS_ATTRIBUTES = {"rss": {"version"}, "guid": {"isPermaLink"}, "category": {"domain"},
                  "enclosure": {"url", "length", "type"}, "source": {"url"},
                  "cloud": {"domain", "port", "path", "registerProcedure", "protocol"}}
RSS_URLS = ("link", "comments", "docs", "url")
RSS_PEOPLE = ("author", "managingEditor", "webMaster")
RSS_DATES = ("pubDate", "lastBuildDate")

TEXTS = ("title", "subtitle", "summary", "rights")
ATOM_ATTRIBUTES = {**{name: {"type"} for name in TEXTS}, "content": {"type", "src"},
                   "category": {"term", "scheme", "label"}, "generator": {"uri", "version"},
                   "link": {"href", "rel", "type", "hreflang", "title", "length"}}
ATOM_URIS = ("id", "uri", "icon", "logo")
ATOM_DATES = ("updated", "published")


def without(root, is_unwanted):
    """A copy without the elements whose names are unwanted, and what is in them."""
    root = copy.deepcopy(root)
    for element in list(root.iter(etree.Element)):
        if element is not root and is_unwanted(etree.QName(element)):
            element.getparent().remove(element)
    return root


def elements(root, namespace):
    """(name, element) of each element of a namespace, None for those of none."""
    for element in root.iter(etree.Element):
        name = etree.QName(element)
        if name.namespace == namespace:
            yield name.localname, element


def text(element):
    return (element.text or "") if element is not None else ""


def unknown_attributes(name, element, known):
    """Attributes of no namespace that the format has not, as others may be an extension's."""
    for attribute in element.attrib:
        if not attribute.startswith("{") and attribute not in known.get(name, ()):
            yield f"line {element.sourceline}: {name} has no attribute {attribute}"


def bad(pattern, name, element, value):
    if not pattern.fullmatch(value):
        yield f"line {element.sourceline}: {name} is not as it should be: {value!r}"


def repeated(what, values):
    return [f"{what} {value!r} stands {times} times" for value, times in Counter(values).items()
            if times > 1]


# Sitemaps


def sitemap_complaints(kind, root):
    found = []
    for element in root.iter(etree.Element):
        name = etree.QName(element)
        parents = PARENTS.get(name.namespace)
        if name.namespace == SITEMAP:
            continue
        if not parents or name.localname not in parents:
            found.append(f"line {element.sourceline}: {element.tag} is unknown")
        elif parents[name.localname] != etree.QName(element.getparent()).localname:
            found.append(f"line {element.sourceline}: {element.tag} is in the wrong element")
        elif name.namespace == NEWS and name.localname == "news":
            found += [f"line {element.sourceline}: not one news:{child}" for child in ONCE_IN_NEWS
                      if len(element.findall(f"{{{NEWS}}}{child}")) != 1]
    for url in root.iterfind(f"{{{SITEMAP}}}url") if kind == "news_sitemap" else ():
        if len(url.findall(f"{{{NEWS}}}news")) != 1:
            found.append(f"line {url.sourceline}: a url without its news:news")
    return found + repeated("loc", (text(loc) for loc in root.iterfind(f"*/{{{SITEMAP}}}loc")))


# Feeds


def feed_complaints(kind, root):
    return list(rss_complaints(root) if kind == "rss" else atom_complaints(root))


def rss_complaints(root):
    for name, element in elements(root, None):
        yield from unknown_attributes(name, element, RSS_ATTRIBUTES)
        if name in RSS_URLS or name == "guid" and element.get("isPermaLink", "true") == "true":
            yield from bad(URI, name, element, text(element))
        if name in ("enclosure", "source"):
            yield from bad(URI, f"{name}'s url", element, element.get("url", ""))
        if name in RSS_PEOPLE:
            yield from bad(ADDRESS, name, element, text(element))
        if name in RSS_DATES:
            yield from bad_weekday(name, element)
        if name == "item" and element.find("title") is None and element.find("description") is None:
            yield f"line {element.sourceline}: an item with neither title nor description"
        if name in ("channel", "item") and "".join(element.xpath("text()")).strip():
            yield f"line {element.sourceline}: text in {name}"
    if root.get("version") != "2.0":
        yield "the version is not 2.0"
    yield from links_to_itself(root.iterfind(f"channel/{{{ATOM}}}link"))
    yield from repeated("guid", (text(guid) for guid in root.iterfind("channel/item/guid")))
    for name, element in elements(root, ATOM):
        if name != "link" or element.getparent().tag != "channel":
            yield f"line {element.sourceline}: atom:{name} in RSS is only known as a channel's link"


def bad_weekday(name, element):
    """RFC 822: a day of the week must be that of the date; Ruby complains of what is no date."""
    try:
        date = parsedate_to_datetime(text(element))
    except (TypeError, ValueError):
        return
    if "," in text(element) and date.strftime("%a") != text(element).split(",")[0].strip():
        yield f"line {element.sourceline}: {name} is on another day of the week: {text(element)}"


def links_to_itself(links):
    """rssboard.org/rss-profile and RFC 4287 §4.1.1: a feed should say where it is."""
    links = list(links)
    for link in links:
        yield from bad(URI, "link", link, link.get("href", ""))
    if sum(link.get("rel") == "self" for link in links) != 1:
        yield "the feed has not one link to itself"


def atom_complaints(root):
    for name, element in elements(root, ATOM):
        yield from unknown_attributes(name, element, ATOM_ATTRIBUTES)
        if name in ATOM_URIS:
            yield from bad(URI, name, element, text(element))
        if name in ATOM_DATES:
            yield from bad(DATE_TIME, name, element, text(element))
        if name == "link":
            yield from bad(URI, name, element, element.get("href", ""))
        if name in TEXTS and element.get("type", "text") not in ("text", "html", "xhtml"):
            yield f"line {element.sourceline}: {name} is of an unknown type"
        if name == "entry":
            yield from entry_complaints(element)
    yield from links_to_itself(root.iterfind(f"{{{ATOM}}}link"))
    entries = root.findall(f"{{{ATOM}}}entry")
    yield from repeated("id", (text(entry.find(f"{{{ATOM}}}id")) for entry in entries))


def entry_complaints(entry):
    """RFC 4287 §4.1.2 and §4.1.3."""
    content = entry.find(f"{{{ATOM}}}content")
    links = entry.findall(f"{{{ATOM}}}link")
    if content is None and all(link.get("rel", "alternate") != "alternate" for link in links):
        yield f"line {entry.sourceline}: an entry with neither content nor a link to it"
    if content is None:
        return
    kind, is_elsewhere = content.get("type", "text"), content.get("src") is not None
    if kind not in ("text", "html", "xhtml") and "/" not in kind:
        yield f"line {content.sourceline}: content is of an unknown type"
    if is_elsewhere and (text(content) or len(content)):
        yield f"line {content.sourceline}: content that has a src is not empty"
    if is_elsewhere and entry.find(f"{{{ATOM}}}summary") is None:
        yield f"line {content.sourceline}: content that is elsewhere has no summary"
