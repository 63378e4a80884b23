"""Runs a target under libFuzzer, by hand: ``python tests/fuzz/explore.py TARGET [LIBFUZZER OPTIONS]``.

Needs atheris (``pip install atheris``), which the project does not depend on. Each byte of an
input chooses a piece of `dictionary`, so that most texts are nearly right; an input that begins with a
byte above 127 is taken as it is. What fails is written as a file for ``findings/``.
"""

import sys
from pathlib import Path

import atheris

sys.path[:0] = [str(Path(__file__).parents[1])]
with atheris.instrument_imports(include=["confluence_changelog"]):
    from fuzz.dictionary import PIECES
    from fuzz.targets import TARGETS


def text_of(data: bytes, pieces: tuple[str, ...]) -> str:
    """Turn bytes into a text."""
    if data[:1] > b"\x7f":
        return data[1:].decode("utf-8", "surrogateescape")
    chosen = (pieces[byte % len(pieces)] if byte < 224 else chr(byte - 192) for byte in data)
    return "".join(chosen)


def main() -> None:
    """Fuzz until something fails or libFuzzer's options say to end."""
    name = sys.argv.pop(1)
    target, pieces = TARGETS[name], PIECES[name]

    def once(data: bytes) -> None:
        text = text_of(data, pieces)
        try:
            target(text)
        except BaseException:
            found = Path(f"{name}-found.txt")
            found.write_bytes(text.encode("utf-8", "surrogatepass"))
            raise

    atheris.Setup(sys.argv, once)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
