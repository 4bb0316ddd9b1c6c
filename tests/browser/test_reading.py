"""The paper as a reader has it: clicking through it in Chromium, old and new, wide and narrow."""

import base64
import json
import re
import zlib

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from khobor import Paper, article, eventually, section

PAGES = ["/", "/national", "/latest", "/most-read", "/most-read?window=1h", "/tag/%E0%A6%A8%E0%A6%A6%E0%A7%80",
         "/nothing-here"]
BUDGET_BYTES = 30 * 1024


@pytest.fixture
def paper(tmp_path):
    """A small paper of the test's own, so that its counts are known."""
    made = Paper(tmp_path)
    made.load([section(), section("sports", "খেলা"), article("first"), article("second", "sports"),
               article("third", kicker="Kicker")])
    yield made
    made.close()


def find(browser, selector):
    return browser.find_element(By.CSS_SELECTOR, selector)


def find_all(browser, selector):
    return browser.find_elements(By.CSS_SELECTOR, selector)


def follow(browser, selector):
    """Clicks a link and waits until its page is shown; the address."""
    link = find(browser, selector)
    target = link.get_attribute("href")
    link.click()
    eventually(lambda: browser.current_url == target
               and browser.execute_script("return document.readyState") == "complete")
    return target


def complaints(browser):
    """What the browser's console has against a page; a 404 is logged for the page that is one."""
    return [line for line in browser.get_log("browser")
            if line["level"] in ("SEVERE", "WARNING") and "nothing-here" not in line["message"]]


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("javascript", [True, False])
def test_from_the_front_to_a_section_to_an_article_to_the_most_read(demo, browser, javascript,
                                                                    width):
    chromium = browser(width=width, javascript=javascript)
    chromium.get(demo.url)
    lead = find(chromium, ".lead a")
    assert lead.is_displayed()
    follow(chromium, ".sections li:nth-child(3) a")
    assert find(chromium, "h1").text == "আন্তর্জাতিক"
    assert find(chromium, '.sections [aria-current="page"]').text == "আন্তর্জাতিক"
    headline = find(chromium, ".card .headline").text
    follow(chromium, ".card h2 a")
    assert find(chromium, "h1 .headline").text == headline
    assert [h.text for h in find_all(chromium, ".beside h2")] == [
        "সম্পর্কিত", "সর্বশেষ খবর", "সর্বাধিক পঠিত"]
    follow(chromium, ".sections li:last-child a")
    assert find(chromium, "h1").text == "সর্বাধিক পঠিত"
    follow(chromium, ".windows li:last-child a")
    assert chromium.current_url.endswith("?window=all")
    follow(chromium, ".ranked li:first-child a")
    follow(chromium, ".masthead .nameplate a")
    assert chromium.current_url == demo.url + "/"
    assert complaints(chromium) == []


def test_older_pages_are_reached_by_links_alone(demo, browser):
    chromium = browser(javascript=False)
    chromium.get(demo.url + "/latest")
    seen = []
    while True:
        seen += [link.get_attribute("href") for link in find_all(chromium, ".card h2 a")]
        if not find_all(chromium, '.pager a[rel="next"]'):
            break
        follow(chromium, '.pager a[rel="next"]')
    assert len(seen) == len(set(seen)) == 66
    follow(chromium, ".pager a")
    assert chromium.current_url == demo.url + "/latest"


def counted(server, slug):
    return dict(server.most_read(window="1h")).get(slug, 0)


def test_a_view_counts_once_when_the_page_is_seen(paper, browser):
    server = paper.serve()
    address = server.read("/api/v1/articles/first")["url"]
    chromium = browser()
    chromium.get(server.url + address)
    eventually(lambda: counted(server, "first") == 1)
    # Looking away and back shows the same page, it doesn't show it once more.
    first = chromium.current_window_handle
    chromium.switch_to.new_window("tab")
    chromium.get(server.url + server.read("/api/v1/articles/second")["url"])
    eventually(lambda: counted(server, "second") == 1)
    chromium.switch_to.window(first)
    eventually(lambda: chromium.execute_script("return document.visibilityState") == "visible")
    chromium.get(server.url + server.read("/api/v1/articles/third")["url"])
    eventually(lambda: counted(server, "third") == 1)
    assert paper.counted_apart("first") == (1, 0, 0)
    assert complaints(chromium) == []


