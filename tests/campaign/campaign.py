"""The campaign: many publishers under fault and kill, beside another hand, against one page."""

import sys
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from campaign import page as pages
from campaign.correcting import Notes, corrections
from campaign.flavours import WIRES
from campaign.hand import Hand, HandEdit, Pace, hand_edits
from campaign.history import History, build
from campaign.plan import Step, Trouble, attempts, portions, shares, stream
from campaign.proxy import Proxy
from campaign.server import Server, archives, serve, stored
from campaign.verdict import Case, Finding, corrected_in_place, judge
from campaign.worker import Setting, Work, archive_all, archive_beside, publish_all, work
from confluence_changelog.confluence.page import Flavour

PUBLISHER = (sys.executable, "-m", "confluence_changelog")


class Size(NamedTuple):
    """How large a campaign is."""

    workers: int = 16
    commits: int = 50
    """Of each worker."""
    edits: int = 60
    """Of the other hand."""
    archivers: int = 0
    """So many archive beside the publishers; the configuration says how much."""
    corrections: int = 0
    """So many commits are corrected by Git notes meanwhile."""


class Outcome(NamedTuple):
    """How a campaign went."""

    seed: int
    flavour: Flavour
    findings: list[Finding]
    processes: int
    versions: int
    met: "Counter[Step | Trouble]"
    corrected: int
    """Rows that were corrected where they stood."""

    def kinds(self) -> set[str]:
        """Return the kinds of what was found."""
        return {finding.kind for finding in self.findings}

    def __str__(self) -> str:
        met = ", ".join(f"{count} {kind.name}" for kind, count in sorted(self.met.items(), key=str))
        lines = [
            f"campaign with seed {self.seed}: {self.processes} publishers, {self.versions} versions",
            f"met: {met}",
            *(f"{finding.kind}: {finding.text}" for finding in self.findings[:20]),
        ]
        if len(self.findings) > 20:
            lines.append(f"and {len(self.findings) - 20} more findings")
        return "\n".join(lines)


def run(
    seed: int,
    size: Size,
    folder: Path,
    *,
    command: Sequence[str] = PUBLISHER,
    configuration: str = pages.CONFIGURATION,
    flavour: Flavour = "data-center",
) -> Outcome:
    """Run a campaign.

    Args:
        seed: what every random decision is drawn from.
        size: how many publishers, commits and edits.
        folder: an empty folder for the repository.
        command: the publisher; ``publish`` and its options are added.
        configuration: the text of its configuration file, without the section of the page.
        flavour: what kind of Confluence it is.

    """
    history = build(folder / "repo", stream(seed, "history"), size.workers * size.commits)
    file = folder / "repo" / "confluence-changelog.toml"
    file.write_text(f'{configuration}[page]\nflavour = "{flavour}"\n', encoding="utf-8")
    storage = WIRES[flavour].saved(pages.body(stream(seed, "page"), history.commits))
    archiving = size.archivers > 0
    edits = hand_edits(stream(seed, "hand"), history.commits, size.edits, archiving=archiving)
    texts = corrections(stream(seed, "corrections"), history.commits, size.corrections)
    data = folder / "wiki.sqlite"
    with serve(data, storage, flavour) as server:
        setting = Setting(command, folder / "repo", server.page, server.wire)
        notes = Notes(folder / "repo", texts)
        done = _publish(seed, size, setting, server, history, edits, notes)
        notes.finish()
        ended, new = publish_all(setting, server.url)
        if new:
            text = f"a last publication ended with {ended.status}, {new} new rows: {ended.errors}"
            done.findings.append(Finding("quiet", text))
        if archiving and (ended := archive_all(setting, server.url)).status:
            text = f"archiving at last ended with {ended.status}: {ended.errors}"
            done.findings.append(Finding("quiet", text))
    versions = stored(data, server)
    moved = archives(data, server) if archiving else None
    alone = _alone(folder / "alone.sqlite", storage, edits, flavour)
    case = Case(versions, history.commits, history.parents, alone, moved, texts)
    corrected = corrected_in_place(case) if texts else 0
    findings = done.findings + judge(case)
    return Outcome(seed, flavour, findings, done.processes, len(versions), done.met, corrected)


def _publish(
    seed: int,
    size: Size,
    setting: Setting,
    server: Server,
    history: History,
    edits: Sequence[HandEdit],
    notes: Notes,
) -> Work:
    """Let all workers publish beside the other hand until everything is reported published."""

    def nudge() -> None:
        pace.nudge()
        notes.add()

    dealt = shares(stream(seed, "shares"), history.commits, size.workers)
    hand = Hand(server, edits)
    pace = Pace(hand, every=12)
    try:
        with (
            Proxy(server.url, hand.edit, nudge) as proxy,
            ThreadPoolExecutor(size.workers + size.archivers) as pool,
        ):
            running = [
                pool.submit(
                    work,
                    setting,
                    proxy,
                    portions(stream(seed, "portions", number), share),
                    attempts(stream(seed, "attempts", number)),
                )
                for number, share in enumerate(dealt)
            ]
            beside = [
                pool.submit(
                    archive_beside,
                    setting,
                    proxy,
                    attempts(stream(seed, "archiver", number)),
                    lambda: all(future.done() for future in running),
                )
                for number in range(size.archivers)
            ]
            results = [future.result() for future in (*running, *beside)]
    finally:
        pace.stop()
        hand.finish()
        hand.close()
    return Work(
        sum(result.processes for result in results),
        sum((result.met for result in results), Counter()),
        [finding for result in results for finding in result.findings]
        + [Finding("campaign", f"the proxy failed: {error!r}") for error in proxy.errors],
    )


def _alone(data: Path, storage: str, edits: Sequence[HandEdit], flavour: Flavour) -> str:
    """Return the page after the other hand's edits, without any publisher."""
    with serve(data, storage, flavour) as server:
        hand = Hand(server, edits)
        hand.finish()
        hand.close()
    return stored(data, server)[-1].body
