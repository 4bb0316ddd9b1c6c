"""Command lines, most of them bad, and the files that they name."""

import gzip
import sqlite3
from dataclasses import dataclass, field

from comparison.papers import BAD_LINES, article, ndjson, section, views

SECTION = ndjson([section("s", "S", 1)])
GOOD = ndjson([section("s", "S", 1), article("one", "s"), views("one", "2024-04-16T05:00:00Z", 7)])
SECTIONS = ndjson([section(f"s{i}", "S", i) for i in range(202)])
BAD = ndjson([section("s", "S", 1), article("one", "s"), article("two", "nowhere"), {"type": "x"}])


@dataclass
class Line:
    """A command line with its settings (in the environment) and its standard input."""

    arguments: list
    settings: dict = field(default_factory=dict)
    stdin: bytes = b""

    @property
    def name(self):
        settings = [f"{name}={value!s:.40}" for name, value in self.settings.items()]
        return " ".join([*settings, "khobor", *(argument or "''" for argument in self.arguments)])


def with_words(words, **more):
    return Line(words.split(), **more)


HELP = [with_words(words) for words in (
    "--help", "-h", "help", "--version", "version", "config", "config --example", "serve --help",
    "import --help", "export --help", "migrate --help", "health --help", "views --help",
    "config --help", "version --help", "config --config good.ini")]
USAGE = [Line([]), Line([""]), *(with_words(words) for words in (
    "serv", "Serve", "--serve", "-x", "serve --databse x", "serve -d", "serve x",
    "serve --database", "serve --demo", "import", "import --demo x", "import a b",
    "import --listen x -", "export a b", "migrate x", "health x", "views", "views a b", "config x",
    "config --example=x", "version x", "import --strict=1 -", "config --listen", "import --d -",
    "serve --static"))]
# If one of them serves after all, it takes a free port.
ANYWHERE = {"http.listen": "127.0.0.1:0"}
SERVING = [with_words("serve " + words, settings=ANYWHERE) for words in (
    "--database missing/paper.db", "--database .", "--database noise", "--database newer.db",
    "--database foreign.db", "--database empty.db --static missing",
    "--database empty.db --listen nowhere", "--database empty.db --listen 127.0.0.1",
    "--database empty.db --listen 127.0.0.1:99999", "--database empty.db --listen 192.0.2.1:80",
    "--database empty.db --listen [::1", "--config missing.ini", "--config noise", "--config .",
    "--config bad-key.ini", "--config bad-section.ini", "--config bad-value.ini",
    "--config no-equals.ini", "--config twice.ini", "--config long.ini")]
TEMPLATES = {
    "open-section": "<p>\n{{#items}}\n", "never-opened": "{{/items}}",
    "crossed": "{{#a}}{{#b}}{{/a}}{{/b}}", "open-tag": "{{name", "no-name": "{{}}",
    "blank": "{{a b}}", "empty-step": "{{a..b}}", "no-part": "{{> nothing.html}}",
    "itself": "{{> front.html}}", "dynamic": "{{> *name}}",
    "parent": "{{< layout.html}}{{/layout.html}}", "delimiters": "{{=x=}}", "triple": "{{{a}}",
    "deep": "{{#a}}" * 200 + "{{/a}}" * 200}
SERVING += [with_words(f"serve --database empty.db --static {name}", settings=ANYWHERE)
            for name in TEMPLATES]
SETTINGS = [with_words("config", settings={name: value}) for name, value in (
    ("http.max_age_s", "ten"), ("http.max_age_s", ""), ("http.max_age_s", "-1"),
    ("http.max_age_s", "31536001"), ("http.max_age_s", "99999999999999999999"),
    ("http.threads", "65"), ("site.language", "fr"), ("site.url", "example.org"),
    ("site.url", "https://a/?x"), ("site.url", "https://a/b"), ("site.timezone", "Dhaka"),
    ("site.timezone", "../../etc/passwd"), ("site.name", "x" * 192), ("site.name", "a\nb"),
    ("site.name", ""), ("store.database", ""), ("http.cache_tags", "on"), ("http.nothing", "1"),
    ("http.listen", "nowhere"), ("http.trusted_proxies", "10.0.0.0/33"),
    ("http.cors_origin", "reader.example"), ("popularity.half_life_h", "25"))]
