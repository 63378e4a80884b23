"""Splits what Git writes into lines. Pure."""


def lines(text: str) -> list[str]:
    r"""Return the lines of Git's output, without their ends.

    Git ends each with ``\n`` alone, and what `str.splitlines` takes for ends besides (U+0085, U+2028)
    may stand in the name of a branch (Git: git-check-ref-format).
    """
    return text.removesuffix("\n").split("\n") if text else []
