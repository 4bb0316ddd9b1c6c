"""What the tests with failures share with those over HTTP: the binary, papers, servers."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "http"))

from khobor import Paper  # noqa: E402 # pylint: disable=wrong-import-position
from disks import CopyingPaper, paper_on_a_small_disk  # noqa: E402 # pylint: disable=wrong-import-position


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
