"""GitHub Actions, and Gitea's and Forgejo's, which set the same variables and write the same file.

GitHub: "Events that trigger workflows", "Webhook events and payloads": only the file that
GITHUB_EVENT_PATH names says what a branch was before a push. A re-run gets the same file again.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from confluence_changelog.errors import UsageError
from confluence_changelog.ranges.event import Event, moved

_HEADS = "refs/heads/"
_DEEPEN = "with: { fetch-depth: 0 } to the step that uses actions/checkout"
_LARGEST = 50_000_000
_PULL_REQUESTS = ("pull_request", "pull_request_target")


def read(environment: Mapping[str, str]) -> Event | None:
    """Return the event of a run of Actions.

    Raises UsageError where the file of the event cannot be read.
    """
    if environment.get("GITHUB_ACTIONS") != "true" and environment.get("GITEA_ACTIONS") != "true":
        return None
    name = environment.get("GITHUB_EVENT_NAME", "")
    ref = environment.get("GITHUB_REF", "")
    payload = _payload(environment.get("GITHUB_EVENT_PATH", ""))
    known = Event(
        system=_system(environment),
        kind="other",
        branch=ref.removeprefix(_HEADS) if ref.startswith(_HEADS) else "",
        after=environment.get("GITHUB_SHA", ""),
        default=_text(payload, "repository", "default_branch"),
        refs=(ref,) if ref.startswith("refs/") else (),
        deepen=_DEEPEN,
    )
    if name == "push":
        return _push(known, payload, ref)
    if name in _PULL_REQUESTS:
        return _pull_request(known, payload)
    if name == "merge_group":
        return _merge_group(known, payload)
    return known._replace(kind="tag") if ref.startswith("refs/tags/") else known


def _system(environment: Mapping[str, str]) -> str:
    if environment.get("FORGEJO_ACTIONS") == "true":
        return "Forgejo Actions"
    return "Gitea Actions" if environment.get("GITEA_ACTIONS") == "true" else "GitHub Actions"


def _push(known: Event, payload: Mapping[str, Any], ref: str) -> Event:
    if not ref.startswith(_HEADS):
        return known._replace(kind="tag")
    before, after, is_new, is_gone = moved(
        _text(payload, "before"), _text(payload, "after") or known.after
    )
    return known._replace(kind="push", before=before, after=after, created=is_new, deleted=is_gone)


def _pull_request(known: Event, payload: Mapping[str, Any]) -> Event:
    number = payload.get("number")
    target = _text(payload, "pull_request", "base", "ref")
    return known._replace(
        kind="pull request",
        branch=target,
        before=_text(payload, "pull_request", "base", "sha"),
        after=_text(payload, "pull_request", "head", "sha") or known.after,
        refs=(f"refs/pull/{number}/head", f"{_HEADS}{target}") if number else known.refs,
        title=_text(payload, "pull_request", "title"),
        description=_text(payload, "pull_request", "body"),
    )


def _merge_group(known: Event, payload: Mapping[str, Any]) -> Event:
    target = _text(payload, "merge_group", "base_ref").removeprefix(_HEADS)
    head = _text(payload, "merge_group", "head_ref")
    return known._replace(
        kind="merge queue",
        branch=target,
        before=_text(payload, "merge_group", "base_sha"),
        after=_text(payload, "merge_group", "head_sha") or known.after,
        refs=(head, f"{_HEADS}{target}") if head else known.refs,
    )


def _payload(path: str) -> Mapping[str, Any]:
    if not path:
        return {}
    file = Path(path)
    try:
        if file.stat().st_size > _LARGEST:
            raise UsageError(f"The event in {path} is too large; give the range with --range A..B.")
        payload = json.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise UsageError(
            f"The event in {path}, which GITHUB_EVENT_PATH names, could not be read; give the range "
            "with --range A..B."
        ) from error
    return payload if isinstance(payload, dict) else {}


def _text(payload: Mapping[str, Any], *path: str) -> str:
    value: Any = payload
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""
