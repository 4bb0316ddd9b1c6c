"""Settings: where they come from and which wins, what is refused, the example file."""

import pytest
from khobor import ROOT, run
from shapes import check_problem

NAMES = """site.name site.url site.language site.timezone site.theme site.develop store.database
store.cache_kb store.lock_timeout_ms store.queue http.listen http.threads http.connections
http.connections_per_address http.backlog http.header_bytes http.body_bytes http.idle_timeout_s
http.request_timeout_s http.max_age_s http.stale_while_revalidate_s http.stale_if_error_s
http.cache_tags http.cache_kb http.cors_origin http.trusted_proxies lists.related lists.latest lists.most_read
lists.front lists.front_section feeds.items feeds.content popularity.pending_views popularity.journal
popularity.sync_ms popularity.visitors popularity.revisit_minutes popularity.address_cap
popularity.count_reads popularity.max_age_days popularity.half_life_h popularity.trending_views
popularity.history_days process.seccomp process.landlock""".split()


@pytest.fixture
def ini(tmp_path):
    """Writes a file of settings; its path."""
    def write(text):
        (tmp_path / "k.ini").write_bytes(text if isinstance(text, bytes) else text.encode())
        return tmp_path / "k.ini"
    return write


def in_force(*arguments, **more):
    """Each setting's value and where it came from."""
    done = run("config", *arguments, **more)
    assert (done.status, done.said) == (0, []), done
    lines = [line.split(" = ", 1) for line in done.out.decode().splitlines()]
    return {name: tuple(rest.rsplit("  ; ", 1)) for name, rest in lines}


def test_every_setting_is_printed_with_where_it_came_from():
    got = in_force()
    assert list(got) == NAMES
    assert {origin for _, origin in got.values()} == {"default"}
    assert got["site.name"] == ("খবর", "default")


def test_the_example_is_the_file_in_config():
    done = run("config", "--example")
    assert (done.status, done.err) == (0, "")
    assert done.out == (ROOT / "config/khobor.ini").read_bytes()


def test_the_example_can_be_read_and_holds_every_default(ini):
    path = ini(run("config", "--example").out)
    got = in_force("--config", path)
    assert {name: value for name, (value, _) in got.items()} == \
        {name: value for name, (value, _) in in_force().items()}
    assert all(origin.startswith(f"{path}:") for _, origin in got.values())


def test_a_flag_beats_the_environment_which_beats_the_file(ini):
    path = ini("[http]\nlisten = 127.0.0.1:1\nmax_age_s = 1\n[store]\ndatabase = file.db\n"
               "[site]\nname = পত্রিকা\n")
    got = in_force("--config", path, "--listen", "127.0.0.1:3",
                   settings={"http.listen": "127.0.0.1:2", "http.max_age_s": 2})
    assert got["http.listen"] == ("127.0.0.1:3", "flag")
    assert got["http.max_age_s"] == ("2", "environment")
    assert got["store.database"] == ("file.db", f"{path}:5")
    assert got["site.name"] == ("পত্রিকা", f"{path}:7")
    assert got["http.backlog"] == ("1024", "default")


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_can_be_given_in_the_environment_and_in_a_file(ini, name):
    value = {"site.name": "X", "site.url": "https://x.example", "site.language": "en",
             "site.timezone": "UTC", "store.database": "x.db", "http.listen": "[::1]:9",
             "http.cors_origin": "*", "http.cache_tags": "cache-tag", "http.header_bytes": "5000",
             "lists.front": "16", "lists.front_section": "16", "feeds.content": "summary",
             "popularity.pending_views": "5000", "popularity.journal": "5000",
             "popularity.visitors": "5000", "popularity.count_reads": "on",
             "site.develop": "on", "process.seccomp": "off", "process.landlock": "off",
             "popularity.half_life_h": "12", "http.trusted_proxies": "192.0.2.0/24, ::1"}.get(name, "64")
    assert in_force(settings={name: value})[name] == (value, "environment")
    section, key = name.split(".")
    path = ini(f"[{section}]\n{key} = {value}\n")
    assert in_force("--config", path)[name] == (value, f"{path}:2")


