"""A Git repository to read: made by ``git fast-import``, the same every time, and kept."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from random import Random
from shutil import rmtree

import prose
from sizes import Sizes

FOLDER = Path(__file__).parents[1] / ".benchmarks"
_FORM = 1
"""To be raised with each change below, so that kept repositories are made anew."""
_START = 1_700_000_000
_BRANCH_EVERY = 10
_ON_BRANCH = 3


def repository(sizes: Sizes) -> Path:
    """Return a bare repository with that many commits and files; a tenth of the commits are merges."""
    path = FOLDER / f"history-{_FORM}-{sizes.commits}-{sizes.files}.git"
    if not path.exists():
        unfinished = path.with_suffix(".unfinished")
        rmtree(unfinished, ignore_errors=True)
        _git("init", "--quiet", "--bare", "--initial-branch=main", str(unfinished))
        stream = b"".join(_stream(sizes))
        _git("-C", str(unfinished), "fast-import", "--quiet", "--done", stdin=stream)
        _git("-C", str(unfinished), "gc", "--quiet")
        unfinished.rename(path)
    return path


def _git(*arguments: str, stdin: bytes = b"") -> None:
    subprocess.run(["git", *arguments], input=stdin, check=True)


def _stream(sizes: Sizes) -> Iterator[bytes]:
    """Yield the commands: all files are there after the first commits, then they change."""
    random = Random(20)
    first = max(1, sizes.commits // 20)
    tip = 0
    made = 0
    while made < sizes.commits:
        made += 1
        if made % _BRANCH_EVERY or made < first or made + _ON_BRANCH >= sizes.commits:
            changed = range((made - 1) * sizes.files // first, made * sizes.files // first)
            if made > first:
                changed = [random.randrange(sizes.files) for _ in range(random.randint(1, 3))]
            yield _commit("main", made, [tip], changed, random)
            tip = made
            continue
        topic, touched = tip, list[int]()
        for _ in range(_ON_BRANCH - 1):
            touched.append(random.randrange(sizes.files))
            yield _commit("topic", made, [topic], touched[-1:], random)
            topic, made = made, made + 1
        yield _commit("main", made, [tip], [random.randrange(sizes.files)], random)
        tip, made = made, made + 1
        yield _commit("main", made, [tip, topic], touched, random)
        tip = made
    yield b"reset refs/heads/topic\nfrom 0000000000000000000000000000000000000000\n\ndone\n"


def _commit(
    branch: str, mark: int, parents: list[int], files: list[int] | range, random: Random
) -> bytes:
    name = random.choice(prose.PEOPLE)
    zone = random.choice(("+0000", "+0100", "-0330"))
    when = f"{name} <person@example.com> {_START + mark * 600} {zone}"
    text = f"Merge branch 'topic-{mark}'\n" if len(parents) > 1 else prose.message(random)
    lines = [f"commit refs/heads/{branch}", f"mark :{mark}", f"author {when}", f"committer {when}"]
    head = "\n".join(lines).encode() + b"\n" + _data(text)
    for kind, parent in zip(("from", "merge"), parents, strict=False):
        head += f"{kind} :{parent}\n".encode() if parent else b""
    return head + b"".join(_file(number, mark) for number in files) + b"\n"


def _file(number: int, mark: int) -> bytes:
    return f'M 100644 inline "{prose.path(number)}"\n'.encode() + _data(f"limit = {mark}\n")


def _data(text: str) -> bytes:
    data = text.encode()
    return f"data {len(data)}\n".encode() + data + b"\n"
