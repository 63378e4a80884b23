"""Loads the plugins that are allowed, and calls them so that an error names the one that is broken."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from typing import TYPE_CHECKING, Any, TypeVar

from confluence_changelog.errors import PluginError
from confluence_changelog.plugins.allowed import allowed, installed, said_by
from confluence_changelog.redact import redact
from confluence_changelog.text import clean

if TYPE_CHECKING:
    import pluggy

T = TypeVar("T")

_LONGEST = 200


def plugins() -> "pluggy.PluginManager | None":
    """Return the plugins that the user or the job allows; None where that are none.

    Raises:
        PluginError: one is not installed, or cannot be loaded.

    """
    names = allowed()
    return _loaded(names) if names else None


def results(found: "pluggy.PluginManager", hook: str, **given: object) -> Iterator[tuple[str, Any]]:
    """Yield what the plugins that have a hook function return, each with its name.

    Raises:
        PluginError: a plugin raised something.

    """
    for name, call in calls(found, hook):
        for result in call(**given):
            yield name, result


def calls(
    found: "pluggy.PluginManager", hook: str
) -> Iterator[tuple[str, Callable[..., list[Any]]]]:
    """Yield for each plugin its name, and what calls its hook function, if it has that.

    What is yielded returns a list of what came back, or raises PluginError.
    """
    every = found.list_name_plugin()
    for name, plugin in every:
        caller = found.subset_hook_caller(
            hook, [other for _, other in every if other is not plugin]
        )
        yield name, partial(_call, name, hook, caller)


def attempt(name: str, where: str, act: Callable[[], T]) -> T:
    """Return what a function of a plugin returns.

    Raises:
        PluginError: it raised something; the error names the plugin.

    """
    try:
        return act()
    except (Exception, SystemExit) as error:
        raise PluginError(
            f"The plugin {name} failed {where} ({_said(error)}): have it mended, or take it out of "
            f"{said_by()}."
        ) from error


def broken(name: str, what: str) -> PluginError:
    """Return the error that a plugin gives something else than it should."""
    return PluginError(f"The plugin {name} {what}: have it mended, or take it out of {said_by()}.")


def one_line(text: str) -> str:
    """Return what a plugin says as one line, cleaned and without known secrets."""
    return " ".join(redact(clean(text))[0].split())


def _call(name: str, hook: str, caller: Callable[..., list[Any]], **given: object) -> list[Any]:
    return attempt(name, f"in {hook}", partial(caller, **given))


@cache
def _loaded(names: Sequence[str]) -> "pluggy.PluginManager":
    import pluggy  # nobody pays for it who allows no plugin

    from confluence_changelog.plugins import hookspecs

    found = pluggy.PluginManager(hookspecs.NAME)
    found.add_hookspecs(hookspecs)
    there = installed()
    for name in names:
        if name not in there:
            others = ", ".join(sorted(there)) or "none"
            raise PluginError(
                f"{said_by()} names the plugin {one_line(name)}, which is not installed beside "
                f"confluence-changelog (installed are: {others}): install it there, or take it out."
            )
        plugin = attempt(name, "when it was loaded", there[name].load)
        attempt(name, "when it was loaded", lambda: found.register(plugin, name))  # noqa: B023
        if not found.get_hookcallers(plugin):
            raise broken(name, "has none of the hook functions")
        attempt(name, "when it was loaded", found.check_pending)
    return found


def _said(error: BaseException) -> str:
    text = one_line(str(error))
    text = text if len(text) <= _LONGEST else f"{text[:_LONGEST].rstrip()}…"
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
