"""The CI systems that say all they know in variables. Each function names the page that lists them."""

from collections.abc import Mapping

from confluence_changelog.ranges.event import Event, moved

_HEADS = "refs/heads/"


def gitlab(environment: Mapping[str, str]) -> Event | None:
    """GitLab: "Predefined CI/CD variables reference".

    CI_COMMIT_BEFORE_SHA is zeros in merge request, scheduled and manual pipelines and for a new
    branch alike, so that zeros alone do not tell of a new branch.
    """
    get = environment.get
    if get("GITLAB_CI") != "true":
        return None
    after = get("CI_COMMIT_SHA", "")
    known = Event(
        "GitLab CI",
        "other",
        get("CI_COMMIT_BRANCH", ""),
        after=after,
        default=get("CI_DEFAULT_BRANCH", ""),
        refs=_heads(get("CI_COMMIT_BRANCH", "")),
        deepen='variables: { GIT_DEPTH: "0" } to the job',
    )
    if get("CI_COMMIT_TAG"):
        return known._replace(kind="tag")
    if target := get("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", ""):
        is_train = get("CI_MERGE_REQUEST_EVENT_TYPE") == "merge_train"
        return known._replace(
            kind="merge queue" if is_train else "pull request",
            branch=target,
            before=get("CI_MERGE_REQUEST_TARGET_BRANCH_SHA", ""),
            start=get("CI_MERGE_REQUEST_DIFF_BASE_SHA", ""),
            after=get("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA") or after,
            refs=(*filter(None, [get("CI_MERGE_REQUEST_REF_PATH")]), f"{_HEADS}{target}"),
            title=get("CI_MERGE_REQUEST_TITLE", ""),
            description=get("CI_MERGE_REQUEST_DESCRIPTION", ""),
            is_cut=get("CI_MERGE_REQUEST_DESCRIPTION_IS_TRUNCATED") == "true",
            squash=get("CI_MERGE_REQUEST_SQUASH_ON_MERGE") == "true",
        )
    if get("CI_PIPELINE_SOURCE", "push") != "push":
        return known
    before, after, is_new, is_gone = moved(get("CI_COMMIT_BEFORE_SHA", ""), after)
    return known._replace(kind="push", before=before, created=is_new, deleted=is_gone)


def bitbucket(environment: Mapping[str, str]) -> Event | None:
    """Bitbucket: "Variables and secrets". No variable says what a branch was before."""
    get = environment.get
    if not get("BITBUCKET_BUILD_NUMBER"):
        return None
    branch, after = get("BITBUCKET_BRANCH", ""), get("BITBUCKET_COMMIT", "")
    known = Event(
        "Bitbucket Pipelines",
        "tag" if get("BITBUCKET_TAG") else "push",
        branch,
        after=after,
        refs=_heads(branch),
        deepen="clone: { depth: full } to bitbucket-pipelines.yml",
    )
    if not get("BITBUCKET_PR_ID"):
        return known
    target = get("BITBUCKET_PR_DESTINATION_BRANCH", "")
    return known._replace(
        kind="pull request",
        branch=target,
        before=get("BITBUCKET_PR_DESTINATION_COMMIT", ""),
        refs=_heads(branch, target),
    )


def azure(environment: Mapping[str, str]) -> Event | None:
    """Azure: "Use predefined variables". No variable says what a branch was before."""
    get = environment.get
    if get("TF_BUILD") != "True":
        return None
    ref, after = get("BUILD_SOURCEBRANCH", ""), get("BUILD_SOURCEVERSION", "")
    is_push = get("BUILD_REASON") in ("IndividualCI", "BatchedCI")
    known = Event(
        "Azure Pipelines",
        "push" if is_push else "other",
        ref.removeprefix(_HEADS) if ref.startswith(_HEADS) else "",
        after=after,
        refs=(ref,) if ref.startswith("refs/") else (),
        deepen="- checkout: self, with fetchDepth: 0, to the steps",
    )
    if ref.startswith("refs/tags/"):
        return known._replace(kind="tag")
    target = get("SYSTEM_PULLREQUEST_TARGETBRANCH", "").removeprefix(_HEADS)
    if not target:
        return known
    return known._replace(
        kind="pull request",
        branch=target,
        after=get("SYSTEM_PULLREQUEST_SOURCECOMMITID") or after,
        refs=(*known.refs, f"{_HEADS}{target}"),
    )


def jenkins(environment: Mapping[str, str]) -> Event | None:
    """Jenkins: git plugin, "Environment variables", and the branch sources of multibranch jobs.

    GIT_PREVIOUS_SUCCESSFUL_COMMIT is unset in the first build of a branch.
    """
    get = environment.get
    if not get("JENKINS_URL"):
        return None
    branch = get("BRANCH_NAME") or get("GIT_LOCAL_BRANCH") or _tracked(get("GIT_BRANCH", ""))
    before = get("GIT_PREVIOUS_SUCCESSFUL_COMMIT") or get("GIT_PREVIOUS_COMMIT", "")
    known = Event(
        "Jenkins",
        "push",
        branch,
        before,
        get("GIT_COMMIT", ""),
        refs=_heads(branch),
        deepen="the extension CloneOption with shallow: false to the checkout step",
    )
    if get("TAG_NAME"):
        return known._replace(kind="tag")
    if not get("CHANGE_ID"):
        return known
    target = get("CHANGE_TARGET", "")
    return known._replace(
        kind="pull request",
        branch=target,
        before="",
        refs=_heads(get("CHANGE_BRANCH", ""), target),
        title=get("CHANGE_TITLE", ""),
    )


