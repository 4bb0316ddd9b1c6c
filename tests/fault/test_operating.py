"""Each command in docs/OPERATING.md works when they are run in order, in the folder of a paper."""

import os
import re
import shutil
import subprocess

from khobor import BINARY, ROOT, article, environment, section
from readers import free_port

DOCUMENT = (ROOT / "docs/OPERATING.md").read_text(encoding="utf-8")


def blocks():
    return re.findall(r"^```sh\n(.*?)^```", DOCUMENT, re.M | re.S)


def test_every_block_of_commands_runs(paper):
    paper.load([section(), article("a")])
    binaries = paper.folder / "bin"
    binaries.mkdir()
    (binaries / "khobor").symlink_to(BINARY)
    env = {**environment(), "PATH": f"{binaries}:{os.environ['PATH']}"}
    assert shutil.which("khobor", path=env["PATH"]) and len(blocks()) == 6
    port = str(free_port())
    for block in blocks():
        done = subprocess.run(["sh", "-euc", block.replace("8080", port)], cwd=paper.folder, env=env,
                              capture_output=True, text=True, timeout=30, check=False)
        assert done.returncode == 0, (block, done)
    for name in ("backups/nightly.db", "moving.db", "new/paper.db"):
        assert (paper.folder / name).is_file()
    assert [record["slug"] for record in paper.records()] == ["national", "a"]
    assert len(list((paper.folder / "backups").glob("paper-2*.db"))) == 1


def test_every_file_it_names_is_one_that_khobor_makes():
    named = set(re.findall(r"`paper\.db-([a-z][a-z-]*)`", DOCUMENT))
    sources = " ".join(path.read_text() for path in (ROOT / "server").rglob("*.c"))
    for name in named - {"wal", "shm"}:
        assert f'"{name}"' in sources, name
