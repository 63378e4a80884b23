"""What each CI system sets, as its documentation says, for one situation of a repository."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

ZEROS = "0" * 40


class Situation(NamedTuple):
    """What happened on the server, and what the system is told of it."""

    kind: str
    """push, create, delete, tag, pull request, queue, manual, schedule."""
    branch: str
    """The pushed branch; of a pull request the source."""
    before: str
    after: str
    target: str = "main"
    title: str = "Add a resolver"
    description: str = "The old one leaves on Friday."
    number: int = 7
    squash: bool = False


Variables = Callable[[Situation], Mapping[str, str] | None]
"""Returns the environment, or None where the system has no such run."""

EVENT = "the event itself, which a file holds"


def _actions(extra: Mapping[str, str]) -> Variables:
    def variables(at: Situation) -> Mapping[str, str] | None:
        events = {
            "push": "push",
            "create": "push",
            "delete": "push",
            "tag": "push",
            "pull request": "pull_request",
            "queue": "merge_group",
            "manual": "workflow_dispatch",
            "schedule": "schedule",
        }
        is_pull = at.kind == "pull request"
        ref = f"refs/heads/{at.branch}"
        ref = "refs/tags/v1" if at.kind == "tag" else ref
        ref = f"refs/pull/{at.number}/merge" if is_pull else ref
        payload: dict[str, object] = {"repository": {"default_branch": "main"}}
        if is_pull:
            payload["number"] = at.number
            payload["pull_request"] = {
                "head": {"sha": at.after, "ref": at.branch},
                "base": {"sha": at.before, "ref": at.target},
                "title": at.title,
                "body": at.description,
            }
        elif at.kind == "queue":
            payload["merge_group"] = {
                "head_sha": at.after,
                "head_ref": ref,
                "base_sha": at.before,
                "base_ref": f"refs/heads/{at.target}",
            }
        elif events[at.kind] == "push":
            payload |= {"before": at.before, "after": at.after, "ref": ref}
        return {
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_EVENT_NAME": events[at.kind],
            EVENT: json.dumps(payload),
            "GITHUB_REF": ref,
            "GITHUB_SHA": at.after if at.kind != "delete" else at.before,
            **extra,
        }

    return variables


def _gitlab(at: Situation) -> Mapping[str, str] | None:
    sources = {
        "pull request": "merge_request_event",
        "queue": "merge_request_event",
        "manual": "web",
        "schedule": "schedule",
    }
    if at.kind == "delete":
        return None
    found = {
        "CI": "true",
        "GITLAB_CI": "true",
        "CI_PIPELINE_SOURCE": sources.get(at.kind, "push"),
        "CI_COMMIT_SHA": at.after,
        "CI_COMMIT_BEFORE_SHA": at.before if at.kind == "push" else ZEROS,
        "CI_DEFAULT_BRANCH": "main",
    }
    if at.kind == "tag":
        return found | {"CI_COMMIT_TAG": "v1"}
    if at.kind in ("pull request", "queue"):
        return found | {
            "CI_MERGE_REQUEST_DIFF_BASE_SHA": at.before,
            "CI_MERGE_REQUEST_SQUASH_ON_MERGE": "true" if at.squash else "false",
            "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": at.target,
            "CI_MERGE_REQUEST_REF_PATH": f"refs/heads/{at.branch}",
            "CI_MERGE_REQUEST_TITLE": at.title,
            "CI_MERGE_REQUEST_DESCRIPTION": at.description,
            "CI_MERGE_REQUEST_EVENT_TYPE": "merge_train" if at.kind == "queue" else "detached",
        }
    return found | {"CI_COMMIT_BRANCH": at.branch}


def _bitbucket(at: Situation) -> Mapping[str, str] | None:
    if at.kind in ("delete", "queue"):
        return None
    found = {"CI": "true", "BITBUCKET_BUILD_NUMBER": "7", "BITBUCKET_COMMIT": at.after}
    if at.kind == "tag":
        return found | {"BITBUCKET_TAG": "v1"}
    found["BITBUCKET_BRANCH"] = at.branch
    if at.kind == "pull request":
        found |= {
            "BITBUCKET_PR_ID": str(at.number),
            "BITBUCKET_PR_DESTINATION_BRANCH": at.target,
            "BITBUCKET_PR_DESTINATION_COMMIT": at.before,
        }
    return found


def _azure(at: Situation) -> Mapping[str, str] | None:
    if at.kind in ("delete", "queue"):
        return None
    reasons = {"pull request": "PullRequest", "manual": "Manual", "schedule": "Schedule"}
    found = {
        "TF_BUILD": "True",
        "BUILD_REASON": reasons.get(at.kind, "IndividualCI"),
        "BUILD_SOURCEVERSION": at.after,
        "BUILD_SOURCEBRANCH": "refs/tags/v1" if at.kind == "tag" else f"refs/heads/{at.branch}",
    }
    if at.kind == "pull request":
        found |= {
            "BUILD_SOURCEBRANCH": f"refs/pull/{at.number}/merge",
            "SYSTEM_PULLREQUEST_TARGETBRANCH": f"refs/heads/{at.target}",
            "SYSTEM_PULLREQUEST_SOURCECOMMITID": at.after,
        }
    return found


def _jenkins(at: Situation) -> Mapping[str, str] | None:
    if at.kind in ("delete", "queue"):
        return None
    found = {
        "JENKINS_URL": "https://jenkins.example.com/",
        "GIT_COMMIT": at.after,
        "GIT_BRANCH": f"origin/{at.branch}",
    }
    if at.kind == "tag":
        return found | {"TAG_NAME": "v1"}
    if at.kind == "pull request":
        return found | {
            "CHANGE_ID": str(at.number),
            "CHANGE_TARGET": at.target,
            "CHANGE_BRANCH": at.branch,
            "CHANGE_TITLE": at.title,
            "BRANCH_NAME": f"PR-{at.number}",
        }
    if at.kind == "push":
        found |= {"GIT_PREVIOUS_COMMIT": ZEROS, "GIT_PREVIOUS_SUCCESSFUL_COMMIT": at.before}
    return found


def _teamcity(at: Situation) -> Mapping[str, str] | None:
    if at.kind not in ("push", "manual", "schedule", "pull request"):
        return None
    found = {"TEAMCITY_VERSION": "2026.1", "BUILD_VCS_NUMBER": at.after}
    if at.kind == "pull request":  # handed on by the build's settings
        found["TEAMCITY_PULLREQUEST_TARGET_BRANCH"] = f"refs/heads/{at.target}"
        found["TEAMCITY_PULLREQUEST_TITLE"] = at.title
    return found


def _circleci(at: Situation) -> Mapping[str, str] | None:
    if at.kind in ("delete", "queue", "pull request"):
        return None
    found = {"CI": "true", "CIRCLECI": "true", "CIRCLE_SHA1": at.after}
    if at.kind == "tag":
        return found | {"CIRCLE_TAG": "v1"}
    found["CIRCLE_BRANCH"] = at.branch
    return found | ({"CIRCLE_BASE_REVISION": at.before} if at.kind == "push" else {})


def _drone(at: Situation) -> Mapping[str, str] | None:
    if at.kind in ("delete", "queue"):
        return None
    events = {"pull request": "pull_request", "tag": "tag", "manual": "custom", "schedule": "cron"}
    return {
        "CI": "true",
        "DRONE": "true",
        "DRONE_BUILD_EVENT": events.get(at.kind, "push"),
        "DRONE_COMMIT_BEFORE": at.before if at.kind in ("push", "create") else "",
        "DRONE_COMMIT_SHA": at.after,
        "DRONE_COMMIT_BRANCH": at.target if at.kind == "pull request" else at.branch,
        "DRONE_TARGET_BRANCH": at.target if at.kind == "pull request" else at.branch,
        "DRONE_SOURCE_BRANCH": at.branch,
        "DRONE_COMMIT_REF": f"refs/heads/{at.branch}",
        "DRONE_REPO_BRANCH": "main",
        "DRONE_PULL_REQUEST_TITLE": at.title if at.kind == "pull request" else "",
    }


def _woodpecker(at: Situation) -> Mapping[str, str] | None:
    if at.kind in ("delete", "queue"):
        return None
    events = {"pull request": "pull_request", "tag": "tag", "manual": "manual", "schedule": "cron"}
    return {
        "CI": "woodpecker",
        "CI_PIPELINE_EVENT": events.get(at.kind, "push"),
        "CI_COMMIT_SHA": at.after,
        "CI_PREV_COMMIT_SHA": at.before,
        "CI_COMMIT_BRANCH": at.target if at.kind == "pull request" else at.branch,
        "CI_COMMIT_TARGET_BRANCH": at.target if at.kind == "pull request" else "",
        "CI_COMMIT_SOURCE_BRANCH": at.branch if at.kind == "pull request" else "",
        "CI_COMMIT_REF": f"refs/heads/{at.branch}",
        "CI_REPO_DEFAULT_BRANCH": "main",
    }


SYSTEMS: Mapping[str, Variables] = {
    "GitHub Actions": _actions({}),
    "Gitea Actions": _actions({"GITEA_ACTIONS": "true"}),
    "Forgejo Actions": _actions({"GITEA_ACTIONS": "true", "FORGEJO_ACTIONS": "true"}),
    "GitLab CI": _gitlab,
    "Bitbucket Pipelines": _bitbucket,
    "Azure Pipelines": _azure,
    "Jenkins": _jenkins,
    "TeamCity": _teamcity,
    "CircleCI": _circleci,
    "Drone": _drone,
    "Woodpecker": _woodpecker,
}

TELLS_BEFORE = frozenset(
    (
        "GitHub Actions",
        "Gitea Actions",
        "Forgejo Actions",
        "GitLab CI",
        "Jenkins",
        "CircleCI",
        "Drone",
    )
)
"""The systems that say what a branch was before a push."""
TELLS_NEW = frozenset(("GitHub Actions", "Gitea Actions", "Forgejo Actions", "GitLab CI", "Drone"))
"""Those that tell a new branch from one of which nothing is known."""


def environment(system: str, at: Situation, folder: Path) -> Mapping[str, str]:
    """Return the environment of a run, and write the file that it names."""
    variables = SYSTEMS[system](at)
    assert variables is not None
    found = dict(variables)
    if EVENT in found:
        file = folder / "event.json"
        file.write_text(found.pop(EVENT), encoding="utf-8")
        found["GITHUB_EVENT_PATH"] = str(file)
    return found


def has(system: str, kind: str) -> bool:
    """Tell whether a system has such runs."""
    return SYSTEMS[system](Situation(kind, "x", "", "")) is not None
