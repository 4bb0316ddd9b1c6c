"""A page as a tree, and what a reader sees of it."""

from html.parser import HTMLParser
from xml.etree import ElementTree

VOID = set("area base br col embed hr img input link meta source track wbr".split())
UNSEEN = {"head", "script", "style", "template"}
READ_ALOUD = ("alt", "title", "aria-label", "datetime", "placeholder")


class Builder(HTMLParser):
    """Makes a tree of a page whose elements all end where they must."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.tree = ElementTree.TreeBuilder()
        self.open = []

    def handle_starttag(self, tag, attrs):
        assert len({name for name, _ in attrs}) == len(attrs), f"twice in {tag}: {attrs}"
        self.tree.start(tag, {name: value or "" for name, value in attrs})
        if tag in VOID:
            self.tree.end(tag)
        else:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        assert tag in VOID, f"<{tag}/> does not end it"
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, f"</{tag}> ends {self.open}"
        self.tree.end(self.open.pop())

    def handle_data(self, data):
        self.tree.data(data)


def page_tree(markup):
    """The tree of a page, or of a part of one when it is wrapped."""
    builder = Builder()
    builder.feed(markup if isinstance(markup, str) else markup.decode())
    builder.close()
    assert builder.open == []
    return builder.tree.close()


def having(element, name):
    """The elements inside that have a class, in their order."""
    return [inner for inner in element.iter() if name in inner.get("class", "").split()]


def text_of(element):
    return "".join(element.itertext())


def pieces(element):
    """What a reader sees and hears of an element, in order: texts and the attributes that are read
    aloud, without the space around them."""
    found = []
    if element.tag in UNSEEN:
        return found
    found += [element.get(name) for name in READ_ALOUD if element.get(name)]
    found += [element.text or ""]
    for child in element:
        found += pieces(child) + [child.tail or ""]
    return [piece.strip() for piece in found if piece.strip()]


def links(element):
    """(address, text) of every link inside."""
    return [(link.get("href"), text_of(link)) for link in element.iter("a")]


def metas(tree):
    """The values of the head's meta elements, by name or property."""
    found = {}
    for meta in tree.find("head").iter("meta"):
        name = meta.get("name") or meta.get("property")
        if name:
            found.setdefault(name, []).append(meta.get("content"))
    return found


def head_links(tree, rel):
    """The addresses of the head's links of a kind."""
    return [link.get("href") for link in tree.find("head").iter("link") if link.get("rel") == rel]


def main_of(tree):
    return tree.find(".//main")


def inline(tree):
    """Scripts and styles that are in the page itself."""
    for element in tree.iter():
        yield from (f"{element.tag} {name}" for name in element.attrib
                    if name.startswith("on") or name in ("style", "srcdoc"))
        if element.tag in ("style", "iframe", "object", "embed", "base", "form"):
            yield element.tag
        if element.tag == "script" and element.get("type") != "application/ld+json":
            assert element.get("src").startswith("/assets/")
            yield from ["script"] * bool(element.text)
        for name in ("href", "src", "action"):
            if element.get(name, "").strip().lower().startswith(("javascript:", "data:text")):
                yield f"{element.tag} {name}"


def get_page(server, path, status=200, **headers):
    """The tree of a page as a browser gets it."""
    answer = server.get(path, headers={"Accept": "text/html,*/*;q=0.8", **headers})
    assert answer.status_code == status, (path, answer.status_code)
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    return page_tree(answer.content)
