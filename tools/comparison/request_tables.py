"""The requests in addition to a crawl: parameters, names, headers, methods, bytes that are no
request, views."""

from urllib.parse import quote

from comparison.wire import request

ARTICLE = "/api/v1/articles/7"
SLUG = "toll-without-stopping-on-three-more-highways"
VIEWS = f"{ARTICLE}/views"
TAG, AUTHOR = quote("নদী"), quote("ফারিহা নওশীন")
ALL_FIELDS = ("id,slug,url,section,kicker,headline,standfirst,image,published_at,published_text,"
              "updated_at,updated_text,language")

LISTS = ["/api/v1/articles", "/api/v1/sections/notes", "/api/v1/latest",
         "/api/v1/archive/2024-03-10", f"/api/v1/tags/{quote('টীকা')}",
         "/api/v1/authors/Note%20Writer"]
RANKINGS = ["/api/v1/most-read", "/api/v1/trending"]
DOCUMENTS = ["/api/v1/site", ARTICLE, f"/api/v1/articles/{SLUG}", f"{ARTICLE}/related",
             "/api/v1/sections", "/api/v1/front", "/api/v1/texts", *LISTS, *RANKINGS]
PAGES = ["/", "/national", "/notes", "/latest", "/most-read", "/archive/2024-03-10",
         "/archive/2024-04-16", f"/tag/{TAG}", f"/tag/{quote('টীকা')}", "/author/Note%20Writer"]
FILES = ["/feed.xml", "/atom.xml", "/feed.json", "/notes/feed.xml", "/national/atom.xml",
         "/city-town/feed.json", "/sitemap.xml", "/sitemaps/1.xml", "/sitemaps/fronts.xml",
         "/news-sitemap.xml", "/robots.txt", "/manifest.webmanifest", "/favicon.ico"]
CHECKS = ["/healthz", "/readyz"]
OTHER_DOCUMENTS = ["/api/v1/sections/national", f"/api/v1/tags/{TAG}", f"/api/v1/authors/{AUTHOR}"]
PLACES = DOCUMENTS + OTHER_DOCUMENTS + PAGES + FILES + CHECKS
# One address of each kind, for tables of headers. Pair adds an article's page, found by the crawl.
SAMPLES = ["/api/v1/site", ARTICLE, "/api/v1/articles", "/api/v1/most-read",
           "/api/v1/latest?limit=1", "/", "/national", "/latest", "/feed.xml", "/feed.json",
           "/sitemap.xml", "/robots.txt", "/favicon.ico", "/healthz", "/nothing/here",
           "/api/v1/nothing", "/notes/withdrawn", "/api/v1/articles?limit=ten", "/dir/", "/notes/"]

TIMES = ["2024-04-16", "2024-03-10", "2024-02-29", "2024-04-16T12:00:00%2B06:00", "1000-01-02",
         "2024-04-16T04:00:00Z", "2024-03-10T01:00:00%2B06:00", "9999-12-30", "0999-12-31",
         "2024-02-30", "2024-13-01", "2024-04-16T12:00:00", "2024-04-16T12:00:00+06:00",
         "yesterday"]
