"""Where what changed can't be told between processes, nothing is kept: what is served is new."""

from pathlib import Path

from khobor import article, section

EDITION = [section(), *(article(f"a{number}") for number in range(1, 21))]
SHOWING = ["/api/v1/articles/a20", "/national/20/a20", "/api/v1/latest", "/feed.json", "/"]
ROOM = 300_000  # for all that a server needs, and less than the versions take


def shows(server, headline):
    return [headline in server.get(target).text for target in SHOWING]


def test_a_full_disk_at_the_start_serves_without_keeping(small_disk):
    small_disk.load(EDITION)
    versions = Path(small_disk.database + "-versions")
    versions.unlink()
    small_disk.fill_disk(room=ROOM)
    server = small_disk.serve()
    assert server.logged().count("the file of versions has no room: ") == 1
    said = "responses are not cached: changes by other processes are seen late"
    assert server.logged().count(said) == 1
    assert all(shows(server, "Headline of a20"))
    small_disk.free_disk()
    for turn in range(1, 6):
        small_disk.load([article("a20", headline=f"Turn {turn}")])
        assert all(shows(server, f"Turn {turn}")), turn
    server.stop()
    assert "the cache had 0 responses" in server.logged()
    assert ": 0 hits, " in server.logged()


def test_once_there_is_room_again_a_new_start_keeps(small_disk):
    small_disk.load(EDITION)
    Path(small_disk.database + "-versions").unlink()
    small_disk.fill_disk(room=ROOM)
    server = small_disk.serve()
    server.stop()
    small_disk.free_disk()
    server = small_disk.serve()
    assert "responses are not cached" not in server.logged()
    for turn in range(1, 4):
        small_disk.load([article("a20", headline=f"Turn {turn}")])
        for _ in range(2):
            assert all(shows(server, f"Turn {turn}")), turn
    server.stop()
    assert ": 0 hits, " not in server.logged()


def test_a_disk_that_fills_up_later_harms_nothing_that_is_kept(small_disk):
    """The room of the versions was taken at once: no number is lost, and no process."""
    small_disk.load(EDITION)
    server = small_disk.serve()
    assert all(shows(server, "Headline of a20"))
    small_disk.fill_disk()
    assert all(shows(server, "Headline of a20"))
    done = small_disk.try_load([article("a20", headline="Too large", body="x" * 500_000)])
    assert done.status == 1
    assert all(shows(server, "Headline of a20"))
    small_disk.free_disk()
    small_disk.load([article("a20", headline="Afterwards")])
    assert all(shows(server, "Afterwards"))
