"""Git notes in `NOTES`: what the owner of a commit says of it afterwards."""

from collections.abc import Iterator, Mapping, Sequence

from confluence_changelog.git import Repository, run

NOTES = "refs/notes/changelog"
"""``git notes --ref changelog add -m TEXT COMMIT`` withdraws a commit, or corrects its text."""


def annotations(repository: Repository) -> Mapping[str, str]:
    """Return the full ids of what has a note, with the text of the note (Git: git-notes, "list").

    What is not UTF-8 in it is read as Latin-1. Git is asked once where there are no notes.
    """
    if not run(repository, ["for-each-ref", NOTES]):
        return {}
    lines = run(repository, ["notes", f"--ref={NOTES}", "list"]).decode("ascii").splitlines()
    pairs = [line.split() for line in lines]
    texts = _texts(repository, [note for note, _ in pairs])
    return {commit: text for (_, commit), text in zip(pairs, texts, strict=True)}


def _texts(repository: Repository, ids: Sequence[str]) -> Iterator[str]:
    """Yield the text of each of these blobs (Git: git-cat-file, "BATCH OUTPUT")."""
    output = run(repository, ["cat-file", "--batch"], "".join(f"{i}\n" for i in ids).encode())
    position = 0
    for _ in ids:
        end = output.index(b"\n", position)
        size = int(output[position:end].split()[-1])
        data = output[end + 1 : end + 1 + size]
        try:
            yield data.decode("utf-8")
        except UnicodeDecodeError:
            yield data.decode("latin-1")
        position = end + 1 + size + 1
