"""Whatever Confluence does, the exit status and the end of `git commit` and `git push` are the same."""

import socket
from collections.abc import Callable

import pytest

from confluence_changelog import lock, notes
from operations.place import WHY, Place
from support.hooked import eventually, folder, listener, noted

MESSAGE = f"Move the resolver{WHY}\n"


def commit(place: Place, number: int) -> str:
    """Commit; return what is printed, which must be what is printed without a publisher."""
    place.repo.write({"dns.conf": str(number)})
    place.repo.git("add", "dns.conf")
    done = place.repo.run("commit", "-q", "-F", "-", stdin=MESSAGE)
    assert done.returncode == 0
    assert b"warning" not in done.stderr
    assert b"error" not in done.stderr
    return (done.stdout + done.stderr).decode()


def push(place: Place) -> None:
    done = place.repo.run("push", "-q", "origin", "main")
    assert done.returncode == 0, done.stderr


def failed(place: Place) -> str:
    """Wait until the publisher gave up; return why."""
    git_dir = place.repo.path / ".git"
    eventually(lambda: notes.read_failure(git_dir) is not None)
    eventually(lambda: not lock.is_held(folder(place.repo) / "lock"))
    failure = notes.read_failure(git_dir)
    assert failure is not None
    return failure.sentence


def dead(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setenv("CONFLUENCE_URL", f"http://127.0.0.1:{server.getsockname()[1]}")


def unauthorised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONFLUENCE_TOKEN", "wrong")


@pytest.mark.parametrize(
    ("disturb", "why"),
    [(dead, "could not be reached"), (unauthorised, "did not accept the credentials")],
)
def test_a_confluence_that_refuses_is_not_felt(
    place: Place,
    monkeypatch: pytest.MonkeyPatch,
    disturb: Callable[[pytest.MonkeyPatch], None],
    why: str,
) -> None:
    place.repo.write({"confluence-changelog.toml": "[page]\ndeadline = 1\n"})
    place.repo.git("add", "confluence-changelog.toml")
    with monkeypatch.context() as patch:
        patch.setenv("CI", "true")
        first = commit(place, 1)
    assert place.nothing_pends()
    disturb(monkeypatch)
    assert commit(place, 2) == first
    assert why in failed(place)
    assert noted(place.repo) == {place.repo.rev_parse()}
    push(place)
    assert noted(place.repo) == {place.repo.rev_parse()}


def test_a_confluence_that_hangs_is_not_felt(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commit and push end, with their pipes closed, before the server has taken the connection."""
    place.repo.write({"confluence-changelog.toml": "[page]\ndeadline = 1\n"})
    with listener() as server:
        monkeypatch.setenv("CONFLUENCE_URL", f"http://127.0.0.1:{server.getsockname()[1]}")
        place.repo.git("add", "confluence-changelog.toml")
        commit(place, 1)
        push(place)
        assert noted(place.repo) == {place.repo.rev_parse()}
        connection, _ = server.accept()  # of the publisher, which waits for an answer all the time
        with connection:
            connection.settimeout(60)
            assert connection.recv(4) == b"GET "
            assert lock.is_held(folder(place.repo) / "lock")
        failed(place)
    assert noted(place.repo) == {place.repo.rev_parse()}
