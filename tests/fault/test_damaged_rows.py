"""Each column of each table with a value that the schema does not allow, as a damaged record has
it: no crash, no malformed UTF-8, and what is not damaged is served."""

import re
import shutil
import sqlite3
from contextlib import closing

import pytest
from khobor import article, hour, run, section, views

PATHS = ["/", "/latest", "/most-read", "/feed.xml", "/sitemap.xml", "/sitemaps/1.xml", "/a", "/a/1/a1",
         "/api/v1/site", "/api/v1/front", "/api/v1/sections", "/api/v1/articles", "/readyz",
         "/api/v1/articles/1", "/api/v1/articles/1?include=related,latest,most_read", "/tag/নদী",
         "/api/v1/most-read?window=all", "/api/v1/trending", "/api/v1/sections/a", "/old/1"]


def required_columns(database):
    """(table, column, type) of each column that may not be NULL and is no key."""
    with closing(sqlite3.connect(database)) as opened:
        tables = [name for name, in opened.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")]
        return [(table, row[1], row[2]) for table in tables
                for row in opened.execute(f"PRAGMA table_info({table})") if row[3] and not row[5]]


def spoil(database, table, column, kind, value):
    """Sets a column of one row, or of all where rows have no id, past the schema's rules."""
    with closing(sqlite3.connect(database, isolation_level=None)) as opened:
        sql, = opened.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (table,)).fetchone()
        looser = re.sub(rf"(\b{column}\b\s+{kind})\s+NOT NULL", r"\1", sql, count=1)
        opened.execute("PRAGMA writable_schema = ON")
        opened.execute("UPDATE sqlite_schema SET sql = ? WHERE name = ?", (looser, table))
    with closing(sqlite3.connect(database, isolation_level=None)) as opened:
        opened.execute("PRAGMA ignore_check_constraints = ON")
        one = " WHERE id = 1" if table in ("articles", "sections", "terms") else ""
        opened.execute(f"UPDATE {table} SET {column} = {value}{one}")
        opened.execute("PRAGMA writable_schema = ON")
        opened.execute("UPDATE sqlite_schema SET sql = ? WHERE name = ?", (sql, table))


@pytest.mark.parametrize("value", ["NULL", "wrong"])
def test_no_value_of_a_column_ends_the_server_or_is_served_malformed(paper, tmp_path, value):
    paper.load([section("b"), section("a"),
                *(article(f"a{number}", "a", tags=["নদী"], authors=["A"]) for number in range(1, 5)),
                views("a1", hour(1), 5), {"type": "redirect", "from": "/old/1", "to": "a1"}])
    base = tmp_path / "base"
    shutil.copyfile(paper.database, base)
    columns = required_columns(base)
    assert len(columns) > 25
    for table, column, kind in columns:
        for file in tmp_path.glob("paper.db*"):
            file.unlink()
        shutil.copyfile(base, paper.database)
        wrong = "CAST(x'e0a6' AS TEXT)" if kind == "TEXT" else "CAST(-9e18 AS INTEGER)"
        if kind == "BLOB":
            wrong = "x'80'"
        spoil(paper.database, table, column, kind, "NULL" if value == "NULL" else wrong)
        where = (table, column)
        done = run("export", "--database", paper.database)
        assert done.status in (0, 1), where
        done.out.decode()
        assert paper.run("check").status in (0, 1), where
        if (table, column, value) in (("view_slots", "count", "wrong"),
                                      ("view_hours", "count", "wrong")):
            continue  # a sum that overflows can't be loaded: the start says so
        server = paper.serve()
        answers = {path: server.get(path) for path in PATHS}
        assert {answer.status_code for answer in answers.values()} <= {200, 301, 404, 500}, where
        for path, answer in answers.items():
            answer.content.decode()
            assert answer.status_code != 500 or "damaged" in server.logged(), (where, path)
        if table == "articles":  # the others are served as before
            assert server.get("/api/v1/articles/3").status_code == 200, where
        server.stop()
