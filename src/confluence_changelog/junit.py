"""Results as JUnit XML, which CI systems show as tests. Pure.

There is no standard. This is the part that Jenkins, GitLab, Azure Pipelines, TeamCity, Bitbucket and
CircleCI have in common: ``testsuites/testsuite/testcase`` with ``failure``, names in attributes, text
in the elements.
"""

from collections.abc import Sequence
from typing import NamedTuple
from xml.etree import ElementTree as ET

from confluence_changelog.text import clean


class Case(NamedTuple):
    """One result."""

    group: str
    """What was checked; CI systems show it as the class of the test."""
    name: str
    failure: str = ""
    """What is wrong, in a sentence; empty when nothing is."""
    details: str = ""
    output: str = ""
    """What is shown with the result."""


def junit(suite: str, cases: Sequence[Case]) -> str:
    """Return the results as a document that ends in a line feed."""
    failures = sum(bool(case.failure) for case in cases)
    count = {"tests": str(len(cases)), "failures": str(failures), "errors": "0", "skipped": "0"}
    root = ET.Element("testsuites", {"name": suite} | count)
    parent = ET.SubElement(root, "testsuite", {"name": suite} | count)
    for case in cases:
        _add(parent, case)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _add(parent: ET.Element, case: Case) -> None:
    names = {"classname": clean(case.group), "name": clean(case.name), "time": "0"}
    element = ET.SubElement(parent, "testcase", names)
    if case.failure:
        message = {"message": clean(case.failure), "type": clean(case.group)}
        ET.SubElement(element, "failure", message).text = clean(case.details or case.failure)
    if case.output:
        ET.SubElement(element, "system-out").text = clean(case.output)