SETTINGS += [Line(["config", "--database", ""]), Line(["config", "--database", "x" * 192]),
             with_words("config", settings={"site.url": "https://a.example/"}),
             with_words("serve --database empty.db",
                        settings={**ANYWHERE, "http.trusted_proxies": "10.0.0.0/33"})]
DATA = [
    with_words("migrate --database new.db"), with_words("migrate --database new.db"),
    with_words("migrate --database noise"), with_words("migrate --database newer.db"),
    with_words("export --database missing.db"), with_words("export --database noise"),
    with_words("export --database newer.db"), with_words("export --database new.db missing/out"),
    with_words("export --database new.db out"),
    with_words("export --database new.db ."), with_words("export --database foreign.db"),
    with_words("export --database new.db -"),
    with_words("views --database missing.db x"), with_words("views --database new.db x"),
    with_words("health --listen nowhere"), with_words("health --listen 127.0.0.1:1"),
    with_words("health --listen [::1]:1"),
    with_words("import --database noise -", stdin=SECTION),
    with_words("import --database newer.db -", stdin=SECTION),
    with_words("import --database missing/paper.db -", stdin=SECTION),
    with_words("import --database new.db missing"), with_words("import --database new.db ."),
    with_words("import --database new.db noise"), with_words("import --database new.db cut.gz"),
    with_words("import --database new.db good.gz"), with_words("views --database new.db one"),
    with_words("import --database new.db -", stdin=b""),
    with_words("import --database new.db -", stdin=GOOD),
    with_words("import --database new.db -", stdin=SECTION.rstrip(b"\n")),
    with_words("import --database new.db -", stdin=b"\xef\xbb\xbf" + SECTION),
    with_words("import --database full.db -", stdin=SECTIONS),
    with_words("import --database new.db --strict -", stdin=BAD),
    with_words("import --database new.db --dry-run -", stdin=BAD),
    with_words("import --database new.db --dry-run --strict -", stdin=BAD),
    with_words("import --database other.db --strict -", stdin=ndjson(BAD_LINES)),
    with_words("export --database new.db"), with_words("export --database other.db"),
]
LINES = HELP + USAGE + SERVING + SETTINGS + DATA

INI = {
    "good.ini": "[site]\nname = পত্রিকা\n[http]\nmax_age_s = 1\n",
    "bad-key.ini": "[http]\nmax_age = 5\n", "bad-section.ini": "\n[htp]\nmax_age_s = 5\n",
    "bad-value.ini": "[http]\n; x\nmax_age_s = ten\n", "no-equals.ini": "[site]\nname\n",
    "long.ini": "[site]\nname = " + "x" * 300 + "\n",
}


def write_files(side):
    """Writes the files that the command lines name. Databases are made by the side's own binary."""
    folder = side.folder
    for name, text in INI.items():
        (folder / name).write_text(text)
    (folder / "noise").write_bytes(bytes(range(256)) * 32)
    (folder / "good.gz").write_bytes(gzip.compress(GOOD, mtime=0))
    (folder / "cut.gz").write_bytes(gzip.compress(GOOD, mtime=0)[:-20])
    for name, text in TEMPLATES.items():
        (folder / name / "templates").mkdir(parents=True)
        (folder / name / "templates/front.html").write_text(text)
    for name in ("empty.db", "newer.db"):
        side.run("migrate", "--database", name)
    newer = sqlite3.connect(folder / "newer.db")
    newer.execute("PRAGMA user_version = 999")
    newer.close()
    foreign = sqlite3.connect(folder / "foreign.db")
    foreign.execute("CREATE TABLE t (x)")
    foreign.close()
