"""Commits: ``git log`` -> facts, as a stream.

The layout of ``git log -z --format=… --name-status`` (Git: git-log, "-z"; read in Git 2.39 to
2.5x): the text of the format ends in a NUL. Where paths changed, a line feed follows, then status
and path (renames and copies: two paths), each ended by a NUL. Then the next commit follows at
once. It begins with a full id, which no status can be: that is how the end of the paths is seen.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from itertools import chain, islice

from confluence_changelog.commit import Change, Commit, Identity
from confluence_changelog.errors import GitError, ShallowHistoryError, UnknownRevisionError
from confluence_changelog.git import Reader, Repository, read_gitpython, shallow_boundary
from confluence_changelog.refusal import DEEPEN, printable, unknown_revision

_FIELDS = ("%H", "%h", "%P", "%aN", "%aE", "%ad", "%cN", "%cE", "%cd", "%B")

# Most of these set right what a user's configuration may have set otherwise. The names of %aN and
# its like follow the mailmap whatever is configured, and diff.relative has no effect at the root.
_LOG = (
    "log",
    "-z",
    f"--format=tformat:{'%x00'.join(_FIELDS)}",
    "--date=raw",
    "--encoding=UTF-8",
    "--no-show-signature",
    "--no-color",
    "--topo-order",
    "--root",
    "--name-status",
    "-M100%",  # exact renames only: others would fetch every blob in a blobless clone
    "--diff-merges=first-parent",
    "--no-ext-diff",
    "--ignore-submodules=none",
    "-O/dev/null",  # Git: git-diff, -O cancels diff.orderFile, also on Windows
)
_SHORTEST = 7  # of abbreviated ids
_ID = 40  # digits of the shortest full id

_NOBODY = ("%aN", "%cN")  # Git leaves its placeholders alone where a commit names no person
_LINE_END = re.compile(r"[\0\r\n]")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST = datetime(9999, 12, 30, tzinfo=UTC)
_LARGEST_ZONE = 23 * 60 + 59


def log(
    repository: Repository,
    revisions: Sequence[str],
    *,
    no_walk: bool = False,
    read: Reader = read_gitpython,
) -> Iterator[Commit]:
    """Yield the commits of revisions and ranges (``A``, ``A..B``, ``A...B``, ``^A``).

    Newest first, in ``git log --topo-order``; with ``no_walk`` only the named commits themselves,
    in the order given. No revisions: no commits. Authors and committers are those of the mailmap;
    replace refs and grafts are ignored.

    Raises UnknownRevisionError for a revision that is not there (before the first commit),
    ShallowHistoryError where the clone ends (before the commit that it ends at: neither its parents
    nor its changes are known), and GitError.
    """
    if not revisions:
        return
    boundary = shallow_boundary(repository)
    for revision in revisions:
        if not _can_be_a_revision(revision):
            raise unknown_revision(revision, repository.root, shallow=bool(boundary))
    args = [*_LOG, "--stdin", *(["--no-walk=unsorted"] if no_walk else [])]
    lines = "".join(f"{revision}\n" for revision in revisions)
    with closing(read(repository, args, lines.encode("utf-8", "surrogateescape"))) as output:
        for commit in parse_log(output):
            if commit.id in boundary:
                raise _shallow(repository, commit)
            yield commit


def split_range(text: str) -> tuple[str, ...]:
    """Split the text of a range, such as ``^A B``, into revisions.

    A text with a brace is one revision: ``HEAD^{/two words}``. Raises UnknownRevisionError for a
    text without any.
    """
    revisions = (text.strip(),) if "{" in text else tuple(text.split())
    if not any(revisions):
        raise UnknownRevisionError("The range is empty: give one such as v1.0..HEAD.")
    return revisions


def parse_log(output: Iterable[bytes]) -> Iterator[Commit]:
    """Yield the commits of the output of ``git log``, which may come in any pieces. Pure."""
    tokens = chain.from_iterable(_tokens(output))
    commit_id = next(tokens, "")
    while commit_id:
        fields = tuple(islice(tokens, len(_FIELDS) - 1))
        if len(fields) < len(_FIELDS) - 1:
            raise GitError(f"The output of git log ended within commit {commit_id}: run it again.")
        following = ""
        changes: list[Change] = []
        for token in tokens:
            if len(token) >= _ID:
                following = token
                break
            changes.append(_change(token, tokens))
        yield _commit(commit_id, fields, tuple(changes))
        commit_id = following


def _can_be_a_revision(text: str) -> bool:
    """Tell whether Git would take the text for a revision or range of commits.

    Not for an option, nor for nothing, nor for a path in a commit, which it would pass over.
    """
    if not text.strip() or text.startswith("-") or _LINE_END.search(text):
        return False
    return ":" not in text or "{" in text or text.lstrip("^").startswith(":/")


def _tokens(output: Iterable[bytes]) -> Iterator[list[str]]:
    """Yield what stands between the NULs; bytes that are not UTF-8 become surrogate escapes."""
    pieces: list[bytes] = []
    for piece in output:
        end = piece.rfind(b"\0")
        if end < 0:
            pieces.append(piece)
            continue
        pieces.append(piece[:end])
        yield b"".join(pieces).decode("utf-8", "surrogateescape").split("\0")
        pieces = [piece[end + 1 :]]


def _change(token: str, tokens: Iterator[str]) -> Change:
    status = token.lstrip("\n")[0]
    path = next(tokens)
    if status in "RC":
        return Change(status, next(tokens), path)
    return Change(status, path, "")


def _commit(commit_id: str, fields: tuple[str, ...], changes: tuple[Change, ...]) -> Commit:
    (
        short,
        parents,
        author,
        author_email,
        author_date,
        committer,
        committer_email,
        committer_date,
        message,
    ) = fields
    return Commit(
        commit_id,
        short if len(short) >= _SHORTEST else commit_id[:_SHORTEST],
        tuple(parents.split()),
        _identity(author, author_email, author_date),
        _identity(committer, committer_email, committer_date),
        _text(message),
        changes,
    )


def _identity(name: str, email: str, date: str) -> Identity:
    if name in _NOBODY and not date[:1].isdigit():
        return Identity("", "", _EPOCH)
    return Identity(_text(name), _text(email), moment(date))


def _text(field: str) -> str:
    """Return the field, read again as latin-1 when its bytes are not UTF-8.

    Git recodes what names its encoding; the rest comes as it is stored.
    """
    if field.isascii():
        return field
    try:
        field.encode()
    except UnicodeEncodeError:
        return field.encode("utf-8", "surrogateescape").decode("latin-1")
    return field


def moment(raw: str) -> datetime:
    """Return the date of Git's raw form, ``1767603600 +0100``: seconds since 1970 and the zone.

    A commit can hold any number. A date after the year 9999 becomes 9999-12-30, one that Git
    cannot read becomes 1970-01-01, and a zone of a day or more is cut to 23:59.
    """
    seconds, _, zone = raw.partition(" ")
    if not seconds:
        return _EPOCH
    try:
        return (_EPOCH + timedelta(seconds=int(seconds))).astimezone(_zone(zone))
    except OverflowError:
        return _LAST


@lru_cache(maxsize=256)
def _zone(text: str) -> timezone:
    number = int(text or "0")
    minutes = abs(number) // 100 * 60 + abs(number) % 100
    offset = timedelta(minutes=min(minutes, _LARGEST_ZONE))
    return timezone(-offset if number < 0 else offset)


def _shallow(repository: Repository, commit: Commit) -> ShallowHistoryError:
    return ShallowHistoryError(
        f"The clone at {printable(repository.root)} is shallow and ends at {commit.abbreviated}, "
        f"so that what this commit changed is not known: {DEEPEN}."
    )
