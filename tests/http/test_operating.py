"""The commands of docs/OPERATING.md, run in its order in one shell, each as it is written there."""

import os
import re
import subprocess

from khobor import BINARY, ROOT

DOCUMENT = ROOT / "docs/OPERATING.md"
SERVE = re.compile(r"khobor serve .*")


def test_every_command_does_what_it_says(tmp_path):
    blocks = re.findall(r"```sh\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.S)
    commands = [line for block in blocks for line in block.splitlines()]
    assert len(commands) >= 8
    (tmp_path / "bin").mkdir()
    os.symlink(BINARY, tmp_path / "bin/khobor")
    given = {"PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin", "KHOBOR_SITE_TIMEZONE": "Asia/Dhaka"}
    for command in commands:
        if SERVE.fullmatch(command):  # it runs until it is told to stop, on a port that is free
            command = command.replace("127.0.0.1:8080", "127.0.0.1:0")
            command += """ >out & server=$!
                until grep -q listening out; do sleep 0.05; done
                kill $server; wait $server"""
        done = subprocess.run(["sh", "-euc", command], cwd=tmp_path, env=given, timeout=60,
                              capture_output=True, check=False)
        assert done.returncode == 0, (command, done)
    names = {path.name for path in tmp_path.iterdir()}
    assert "paper.db" in names and "moved.db" in names
    assert any(re.fullmatch(r"paper-before-.*-1\.db", name) for name in names), names
    assert (tmp_path / "new/paper.db").stat().st_size > 100_000


def test_every_reason_of_readyz_is_in_the_document():
    """A row of the table in server/http/message/health.c has the text for clients first."""
    source = (ROOT / "server/http/message/health.c").read_text(encoding="utf-8")
    texts = re.findall(r"\[PROBLEM_\w+\] =\s*\{\s*\"([^\"]*)\"", source)
    assert len(texts) >= 4
    document = DOCUMENT.read_text(encoding="utf-8")
    for text in texts:
        assert f"| {text} |" in document, text