def teamcity(environment: Mapping[str, str]) -> Event | None:
    """TeamCity: "Predefined Build Parameters", and "Pull Requests".

    The branch and what is known of a pull request are in no variable. The build's settings can hand
    them on: ``teamcity.build.branch`` as TEAMCITY_BUILD_BRANCH, ``teamcity.pullRequest.target.branch``
    as TEAMCITY_PULLREQUEST_TARGET_BRANCH and ``teamcity.pullRequest.title`` as
    TEAMCITY_PULLREQUEST_TITLE.
    """
    get = environment.get
    if not get("TEAMCITY_VERSION"):
        return None
    target = get("TEAMCITY_PULLREQUEST_TARGET_BRANCH", "").removeprefix(_HEADS)
    branch = target or get("TEAMCITY_BUILD_BRANCH", "").removeprefix(_HEADS)
    return Event(
        "TeamCity",
        "pull request" if target else "push",
        "" if branch == "<default>" else branch,
        after=get("BUILD_VCS_NUMBER", ""),
        refs=_heads(target),
        deepen="the parameter teamcity.git.fetchAllHeads = true, and a full checkout on the agent,",
        title=get("TEAMCITY_PULLREQUEST_TITLE", "") if target else "",
    )


def circleci(environment: Mapping[str, str]) -> Event | None:
    """CircleCI: "Project values and variables".

    What the branch was before is a pipeline value, which the CI file has to hand on as
    CIRCLE_BASE_REVISION; it is that of the pipeline before, whether it was well or not.
    """
    get = environment.get
    if get("CIRCLECI") != "true":
        return None
    branch = get("CIRCLE_BRANCH", "")
    return Event(
        "CircleCI",
        "tag" if get("CIRCLE_TAG") else "push",
        branch,
        get("CIRCLE_BASE_REVISION", ""),
        get("CIRCLE_SHA1", ""),
        refs=_heads(branch),
        deepen="- checkout: { method: full } to the steps",
    )


def drone(environment: Mapping[str, str]) -> Event | None:
    """Drone: "Environment reference"; and Woodpecker: "Built-in environment variables".

    Woodpecker has no variable for what a branch was before: CI_PREV_COMMIT_SHA is the commit of the
    pipeline before, of any branch.
    """
    get = environment.get
    if get("DRONE") == "true":
        name, prefix, event = "Drone", "DRONE", get("DRONE_BUILD_EVENT", "")
        before, after = get("DRONE_COMMIT_BEFORE", ""), get("DRONE_COMMIT_SHA", "")
        target, source = get("DRONE_TARGET_BRANCH", ""), get("DRONE_SOURCE_BRANCH", "")
        default, title = get("DRONE_REPO_BRANCH", ""), get("DRONE_PULL_REQUEST_TITLE", "")
        deepen = "no depth to clone in .drone.yml"
    elif get("CI") == "woodpecker":
        name, prefix, event = "Woodpecker", "CI", get("CI_PIPELINE_EVENT", "")
        before, after = "", get("CI_COMMIT_SHA", "")
        target, source = get("CI_COMMIT_TARGET_BRANCH", ""), get("CI_COMMIT_SOURCE_BRANCH", "")
        default, title = get("CI_REPO_DEFAULT_BRANCH", ""), ""
        deepen = "settings: { depth: 0, partial: false } to the clone step"
    else:
        return None
    branch = get(f"{prefix}_COMMIT_BRANCH", "")
    known = Event(
        name,
        "other",
        branch,
        after=after,
        default=default,
        refs=_heads(branch),
        deepen=deepen,
    )
    if event.startswith("pull_request"):
        refs = (*filter(None, [get(f"{prefix}_COMMIT_REF")]), *_heads(target or branch))
        known = known._replace(refs=refs or _heads(source), title=title)
        return known._replace(kind="pull request", branch=target or branch)
    if event in ("tag", "release"):
        return known._replace(kind="tag")
    if event != "push":
        return known
    before, after, is_new, is_gone = moved(before, after)
    return known._replace(kind="push", before=before, after=after, created=is_new, deleted=is_gone)


def _heads(*branches: str) -> tuple[str, ...]:
    return tuple(f"{_HEADS}{branch}" for branch in branches if branch)


def _tracked(ref: str) -> str:
    """Return the branch of ``origin/main``, which the git plugin calls a branch too."""
    for prefix in ("refs/remotes/", _HEADS):
        ref = ref.removeprefix(prefix)
    return ref.partition("/")[2] if ref.startswith("origin/") else ref
