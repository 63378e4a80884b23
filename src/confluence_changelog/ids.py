"""Abbreviated ids of commits -> full ones."""

from collections.abc import Collection

from confluence_changelog.git import Repository, run

AMBIGUOUS = "ambiguous"


def completed(repository: Repository, texts: Collection[str]) -> dict[str, str]:
    """Return the full id of the one commit that each text is the beginning of, or `AMBIGUOUS`.

    What is the beginning of none is left out. Git says "missing" of ``abc1234^{commit}`` for several
    commits too, and "ambiguous" only of ``abc1234`` itself, for several objects of any kind (Git:
    git-cat-file, "BATCH OUTPUT").
    """
    if not texts:
        return {}
    lines = "".join(f"{text}^{{commit}}\n{text}\n" for text in texts).encode("ascii")
    output = run(repository, ["cat-file", "--batch-check=%(objectname)"], lines)
    answers = output.decode("ascii").splitlines()
    found = {}
    for text, commit, whatever in zip(texts, answers[::2], answers[1::2], strict=True):
        if " " not in commit:
            found[text] = commit
        elif whatever.endswith(AMBIGUOUS):
            found[text] = AMBIGUOUS
    return found
