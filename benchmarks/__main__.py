"""Measures confluence-changelog against its peers and prints the ratios: see docs/benchmarks.md."""

import argparse
import importlib
import importlib.util
import sys
from pathlib import Path

from sizes import SIZES

BENCHMARKS = ("cost", "reading", "editing", "auditing", "publishing", "writers")
_PEERS = {"bs4": "beautifulsoup4", "atlassian": "atlassian-python-api", "flask": "flask"}


def main() -> int:
    """Run the benchmarks that were asked for."""
    parser = argparse.ArgumentParser(prog="scripts/benchmark", description=__doc__)
    parser.add_argument("--only", choices=BENCHMARKS, help="run this one")
    parser.add_argument("--size", choices=SIZES, default="full", help="small only tries them out")
    parser.add_argument(
        "--write", type=Path, metavar="FILE", help="write the page with the results"
    )
    for name in ("--peak", "--run", "--writer"):  # in processes of their own
        parser.add_argument(name, nargs=3, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.peak or arguments.run:
        return _run_one(*(arguments.peak or arguments.run), tell=bool(arguments.peak))
    if arguments.writer:
        address, page, number = arguments.writer
        importlib.import_module("writers").write(address, page, int(number))
        return 0
    return _run_all(arguments)


def _run_one(benchmark: str, case: str, size: str, *, tell: bool) -> int:
    importlib.import_module(benchmark).case(case, SIZES[size])()
    if tell:
        from measure import own_peak, peak_of_children

        print(peak_of_children() if case == "git" else own_peak())
    return 0


def _run_all(arguments: argparse.Namespace) -> int:
    missing = [
        package for module, package in _PEERS.items() if not importlib.util.find_spec(module)
    ]
    if missing:
        print(f"The peers are missing: python -m pip install {' '.join(missing)}", file=sys.stderr)
        return 2
    from report import machine, markdown, page

    sections = []
    print(machine(), flush=True)
    for name in [arguments.only] if arguments.only else BENCHMARKS:
        sections.append(importlib.import_module(name).measure(arguments.size))
        print(markdown(sections[-1]), flush=True)
    if arguments.write:
        arguments.write.write_text(page(sections), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")
    raise SystemExit(main())
