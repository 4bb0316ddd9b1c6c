"""The papers of the cases: the demo edition, and a large one that is stored for the next run."""

import hashlib
import json
import random
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import datetime, timezone
from pathlib import Path

from processes import Failure
from servers import environment

DEMO_FILE = Path(__file__).resolve().parent.parent / "sql/demo.ndjson"
RECIPE = 1  # to be raised when large papers are made in another way
SOURCES = 400  # articles that are imported; the others are copies of them
BODY_BYTES = (3000, 5000)
SECONDS_APART = 300
LAST_AT = 1713247200  # 2024-04-16T12:00:00+06:00: the newest article's time


def run_khobor(subject, *arguments, lines=None):
    done = subprocess.run([str(word) for word in (subject.binary, *arguments)], input=lines,
                          capture_output=True, env=environment({}), check=False)
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise Failure(f"{subject.name} {arguments[0]} failed: {said[-1] if said else 'silently'}")


def demo(subject, folder, name):
    """A database with the demo edition, for one server."""
    database = folder / f"{name}.db"
    run_khobor(subject, "import", "--demo", "--database", database)
    return database


def views_counted(database):
    with closing(sqlite3.connect(database)) as opened:
        return opened.execute("SELECT sum(total) FROM view_totals").fetchone()[0] or 0


def demo_records(kind):
    records = (json.loads(line) for line in DEMO_FILE.read_text(encoding="utf-8").splitlines())
    return [record for record in records if record["type"] == kind]


def sections():
    return [record["slug"] for record in demo_records("section")]


def article_time(number, size):
    return LAST_AT - (size - number) * SECONDS_APART


def texts():
    return [article["body"] for article in demo_records("article")]


def bodies(sources):
    """Bodies of 3 to 5 kB without end, made of paragraphs of the demo edition."""
    chance = random.Random(1)
    paragraphs = [part for text in sources for part in text.split("\n\n")]
    while True:
        wanted, body = chance.randrange(*BODY_BYTES), ""
        while len(body.encode()) < wanted:
            body += ("\n\n" if body else "") + chance.choice(paragraphs)
        yield body.encode()[:BODY_BYTES[1]].decode(errors="ignore")


def source_lines(size):
    """The import lines: the demo's sections, and articles made from the demo's."""
    articles = demo_records("article")
    lines = demo_records("section")
    body = bodies(texts())
    for number in range(1, min(SOURCES, size) + 1):
        like = articles[number % len(articles)]
        at = datetime.fromtimestamp(article_time(number, size), timezone.utc)
        lines.append({**like, "slug": f"paper-{number:07}", "body": next(body), "related": [],
                      "lead": False, "updated_at": None,
                      "published_at": at.strftime("%Y-%m-%dT%H:%M:%SZ")})
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()


def columns(database):
    """The columns of articles that are stored, not generated."""
    return [row[1] for row in database.execute("PRAGMA table_xinfo(articles)") if row[6] == 0]


def copy_articles(database, size):
    """Articles SOURCES + 1 to `size`, as copies under names, ids and times of their own."""
    names = columns(database)
    made = {"id": "n.id", "slug": "printf('paper-%07d', n.id)",
            "slug_key": "printf('paper-%07d', n.id)", "headline": "s.headline || ' ' || n.id",
            "published_at": f"{LAST_AT} - ({size} - n.id) * {SECONDS_APART}"}
    values = ", ".join(made.get(name, f"s.{name}") for name in names)
    # From another table: selecting from articles itself, SQLite would first copy all of it.
    database.execute("CREATE TEMP TABLE sources AS SELECT * FROM articles")
    database.execute("CREATE UNIQUE INDEX temp.sources_id ON sources (id)")
    database.execute(
        "WITH RECURSIVE n (id) AS (SELECT ? + 1 UNION ALL SELECT id + 1 FROM n WHERE id < ?) "
        f"INSERT INTO articles ({', '.join(names)}) SELECT {values} "
        "FROM n CROSS JOIN sources s ON s.id = (n.id - 1) % ? + 1", (SOURCES, size, SOURCES))
    database.execute(
        "INSERT INTO article_terms (term_id, listed_at, article_id, section_id) "
        "SELECT t.term_id, a.listed_at, a.id, a.section_id "
        "FROM articles a CROSS JOIN article_terms t ON t.article_id = (a.id - 1) % ? + 1 "
        "WHERE a.id > ? ORDER BY 1, 2, 3", (SOURCES, SOURCES))


def enlarge(path, size):
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("PRAGMA synchronous = OFF")
        database.execute("PRAGMA cache_size = -262144")
        database.execute("BEGIN")
        if size > SOURCES:
            copy_articles(database, size)
        database.execute("COMMIT")
        database.execute("PRAGMA journal_mode = WAL")


def fingerprint(path, lines, size):
    """A hash of recipe and schema: a large paper with another one is made again."""
    with closing(sqlite3.connect(path)) as database:
        schema = database.execute("SELECT sql FROM sqlite_schema ORDER BY name").fetchall()
    text = repr((RECIPE, SOURCES, size, schema)).encode() + lines
    return hashlib.sha256(text).hexdigest()[:12]


def available_bytes():
    memory = Path("/proc/meminfo").read_text()
    return 1024 * int(memory.partition("MemAvailable:")[2].split()[0])


def read_through(path):
    """Reads a file into the page cache, if it fits; else the first contestant would pay for all."""
    if path.stat().st_size < available_bytes() * 3 // 4:
        with path.open("rb", buffering=0) as file:
            while file.read(1 << 20):
                pass


def large(subject, size, build, work):
    """A paper of `size` articles for a build of Khobor, made once and stored in build/bench."""
    lines = source_lines(size)
    source = work / "source.db"
    remove(source)
    run_khobor(subject, "import", "--database", source, "-", lines=lines)
    kept = build / "papers" / f"{size}-{fingerprint(source, lines, size)}-{subject.name}.db"
    if not kept.exists():
        print(f"  making a paper of {size:,} articles, once", file=sys.stderr)
        kept.parent.mkdir(exist_ok=True)
        enlarge(source, size)
        shutil.move(source, kept)
    remove(source)
    read_through(kept)
    return kept


def remove(database):
    """Removes a database with the files that belong to it."""
    for file in database.parent.glob(database.name + "*"):
        file.unlink()
