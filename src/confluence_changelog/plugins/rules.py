"""Rules that plugins give: what they ask of commit messages besides the policy."""

from collections.abc import Mapping, Sequence

from confluence_changelog.demands import ExtraRule
from confluence_changelog.fields import is_plugged
from confluence_changelog.message import Message
from confluence_changelog.plugins.load import attempt, broken, one_line, plugins, results


def extra_rules() -> tuple[ExtraRule, ...]:
    """Return the rules of the plugins that are allowed.

    Raises:
        PluginError: a plugin is broken.

    """
    loaded = plugins()
    found: dict[str, ExtraRule] = {}
    for name, rules in results(loaded, "changelog_rules") if loaded else ():
        if not isinstance(rules, Mapping):
            raise broken(name, "gives no mapping of rules")
        for rule, given in rules.items():
            if rule in found:
                raise broken(name, f"gives the rule {rule}, which another gives too")
            found[rule] = _rule(name, rule, given)
    return tuple(found.values())


def _rule(name: str, rule: object, given: object) -> ExtraRule:
    from confluence_changelog.plugins.hookspecs import Rule  # plugins are allowed

    if not (isinstance(rule, str) and is_plugged(rule)):
        raise broken(name, "has rules whose ids are not x- and letters, such as x-risk-level")
    if not isinstance(given, Rule) or not callable(given.wrong):
        raise broken(name, f"gives no Rule for {rule}")

    def wrong(message: Message, paths: Sequence[str]) -> str:
        text = attempt(name, f"in its rule {rule}", lambda: given.wrong(message, paths))
        if not isinstance(text, str):
            raise broken(name, f"gives no text in its rule {rule}")
        return one_line(text)

    return ExtraRule(rule, str(given.example), wrong)