def test_a_page_that_is_opened_behind_counts_when_it_is_looked_at(paper, browser):
    server = paper.serve()
    chromium = browser()
    chromium.get(server.url)
    address = server.url + server.read("/api/v1/articles/first")["url"]
    before = set(chromium.window_handles)
    chromium.execute_cdp_cmd("Target.createTarget", {"url": address, "background": True})
    eventually(lambda: len(chromium.window_handles) == 2)
    behind = (set(chromium.window_handles) - before).pop()
    # The list renews within a second: a view of the page in front would show in that time.
    chromium.get(server.url + server.read("/api/v1/articles/second")["url"])
    eventually(lambda: counted(server, "second") == 1)
    chromium.switch_to.window(behind)
    eventually(lambda: chromium.execute_script("return document.visibilityState") == "visible")
    eventually(lambda: counted(server, "first") == 1)


def test_lists_and_fetched_pages_count_nothing(paper, browser):
    server = paper.serve()
    chromium = browser()
    address = server.read("/api/v1/articles/first")["url"]
    for page in ("/", "/latest", "/most-read", "/national"):
        chromium.get(server.url + page)
    assert chromium.execute_async_script(
        "fetch(arguments[0]).then(a => a.text()).then(t => arguments[1](t.length))", address) > 0
    chromium.get(server.url + server.read("/api/v1/articles/second")["url"])
    eventually(lambda: counted(server, "second") == 1)
    assert server.most_read(window="1h") == [("second", 1)]


