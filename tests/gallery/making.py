"""Makes the repository of a log of the gallery."""

from gallery.reading import Log
from support.repositories import Repo


def commit_all(log: Log, repo: Repo) -> Repo:
    """Make the log's commits and write its configuration."""
    if log.remote:
        repo.git("remote", "add", "origin", log.remote)
    for number, made in enumerate(log.commits):
        repo.commit(
            dict.fromkeys(made.files, f"{number}\n"),
            made.message,
            author=made.author,
            date=made.date,
        )
        if made.tag:
            repo.tag(made.tag)
    if log.configuration:
        (repo.path / "confluence-changelog.toml").write_bytes(log.configuration.encode())
    return repo
