"""What the tests with failures share with those over HTTP: the binary, papers, servers."""

import sys
import tempfile
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "http"))

from khobor import SANITIZED, Paper  # noqa: E402 # pylint: disable=wrong-import-position
from disks import CopyingPaper, paper_on_a_small_disk  # noqa: E402 # pylint: disable=wrong-import-position


def pytest_configure(config):
    config.addinivalue_line("markers", "strace: needs strace, which no sanitizer goes with")
    config.addinivalue_line("markers", "mount(*kinds): needs disks that can be made and mounted")


def pytest_collection_modifyitems(config, items):
    """Leaves out what can't be tried here, and says so; a skipped test proves nothing."""
    mountable = {}

    def can_mount(kind):
        if kind not in mountable:
            with tempfile.TemporaryDirectory() as folder:
                made = CopyingPaper(Path(folder), kind)
                mountable[kind] = made.is_mounted
                made.close()
        return mountable[kind]

    def is_left_out(item):
        mount = item.get_closest_marker("mount")
        return (SANITIZED and item.get_closest_marker("strace") is not None
                or mount is not None and not all(map(can_mount, mount.args)))

    left_out = [item for item in items if is_left_out(item)]
    if left_out:
        kinds = ", ".join(kind for kind, works in mountable.items() if not works)
        print(f"{len(left_out)} tests are left out; disks that can't be mounted here: {kinds or '-'}")
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture
def paper(tmp_path):
    """An empty paper of the test's own."""
    made = Paper(tmp_path)
    yield made
    made.close()


@pytest.fixture
def small_disk(tmp_path):
    """An empty paper of the test's own, on a disk that can be filled up."""
    made = paper_on_a_small_disk(tmp_path)
    yield made
    made.close()


@pytest.fixture(params=["btrfs", "xfs"])
def copying_disk(request, tmp_path):
    """An empty paper of the test's own, on a disk that copies on write and can be filled up."""
    made = CopyingPaper(tmp_path, request.param)
    yield made
    made.close()