def test_the_most_read_renews_itself_while_it_is_watched(paper, browser):
    """With the clock of the page in the test's hand: 15 seconds pass at once."""
    server = paper.serve()
    server.view("first", 3)
    eventually(lambda: counted(server, "first") == 3)
    chromium = browser()
    chromium.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": """
        window.turns = []; window.asked = [];
        window.setInterval = (turn, ms) => { turns.push([turn, ms]); };
        const get = window.fetch;
        window.fetch = (url, how) => get(url, how).then(a => { asked.push(
            [how.headers['If-None-Match'] || null, a.status]); return a; });"""})
    chromium.get(server.url + "/most-read?window=1h")
    assert chromium.execute_script("return turns.map(turn => turn[1])") == [15000]

    def renew(times):
        chromium.execute_script("turns[0][0]()")
        eventually(lambda: chromium.execute_script("return asked.length") == times)
        return chromium.execute_script("return asked")[-1]

    assert renew(1)[1] == 200
    tag, status = renew(2)
    assert (status, tag.startswith('"')) == (304, True)
    server.view("second", 5)
    eventually(lambda: counted(server, "second") == 5)
    assert renew(3)[1] == 200
    eventually(lambda: [e.text for e in find_all(chromium, ".ranked .headline")] ==
               ["Headline of second", "Headline of first"])
    # Who came to a link by keyboard, or back to it, stays at it while the list changes around it.
    chromium.execute_script("document.querySelector('.ranked li:last-child a').focus()")
    server.view("first", 9)
    eventually(lambda: counted(server, "first") == 12)
    assert renew(4)[1] == 200
    eventually(lambda: [e.text for e in find_all(chromium, ".ranked .headline")] ==
               ["Headline of first", "Headline of second"])
    assert chromium.switch_to.active_element.text == "Headline of first"
    assert complaints(chromium) == []


@pytest.mark.parametrize("width", [320, 360, 768, 1280, 1920])
def test_nothing_scrolls_sideways(demo, hostile, browser, width):
    chromium = browser(width=width)
    for server in (demo, hostile):
        article_page = server.read("/api/v1/articles/2")["url"]
        for page in [*PAGES, article_page]:
            chromium.get(server.url + page)
            wide = chromium.execute_script("return document.documentElement.scrollWidth")
            assert wide <= width, (page, wide)


def luminance(colour):
    red, green, blue = (int(part) for part in re.findall(r"\d+", colour)[:3])
    return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255


@pytest.mark.parametrize("scheme, is_dark", [("light", False), ("dark", True)])
def test_the_page_is_as_dark_as_the_reader_likes(demo, browser, scheme, is_dark):
    chromium = browser(scheme=scheme)
    chromium.get(demo.url)
    body = find(chromium, "body")
    paper, ink = (luminance(body.value_of_css_property(name))
                  for name in ("background-color", "color"))
    assert (paper < ink) == is_dark
    assert abs(paper - ink) > 0.7


def test_print_has_the_article_and_no_furniture(demo, browser):
    chromium = browser()
    chromium.get(demo.url + demo.read("/api/v1/articles/66")["url"])
    pdf = base64.b64decode(chromium.print_page())
    assert pdf.startswith(b"%PDF")
    chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    shown = {name: find(chromium, name).is_displayed() for name in
             ("h1", ".body", ".today", ".sections", ".beside", ".colophon", ".tags")}
    assert shown == {"h1": True, ".body": True, ".today": True, ".sections": False,
                     ".beside": False, ".colophon": False, ".tags": False}
    background = find(chromium, "body").value_of_css_property("background-color")
    assert luminance(background) == pytest.approx(1)


def test_the_first_tab_skips_to_the_content(demo, browser):
    chromium = browser()
    chromium.get(demo.url)
    find(chromium, "body").send_keys(Keys.TAB)
    skip = chromium.switch_to.active_element
    assert (skip.text, skip.is_displayed()) == ("মূল লেখায় যান", True)
    outline = skip.value_of_css_property("outline-style"), skip.value_of_css_property(
        "outline-width")
    assert outline == ("solid", "3px")
    skip.send_keys(Keys.ENTER)
    assert chromium.current_url.endswith("#main")


def test_an_article_is_three_requests_within_its_budget(demo, browser):
    """Without its picture: HTML, sheet and script, nothing from elsewhere, nothing that moves."""
    chromium = browser(width=360)
    chromium.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": """
        window.shift = 0;
        new PerformanceObserver(list => list.getEntries().forEach(e => { shift += e.value; }))
            .observe({type: 'layout-shift', buffered: true});"""})
    cards = demo.read("/api/v1/articles?limit=100")["items"]
    longest = max((demo.read(f"/api/v1/articles/{card['id']}") for card in cards
                   if not card["image"]), key=lambda found: len(found["body"]))
    for url in (longest["url"], demo.read("/api/v1/articles/66")["url"]):
        chromium.get(demo.url + url)
        entries = json.loads(chromium.execute_script(
            "return JSON.stringify([...performance.getEntriesByType('navigation'),"
            "...performance.getEntriesByType('resource')])"))
        pages = [e for e in entries if e["initiatorType"] not in ("img", "beacon")]
        assert sorted(e["initiatorType"] for e in pages) == ["link", "navigation", "script"]
        assert all(e["name"].startswith(demo.url) for e in entries)
        assert 0 < sum(e["transferSize"] for e in pages) <= BUDGET_BYTES
        assert chromium.execute_script("return shift") < 0.01
        assert complaints(chromium) == []


def test_a_page_reads_without_sheet_and_script(demo):
    """As an old phone or a reader's program takes it: the order of the text is the page's."""
    text = demo.get(demo.read("/api/v1/articles/66")["url"]).text
    order = [text.index(part) for part in ('class="today"', 'class="nameplate"', "<h1", 'class="body"',
                                           'id="related"', 'id="latest"', 'id="most-read"',
                                           'class="colophon"')]
    assert order == sorted(order)
    assert len(zlib.compress(text.encode())) < BUDGET_BYTES