BOUNDS = {"store.cache_kb": (64, 4194304), "store.lock_timeout_ms": (10, 600000),
          "store.queue": (1, 65536), "http.threads": (0, 64), "http.connections": (1, 1000000),
          "http.connections_per_address": (0, 1000000), "http.backlog": (1, 65535),
          "http.header_bytes": (4096, 1048576), "http.body_bytes": (0, 1073741824),
          "http.idle_timeout_s": (1, 3600), "http.request_timeout_s": (1, 86400),
          "http.max_age_s": (0, 31536000), "http.cache_kb": (0, 16777216),
          "http.stale_while_revalidate_s": (0, 31536000), "http.stale_if_error_s": (0, 31536000),
          "lists.related": (0, 100), "lists.latest": (0, 100),
          "lists.most_read": (0, 100), "popularity.pending_views": (1000, 100000000)}


@pytest.mark.parametrize("name, bounds", BOUNDS.items())
def test_a_number_is_taken_within_its_bounds_only(name, bounds):
    for inside in bounds:
        assert in_force(settings={name: inside})[name][0] == str(inside)
    for outside in (bounds[0] - 1, bounds[1] + 1):
        variable = "KHOBOR_" + name.upper().replace(".", "_")
        why = run("config", settings={name: outside}).why
        assert why.startswith(f"khobor: {name}: in {variable}: must be a whole number from "
                              f"{bounds[0]} to {bounds[1]} (")
        assert why.endswith(f'got "{outside}"')


@pytest.mark.parametrize("name, value, reason", [
    *(("http.max_age_s", value, "must be a whole number from 0 to 31536000 (s)") for value in (
        "", "ten", "1.5", "1s", "0x10", "1e2", "99999999999999999999", "১")),
    *(("site.language", value, "must be one of: bn en")
      for value in ("", "fr", "BN", "b", "bn en")),
    *(("site.url", value, "must ") for value in (
        "", "http://", "example.org", "ftp://example.org", "//example.org", "https://a b",
        "https://a/?x", "https://a/#x", 'https://"', "javascript:alert(1)")),
    *(("site.timezone", value, "must be an IANA time zone like Asia/Dhaka") for value in (
        "Dhaka", "Asia/Nowhere", "asia/dhaka", "+06:00", "Asia", "../../etc/passwd",
        "/etc/localtime",
        "tzdata.zi", ":UTC")),
    ("site.timezone", "", "must be a text of 1 to 191 bytes"),
    ("site.name", "", "must be a text of 1 to 191 bytes"),
    ("site.name", "x" * 192, "must be a text of 1 to 191 bytes, got 192"),
    ("site.name", "a\nb", "must be plain UTF-8 text, got a control character"),
    ("site.name", "a\ufffe", "must be plain UTF-8 text, got a Unicode noncharacter"),
    ("site.name", b"\xff".decode("utf-8", "surrogateescape"), "must be plain UTF-8 text"),
    ("store.database", "", "must be a text of 1 to 191 bytes")])
def test_a_bad_value_in_the_environment_is_refused(name, value, reason):
    why = run("config", settings={name: value}).why
    assert why.startswith(f"khobor: {name}: ") and reason in why