VALUES = {
    "limit": ["1", "2", "7", "20", "50", "100", "0", "101", "-1", "ten", "1.0", "%2B5", "%205",
              "007", "0100", "99999999999999999999", quote("৫"), "1,2"],
    "section": ["national", "notes", "empty", "city-town", quote("মহানগর"), "NATIONAL",
                "no%E2%80%8Ctes", "nowhere", "%20", "1", "x" * 2048, "x" * 2049],
    "tag": [TAG, quote("টীকা"), quote("নদী") + "%20", "%20" + TAG + "%E2%80%8C", "a%2Fb", "A%2FB",
            "C%2B%2B%20%26%20%3CD%3E", "c++", "nobody", "hidden", quote("অা" + "ম"), "%25",
            "x" * 600, TAG * 120],
    "author": [AUTHOR, "Note%20Writer", "note%20writer", "Note+Writer",
               "O'Brien%20%22Q%22%20%3Cx%3E", "nobody", "hidden", "%20"],
    "from": TIMES, "to": TIMES,
    "cursor": ["0.0", "1713243600.66", "9999999999.1", "-1.-1", "-30610224000.1", "1", "1.", ".1",
               "a.b", "1.1.1", "1713243600.66x", "99999999999999999999.1", "1%2E1", "%201.1"],
    "fields": [ALL_FIELDS, "id", "headline,id", "id,id", "url,section,image", "language", "body",
               "id,", ",id", "id,%20slug", "ID", "tags", "id;slug", "published_at,published_text"],
    "window": ["1h", "6h", "24h", "7d", "30d", "all", "24H", "1d", "24", "1h,6h"],
    "at": ["2024-04-16T12:00:00%2B06:00", "2024-04-16T11:00:00%2B06:00", "2024-04-16T05:30:00Z",
           "2024-04-16T11:50:10%2B06:00", "2024-04-16T11:50:11%2B06:00", "2024-04-16T18:00:00Z",
           "2001-01-01T00:00:00Z", "2999-01-01T00:00:00Z", "2024-04-16", "yesterday"],
    "include": ["related", "latest", "most_read", "site", "related,latest,most_read,site",
                "site,related", "site,site", "most-read", "body", "related,", "SITE", "%20site"],
}
AWKWARD = ["", "%00", "%ff", "%zz", "<b>\"'&amp;"]
QUERIES = ["?", "?&", "?&&a=b", "?x", "?x=1", "?x=%zz", "?%ff=1", "?utm_source=a&b=%2F", "?LIMIT=0",
           "?limit", "?limit=1&limit=1", "?limit=1&Limit=2", "?section=notes&section=national",
           "?limit=2&limit=ten", "?lim%69t=2", "?limit=%32", "?a=1;limit=1", "?limit=1#x",
           "?limit=1?", "?" + "&".join(f"a{i}" for i in range(32)),
           "?" + "&".join(f"a{i}" for i in range(33)), "?x=" + "y" * 2049, "?" + "y" * 4000]
FILTERS = {
    "section": ["notes", "national"], "tag": [TAG, quote("টীকা")],
    "author": ["Note%20Writer", AUTHOR], "from": ["2024-03-10", "2024-04-15T12:00:00Z"],
    "to": ["2024-03-10", "2024-04-16T04:00:00Z"], "limit": ["9"], "cursor": ["1710014400.100"]}

NAMES = ["", "0", "1", "01", "7", "-1", "+7", "7x", "66", "67", "99999", "9999999999999999999999",
         "nobody", quote("৭"), SLUG, SLUG.upper(), SLUG + "%E2%80%8C", SLUG + "-",
         quote("নদী\u09dc.খবর_২"), quote("নদী\u09a1\u09bc.খবর_২"), "everything", "draft",
         "withdrawn", "soon", "far", "note-01", "first-day", "long", "notes", "national", "empty",
         "NOTES", "no%E2%80%8Ctes", TAG, "hidden", "a%2Fb", "..", ".", "%2e%2e", "%2e%2e%2fsite",
         "%", "%zz", "%ff", "%00", "%0a", "%7f", "%E2%80%AE", "%F0%9F%98%80", "a%20b", "a+b", "a;b",
         "a%3Fb", "{x}", "<b>", "x" * 451, "x" * 3000, "2024-04-16", "2024-03-10", "2024-02-29",
         "2024-02-30", "1987-04-15", "1000-01-02", "0001-01-01", "2024-04-17", "2024-4-16",
         "2024-04-16T00:00:00Z", "9999-12-31", "1.xml", "2.xml", "0.xml", "01.xml", "fronts.xml",
         "style.css", "feed.xml", "নদী"]
PATTERNS = ["/api/v1/articles/{}", "/api/v1/articles/{}/related", "/api/v1/articles/{}/views",
            "/api/v1/sections/{}", "/api/v1/archive/{}", "/api/v1/tags/{}", "/api/v1/authors/{}",
            "/api/v1/{}", "/api/{}", "/{}", "/{}/", "/{}/feed.xml", "/notes/{}", "/{}/7",
            "/notes/{}/x", "/notes/7/{}", "/tag/{}", "/author/{}", "/archive/{}", "/sitemaps/{}",
            "/assets/{}", "/assets/{}/style.css", "/assets/demo/{}", "//{}", "/./{}"]
