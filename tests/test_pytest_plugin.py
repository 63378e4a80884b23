"""The pytest plugin, in test suites of its own."""

import subprocess
import sys

import pytest

pytest_plugins = ["pytester"]

SUITE = """
import os
import subprocess
import sys

import pytest
import requests

LOG = 65538


def test_data_center(confluence_sandbox):
    user = requests.get(
        f"{confluence_sandbox.url}/rest/api/user/current", auth=confluence_sandbox.credentials
    ).json()
    assert user["username"] == "admin"
    assert confluence_sandbox.page(LOG).title == "Change Log"
    confluence_sandbox.set_body(LOG, "<p>mine</p>")
    confluence_sandbox.put_fault(path="user", status=503)
    confluence_sandbox.switch(read_only=True)


def test_as_new(confluence_sandbox):
    assert confluence_sandbox.requests() == []
    assert confluence_sandbox.page(LOG).storage != "<p>mine</p>"
    answer = requests.get(
        f"{confluence_sandbox.url}/rest/api/accessmode", auth=confluence_sandbox.credentials
    )
    assert answer.json() == "READ_WRITE"
    assert [each["path"] for each in confluence_sandbox.requests()] == ["/rest/api/accessmode"]


@pytest.mark.confluence_sandbox(flavour="cloud", spaces={"DOC": "Documents"})
def test_cloud(confluence_sandbox):
    found = requests.get(
        f"{confluence_sandbox.url}/api/v2/spaces?keys=DOC", auth=confluence_sandbox.credentials
    ).json()
    assert found["results"][0]["name"] == "Documents"


def test_a_child_process(confluence_sandbox):
    code = "import os; print(os.environ['CONFLUENCE_URL'])"
    ran = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | confluence_sandbox.environment,
        capture_output=True,
        text=True,
    )
    assert ran.stdout.strip() == confluence_sandbox.url
"""


def test_a_suite_that_uses_the_fixture(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(SUITE)
    ran = pytester.runpytest_subprocess(
        "-p", "no:cacheprovider", "--strict-markers", *_loaded(), timeout=120
    )
    ran.assert_outcomes(passed=4)


def test_a_wrong_setting_is_said(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.confluence_sandbox(lose_everything=True)
        def test_it(confluence_sandbox):
            pass
        """
    )
    ran = pytester.runpytest_subprocess("-p", "no:cacheprovider", *_loaded(), timeout=120)
    ran.assert_outcomes(errors=1)
    ran.stdout.fnmatch_lines(["*unknown field `lose_everything`*"])


def test_loading_the_plugin_imports_nothing_of_the_sandbox() -> None:
    code = (
        "import sys; import confluence_changelog.pytest_plugin; "
        "print([name for name in ('flask', 'msgspec', 'requests', 'lxml', "
        "'confluence_changelog.sandbox') if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert ran.stdout.strip() == "[]"


def _loaded() -> list[str]:
    """Return what loads the plugin where the package is not installed."""
    from importlib.metadata import entry_points

    name = "confluence_changelog.pytest_plugin"
    installed = any(each.value == name for each in entry_points(group="pytest11"))
    return [] if installed else ["-p", name]