@pytest.mark.parametrize("text, line, key, reason", [
    ("[http]\nmax_age = 5\n", 2, "http.max_age", "there is no such setting"),
    ("[htp]\nmax_age_s = 5\n", 2, "htp.max_age_s", "there is no such setting"),
    ("max_age_s = 5\n", 1, ".max_age_s", "there is no such setting"),
    ("[HTTP]\nmax_age_s = 5\n", 2, "HTTP.max_age_s", "there is no such setting"),
    ("[http]\n\n; x\nmax_age_s = ten\n", 4, "http.max_age_s", "must be a whole number from 0"),
    ("[http]\nmax_age_s =\n", 2, "http.max_age_s", "must be a whole number from 0"),
    ("[http]\nmax_age_s = -1\n", 2, "http.max_age_s", "must be a whole number from 0"),
    ("[lists]\nlatest = 101\n", 2, "lists.latest", "must be a whole number from 0 to 100"),
    ("[site]\nlanguage = fr\n", 2, "site.language", "must be one of: bn en"),
    ("[site]\nurl = example.org\n", 2, "site.url", "must begin with http:// or https://"),
    ("[http]\nmax_age_s = 5\n[site]\nname = X\n[http]\nmax_age_s = 5\n", 6, "http.max_age_s",
     "was already set in line 2"),
    ("[site]\nname = " + "x" * 192 + "\n", 2, "", "a line is at most 198 bytes long"),
    ("; " + "x" * 300 + "\n[site]\nname = X\n", 1, "", "a line is at most 198 bytes long"),
    ("[site]\nname = " + "ক" * 64 + "\n", 2, "", "a line is at most 198 bytes long"),
    ("[site]\nname\n", 2, "", "must be [section], key = value, or a ; comment"),
    ("[site]\nname\n\n; x\n[http]\n", 2, "", "must be [section], key = value, or a ; comment"),
    ("[site\nname = X\n", 1, "", "must be [section], key = value, or a ; comment"),
    (b"[site]\nname = \xff\n", 2, "site.name", "must be plain UTF-8 text"),
    (b"[site]\nname = a\x00b\n", 2, "", ""),
])
def test_a_file_is_refused_with_its_line(ini, text, line, key, reason):
    path = ini(text)
    why = run("config", "--config", path).why
    assert why.startswith(f"khobor: {key}: {path}:{line}: " if key else f"khobor: {path}:{line}: ")
    assert reason in why


def test_a_long_line_is_taken_up_to_198_bytes(ini):
    path = ini("[site]\nname = " + "x" * 191 + "\n")
    assert in_force("--config", path)["site.name"][0] == "x" * 191


@pytest.mark.parametrize("text", ["", "\n\n", "; nothing\n# nothing\n", "[site]\n[http]\n",
                                  "\ufeff[site]\nname = X\n", "[site]\r\nname = X\r\n",
                                  "[site]\nname=X", "  [site]\n"])
def test_a_file_may_hold_little(ini, text):
    got = in_force("--config", ini(text))
    assert got["site.name"][0] == ("X" if "X" in text else "খবর")


@pytest.mark.parametrize("name", ["nothing.ini", "."])
def test_a_file_that_can_not_be_read_is_said(tmp_path, name):
    assert f"{tmp_path / name} can't be read: " in run("config", "--config", tmp_path / name).why


def test_an_unknown_variable_is_a_warning():
    done = run("config",
               settings={"http.max_age": 5, "port": "tcp://10.0.0.1:80", "service_host": ""})
    assert done.status == 0
    for variable in ("KHOBOR_HTTP_MAX_AGE", "KHOBOR_PORT", "KHOBOR_SERVICE_HOST"):
        assert f" warning: the environment's {variable} is no setting of Khobor's\n" in done.err
    assert len(done.err.splitlines()) == 3


def test_a_bad_flag_is_wrong_usage():
    done = run("config", "--listen", "x" * 192)
    assert (done.status, done.out) == (2, b"")
    assert done.said == ["khobor: http.listen: must be a text of 1 to 191 bytes, got 192"]


@pytest.mark.parametrize("address",
                         ["", "8080", "127.0.0.1", "127.0.0.1:", ":8080", "127.0.0.1:http",
                                     "127.0.0.1:65536", "127.0.0.1:-1", "256.0.0.1:80", "[::1]",
                                     "[::1:80", "http://127.0.0.1:80", "127.0.0.1:80 "])
def test_a_bad_address_is_refused(paper, address):
    done = paper.run("serve", "--listen", address)
    assert done.status in (1, 2)
    assert len(done.said) == 1 and done.said[0].startswith("khobor: http.listen: ")


def test_serve_takes_its_settings_from_a_file(paper, ini):
    path = ini("[site]\nname = পত্রিকা\nlanguage = en\n[http]\nmax_age_s = 77\nbody_bytes = 10\n")
    server = paper.serve(options=["--config", path])
    answer = server.get("/api/v1/site")
    assert (answer.json()["name"], answer.json()["language"]) == ("পত্রিকা", "en")
    assert answer.headers["Cache-Control"] == "public, max-age=77"
    check_problem(server.ask("POST", "/api/v1/articles/1/views", data=b"x" * 11), 413)