OLD_ADDRESSES = [
    "/news.php?id=5&lang=bn", "/news.php?lang=bn&id=5", "/news.php?id=%35&lang=bn",
    "/news.php?id=6", "/news.php", "/NEWS.php?id=5&lang=bn", "/পুরোনো/খবর", quote("/পুরোনো/খবর"),
    quote("/পুরোনো/খবর").lower(), "/পুরোনো/খবর?utm_source=x", "/old%20page.html",
    "/old%20page.html?x=1", "/a/b/c/d/e/f/g/h", "/a/b/c/d/e/f/g/h/", "/national/99/x",
    "/national/99/x/", "/x.php?q=নদী", "/x.php?q=" + quote("নদী"), "/x.php?a=1&q=" + quote("নদী"),
    "/dir/", "/dir", "/dir/?utm_source=x", "/up/%E0%A6%96?q=%E0%A6%A8", "/up/খ?q=ন",
    "/%e0%a6%95/low", "/%E0%A6%95/low", "/latest/2010", "/national/1/old", "/gone", "/hidden",
    "/later", "/x/1/y", "/x/7", "/notes/67", "/notes/note-01", "/x/1/y?a=\"<b>'",
    "/x/1/y?next=//evil.example", "//evil.example/", "/\\evil.example/", "/%2Fevil.example/",
    "/notes/?a=b", "/latest/?cursor=x", "/tag/a%2Fb/", "/NOTES", "/notes//",
    "http://evil.example/x/1/y", "/1/1/1", "/notes/67/..", "/new/old"]
NAMED = [*(pattern.format(name) for pattern in PATTERNS for name in NAMES), *OLD_ADDRESSES,
         *(f"{ARTICLE}?include={include}" for include in VALUES["include"])]

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
ACCEPTS = ["", "*/*", "application/json", "application/*", "APPLICATION/JSON", BROWSER, "text/html",
           "text/*", "text/html;q=0", "application/xml", "application/rss+xml", "image/png",
           "application/json;q=0", "*/*;q=0", "application/json;q=0, */*",
           "application/problem+json", "application/json;charset=utf-8", "a/b,,application/json",
           "application", ";q=1", ","]
ENCODINGS = ["", "identity", "gzip", "x-gzip", "GZIP", "br", "gzip, br", "br;q=0.5, gzip",
             "deflate", "gzip;q=0.5, br;q=0.5", "br;q=0, gzip", "gzip;q=0, br;q=0", "*", "*;q=0",
             "br;q=0, *", "identity;q=0.5, gzip", "identity, gzip;q=0.5", "identity;q=0",
             "gzip;q=0.001", "gzip;Q=0", "brx, gzipp", "gzip ; q=1", "gzip, deflate, br, zstd"]
# {tag} stands for the response's ETag, {bare} for the same without its last quote.
KNOWN_TAGS = ["{tag}", "W/{tag}", '"x", {tag}', '{tag}, "x"', "*", '"x"', "", "x", ",",
              '{bare}-gz"', '{bare}-br"', '{bare}-br", {tag}', "{bare}", '"a,b", {tag}',
              '{tag}{tag}']
OTHERS = [
    ("Origin", "https://reader.example"), ("Origin", "https://evil.example"), ("Origin", "null"),
    ("Range", "bytes=0-9"), ("If-Modified-Since", "Tue, 16 Apr 2024 05:50:10 GMT"),
    ("If-Match", '"x"'), ("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Proto", "http"),
    ("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-For", "nonsense"),
    ("Forwarded",     "for=203.0.113.9"), ("Authorization", "Bearer x"), ("Cookie", "a=b; c=d"),
    ("Cache-Control", "no-cache"), ("Accept-Language", "en"), ("Connection", "close"),
    ("Upgrade", "h2c"), ("Expect",     "100-continue"), ("Expect", "nonsense"),
    ("Access-Control-Request-Method", "POST"), ("Via", "1.1 x"),
    ("User-Agent", "Mozilla/5.0 Firefox/120.0"), ("X-Long", "x" * 9000)]
