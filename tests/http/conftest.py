"""Fixtures: papers of a test's own, and one demo edition that all tests may read."""

import pytest
from hypothesis import HealthCheck, settings

from khobor import SANITIZED, Paper

# The same examples every time, so that a failure is a change's and not a day's.
settings.register_profile(
    "khobor", database=None, deadline=None, derandomize=True, max_examples=20 if SANITIZED else 60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
settings.load_profile("khobor")


def pytest_configure(config):
    config.addinivalue_line("markers", "clock: needs libfaketime, which no sanitizer goes with")


def pytest_collection_modifyitems(config, items):
    """Leaves tests with another clock out of sanitizer builds; a skipped test proves nothing."""
    left_out = [item for item in items if SANITIZED and item.get_closest_marker("clock")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture
def paper(tmp_path):
    """An empty paper of the test's own."""
    made = Paper(tmp_path)
    yield made
    made.close()


@pytest.fixture(scope="module")
def new_paper(tmp_path_factory):
    """Makes papers that live as long as a file of tests."""
    made = []

    def make():
        made.append(Paper(tmp_path_factory.mktemp("paper")))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """A server with the demo edition; only to be read."""
    paper = Paper(tmp_path_factory.mktemp("demo"))
    done = paper.run("import", "--demo")
    assert (done.status, done.err) == (0, "")
    yield paper.serve()
    paper.close()
