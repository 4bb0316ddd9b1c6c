"""What a power cut leaves of the journal: it is simulated by an xfs that forgets."""

import os
import signal
import subprocess
from pathlib import Path

import pytest
from disks import CopyingPaper
from khobor import BINARY, article, eventually, section

RUNS = 3


@pytest.fixture
def xfs(tmp_path):
    made = CopyingPaper(tmp_path, "xfs")
    yield made
    made.close()


@pytest.mark.mount("xfs")
def test_a_new_journal_outlives_a_power_cut(xfs):
    """Its header is on the disk before the first view is counted; and what is stored is stored."""
    xfs.load([section(), article("a")])
    for run in range(1, RUNS + 1):
        server = xfs.serve()
        assert "missing or damaged" not in server.logged()
        server.view("a", 5)
        eventually(lambda run=run: server.most_read(window="all") == [("a", 5 * run)])
        server.kill()
        xfs.cut_power()
        assert xfs.counted("a") == 5 * run


@pytest.mark.strace
def test_the_name_of_a_new_journal_is_brought_to_the_disk(paper):
    """No disk here forgets a name, so that the calls are looked at."""
    paper.load([section(), article("a")])
    trace = paper.folder / "trace"
    process = subprocess.Popen(
        ["strace", "-f", "-y", "-e", "trace=fsync", "-o", trace, BINARY, "serve", "--database",
         paper.database, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL)
    assert process.stdout.readline().startswith(b"khobor: listening on ")
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    os.kill(int(children.read_text(encoding="ascii")), signal.SIGTERM)
    process.communicate(timeout=20)
    calls = trace.read_text(encoding="utf-8")
    file = calls.index(f"{paper.database}-views>)")
    assert f"<{paper.folder}>)" in calls[file:]