METHODS = ["HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "get", "GETT"]
HEADERS = {"Accept": [("Accept", value) for value in ACCEPTS],
           "Accept-Encoding": [("Accept-Encoding", value) for value in ENCODINGS],
           "other headers": OTHERS}
HOSTS = ["evil.example", "127.0.0.1:1", ""]
PREFLIGHT = [("Origin", "https://reader.example"), ("Access-Control-Request-Method", "POST")]
POSTED = [VIEWS, "/api/v1/articles/0/views"]

# For a paper with many articles. Some of these reach the limit of rows.
LONG_LISTS = ["/api/v1/articles?tag=rare&author=Filler&limit=5", "/api/v1/articles?tag=rare",
              "/api/v1/articles?tag=rare&section=notes", "/api/v1/tags/rare", "/tag/rare",
              "/api/v1/latest?limit=100", "/api/v1/sections/notes?limit=100", "/notes", "/latest",
              "/api/v1/articles?section=national&limit=100", "/api/v1/authors/Filler?limit=100",
              "/api/v1/archive/2024-04-16?limit=100", "/archive/2024-04-16", "/tag/filled",
              "/api/v1/sections?limit=100", "/api/v1/articles?limit=100",
              "/api/v1/articles/filler-1?include=related,latest,most_read,site",
              *(f"/sitemaps/{number}.xml" for number in range(1, 8))]

SMALL = ["/markers", "/markers/1/marker", "/markers/2/second", "/tag/a", "/author/b",
         "/archive/2024-04-09", "/api/v1/articles/2?include=related,latest,most_read,site",
         "/markers/feed.xml"]


def parameter_addresses():
    """Each parameter with each value on each document, even if the route does not know it."""
    for place in DOCUMENTS:
        yield from (f"{place}?{name}={value}" for name, values in VALUES.items()
                    for value in values)
    for place in DOCUMENTS + PAGES:
        yield from (f"{place}?{name}={value}" for name in VALUES for value in AWKWARD)
    for place in PLACES:
        yield from (place + query for query in QUERIES)
    yield from (f"{place}?cursor={value}" for place in PAGES for value in VALUES["cursor"])
    yield from (f"/most-read?window={value}" for value in VALUES["window"])


def place_addresses():
    """Each parameter with a few values on each document and page."""
    for place in DOCUMENTS + PAGES:
        yield from (f"{place}?{name}={value}" for name, values in VALUES.items()
                    for value in values[:2])


def filter_addresses():
    """All combinations of filters of the list of articles."""
    queries = [""]
    for name, values in FILTERS.items():
        queries += [f"{query}&{name}={value}" for query in queries for value in values]
    yield from ("/api/v1/articles?" + query[1:] for query in queries)


def ranking_addresses():
    """Rankings, now and of past and future hours."""
    for path in RANKINGS:
        for query in ("", "limit=1", "limit=100", "section=notes", "section=notes&limit=100",
                      "section=national", "section=empty"):
            yield f"{path}?{query}"
            yield from (f"{path}?{query}&window={window}" for window in VALUES["window"][:6])
            yield from (f"{path}?{query}&at={time}&window={window}" for time in VALUES["at"][:4]
                        for window in ("24h", "all"))
        yield from (f"{path}?at={time}" for time in VALUES["at"])


RANKED = list(ranking_addresses())


def raw_requests():
    """(name, bytes) of malformed requests, and of several requests at once."""
    def lines(first, *headers):
        return "\r\n".join([first + " HTTP/1.1", "Host: x", *headers, "", ""]).encode()

    end = ("Connection: close",)
    posts = {
        "length and coding": (["Content-Length: 4", "Transfer-Encoding: chunked"], b"0\r\n\r\n"),
        "two lengths": (["Content-Length: 0", "Content-Length: 5"], b"hello"),
        "equal lengths": (["Content-Length: 0", "Content-Length: 0"], b""),
        "a list of lengths": (["Content-Length: 0, 0"], b""),
        "a space before a colon": (["Content-Length : 5"], b"hello"),
        "a length below 0": (["Content-Length: -1"], b""),
        "an unknown coding": (["Transfer-Encoding: xchunked"], b""),
        "gzip and chunked": (["Transfer-Encoding: gzip, chunked"], b"0\r\n\r\n"),
        "a folded header": (["X-Any: a", " b: c"], b""),
        "a folded length": (["Content-Length:", " 5"], b"hello"),
        "a header without a colon": (["Content-Length 5"], b"hello"),
        "a control in a name": (["X\x01Any: a"], b""),
        "a broken chunk": (["Transfer-Encoding: chunked"], b"x\r\n"),
        "a body too long": (["Content-Length: 100000000", "Expect: 100-continue"], b""),
    }
    for name, (headers, body) in posts.items():
        yield name, lines("POST /api/v1/articles/nobody/views", *headers, *end) + body
    for target in ("http://evil.example/healthz", "http://evil.example", "ftp://evil.example/x",
                   "healthz", "*", "http:/healthz", "?/healthz", "/" + "x" * 40_000,
                   "/healthz\x00/../x"):
        yield f"the target {target:.30}", lines(f"GET {target}", *end)
    for version in ("0.9", "1.0", "1.9", "2.0", "x"):
        yield f"HTTP/{version}", (f"GET /healthz HTTP/{version}\r\nHost: x\r\n"
                                  "Connection: close\r\n\r\n").encode()
    yield "HTTP/1.0 without a host", b"GET /healthz HTTP/1.0\r\n\r\n"
    yield "no host", b"GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n"
    yield "two hosts", lines("GET /healthz", "Host: y", *end)
    yield "a host of two words", b"GET /healthz HTTP/1.1\r\nHost: x, y\r\n\r\n"
    yield "no method", b"/healthz\r\nHost: x\r\n\r\n"
    yield "a space in the target", b"GET /health z HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    yield "bare line feeds", b"GET /healthz HTTP/1.1\nHost: x\nConnection: close\n\n"
    yield "a handshake", b"\x16\x03\x01\x00\x05\r\n\r\n"
    yield "CONNECT", lines("CONNECT example.org:443", *end)
    yield "OPTIONS *", lines("OPTIONS *", *end)
    yield "a pipeline", (lines("GET /healthz") + lines("HEAD /readyz") + lines("GET /nothing") +
                         lines("GET /readyz", *end))
    yield "a body of GET", (lines("GET /healthz", "Content-Length: 5") + b"hello" +
                            lines("GET /x", *end))
    yield "long headers", lines("GET /healthz", *(f"X-{i}: {'x' * 4000}" for i in range(10)), *end)


AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0"
READER = ("User-Agent", AGENT)
VISITS = [
    [READER], [READER], [("User-Agent", "curl/7.88.1")], [("User-Agent", "")], [],
    [("User-Agent", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)")],
    [READER, ("Sec-Purpose", "prefetch")], [READER, ("Purpose", "prefetch")],
    [READER, ("Sec-Fetch-Site", "cross-site"), ("Origin", "https://evil.example")],
    [READER, ("Origin", "https://khobor.example")], [READER, ("Origin", "https://reader.example")],
    [READER, ("Origin", "null")], [READER, ("X-Forwarded-For", "203.0.113.9")],
    [READER, ("X-Forwarded-For", "203.0.113.9, 10.1.2.3")],
    [READER, ("Forwarded", 'for="[2001:db8::1]:80"')], [READER, ("X-Forwarded-For", "nonsense")],
    [READER, ("X-Forwarded-For", " 198.51.100.9:1234 ")],
    [READER, ("X-Forwarded-For", "[2001:db8:1::1]:80")], [READER, ("X-Forwarded-For", "127.0.0.1")],
    [READER, ("Forwarded", 'by=x; FOR = 192.0.2.9 ;proto=http, for=127.0.0.2')]]
VIEWED = ["7", SLUG, quote("নদী\u09dc.খবর_২"), "note-01", "not-ranked", "of-1987", "0", "nobody",
          "withdrawn", "draft", "soon"]


def view_requests(name_of_readers):
    """(name, bytes) of views of every kind, and of many readers for a few articles."""
    for article in VIEWED:
        target = f"/api/v1/articles/{article}/views"
        for number, headers in enumerate(VISITS):
            body = b"{}" * (number % 2)
            yield f"POST {target} {number}", request(target, headers, "POST", body)
    for article, readers in (("30", 24), ("12", 17), ("note-30", 9), ("41", 9), ("note-31", 1)):
        target = f"/api/v1/articles/{article}/views"
        for number in range(readers):
            reader = ("User-Agent", f"{AGENT} {name_of_readers} {number}")
            yield f"POST {target}, reader {number}", request(target, [reader], "POST")
    # More than the settings of the second round count for one address in an hour.
    for number in range(8):
        headers = [("User-Agent", f"{AGENT} {name_of_readers} behind {number}"),
                   ("X-Forwarded-For", "198.51.100.7")]
        yield f"POST {VIEWS}, one address {number}", request(VIEWS, headers, "POST")
