"""The servers of a comparison, each on a free port of its own."""

import os
import pwd
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import unquote

from processes import Process, free_port

# Header fields that servers write by themselves, or that are configured in another way.
BY_THEMSELVES = ("date", "connection", "content-length", "content-type", "content-encoding")
WORKERS = os.cpu_count()
TOOLS_PATH = os.environ.get("PATH", "") + ":/usr/sbin"  # of nginx

NGINX = """\
daemon off;
{user}
pid {folder}/nginx.pid;
error_log stderr error;
worker_processes {workers};
worker_rlimit_nofile {files};
events {{ worker_connections {connections}; }}
http {{
    access_log off;
    server_tokens off;
    sendfile on;
    tcp_nopush on;
    keepalive_timeout 75s;
    keepalive_requests 1000000000;
    reset_timedout_connection on;
    max_ranges 0;
    open_file_cache max=1000 inactive=1h;
    open_file_cache_valid 1h;
    types {{ }}
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port} backlog=1024;
{server}
    }}
}}
"""


@dataclass
class Subject:
    """A build of Khobor that is measured."""

    name: str
    binary: Path


def environment(settings):
    """The environment with the given settings of Khobor ({"http.threads": 1}) and no others."""
    given = {name: value for name, value in os.environ.items() if not name.startswith("KHOBOR_")}
    for name, value in settings.items():
        given["KHOBOR_" + name.upper().replace(".", "_")] = str(value)
    return given


def khobor(subject, database, folder, settings=None, name=None):
    return Process(name or subject.name,
                   [subject.binary, "serve", "--database", database, "--listen", "127.0.0.1:0"],
                   folder, environment=environment(settings or {}))


def bare(programs, answer_file, folder, name="bare", options=()):
    return Process(name, [programs / "bare", answer_file, WORKERS, *options], folder)


def loop(programs, answer_file, folder):
    return Process("loop", [programs / "loop", answer_file], folder)


def rows(programs, database, folder, makes_html):
    port = free_port()
    options = ["--html"] if makes_html else []
    name = "rows-html" if makes_html else "rows"
    return Process(name, [programs / "rows", database, port, *options], folder, port=port)


def quoted(text):
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("$", "${dollar}")
    return f'"{escaped}"'


def same_headers(answer):
    """Directives that add the headers of a response, but those that nginx sends by itself."""
    lines = ["etag off;", 'add_header Last-Modified "";']
    for name, value in answer.headers:
        if name.lower() not in BY_THEMSELVES:
            lines.append(f"add_header {name} {quoted(value)};")
    return lines


def headers_of_304(answer):
    """nginx compares If-None-Match only with the tag that it makes for a file itself."""
    kept = [(name, value) for name, value in answer.headers if name.lower() != "etag"]
    return ["etag on;"] + same_headers(replace(answer, headers=kept))[1:]


def file_location(path, answer, plain, folder):
    """A file with the same bytes, and for gzip_static a compressed one next to it."""
    folder.mkdir(exist_ok=True)
    file = folder / "answer"
    file.write_bytes(plain)
    lines = [f"alias {quoted(str(file))};",
             f"default_type {quoted(answer.header('Content-Type'))};"]
    if answer.header("Content-Encoding") == "gzip":
        (folder / "answer.gz").write_bytes(answer.body)
        lines.append("gzip_static on;")
    lines += headers_of_304(answer) if answer.status == 304 else same_headers(answer)
    # nginx compares the decoded path
    where = quoted(unquote(path.partition("?")[0]))
    return "\n".join([f"location = {where} {{", *lines, "}"])


def empty_location(answer):
    return "\n".join(["location / {", *same_headers(answer), "return 204;", "}"])


def nginx(server, connections, folder):
    """nginx from Debian; `server` is the content of the server block of its configuration."""
    folder.mkdir(exist_ok=True)
    port = free_port()
    user = f"user {pwd.getpwuid(0).pw_name};" if os.geteuid() == 0 else ""
    text = NGINX.format(user=user, folder=folder, workers=WORKERS, port=port, server=server,
                        files=connections + 100, connections=connections + 50)
    (folder / "nginx.conf").write_text(text)
    command = [shutil.which("nginx", path=TOOLS_PATH), "-e", "stderr", "-p", folder,
               "-c", folder / "nginx.conf"]
    return Process("nginx", command, folder, port=port)
