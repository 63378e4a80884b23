import pytest
from hypothesis import given
from hypothesis import strategies as st

from confluence_changelog.remote import commit_address

GITHUB = "https://github.com/org/repo/commit/{id}"
GITLAB = "https://gitlab.com/group/sub/repo/-/commit/{id}"
CLOUD = "https://bitbucket.org/org/repo/commits/{id}"
DATA_CENTER = "https://git.example.com/projects/KEY/repos/repo/commits/{id}"
AZURE = "https://dev.azure.com/org/project/_git/repo/commit/{id}"
STUDIO = "https://org.visualstudio.com/project/_git/repo/commit/{id}"


@pytest.mark.parametrize(
    ("remote", "address"),
    [
        ("https://github.com/org/repo.git", GITHUB),
        ("https://github.com/org/repo", GITHUB),
        ("https://github.com/org/repo/", GITHUB),
        (" https://github.com/org/repo.git\n", GITHUB),
        ("HTTPS://GitHub.com/org/repo.git", GITHUB),
        ("https://www.github.com/org/repo.git", GITHUB),
        ("https://ada:hunter2@github.com:443/org/repo.git", GITHUB),
        ("https://token@github.com/org/repo.git?token=hunter2#x", GITHUB),
        ("ssh://git@github.com/org/repo.git", GITHUB),
        ("ssh://git@github.com:22/org/repo.git", GITHUB),
        ("ssh://git@ssh.github.com:443/org/repo.git", GITHUB),
        ("git+ssh://git@github.com/org/repo.git", GITHUB),
        ("git://github.com/org/repo.git", GITHUB),
        ("git@github.com:org/repo.git", GITHUB),
        ("git@github.com:/org/repo.git", GITHUB),
        ("org-123@github.com:org/repo", GITHUB),
        ("github.com:org/repo.git", GITHUB),
        ("git@github.com-work:org/repo.git", GITHUB),
        ("git@github.example.com:org/repo.git", "https://github.example.com/org/repo/commit/{id}"),
        ("https://github.example.com:8443/org/repo.git",
         "https://github.example.com:8443/org/repo/commit/{id}"),
        ("http://github.example.com/org/repo.git", "http://github.example.com/org/repo/commit/{id}"),
        ("https://company.ghe.com/org/repo.git", "https://company.ghe.com/org/repo/commit/{id}"),
        ("https://github.com/org/re%20po{id}.git", "https://github.com/org/re%20po%7Bid%7D/commit/{id}"),
        ("https://github.com/org/repo.js.git", "https://github.com/org/repo.js/commit/{id}"),
        ("https://gitlab.com/group/sub/repo.git", GITLAB),
        ("git@gitlab.com:group/sub/repo.git", GITLAB),
        ("ssh://git@altssh.gitlab.com:443/group/sub/repo.git", GITLAB),
        ("https://oauth2:hunter2@gitlab.com/group/sub/repo.git", GITLAB),
        ("http://gitlab.example.com:8080/group/repo.git",
         "http://gitlab.example.com:8080/group/repo/-/commit/{id}"),
        ("ssh://git@gitlab.example.com:2222/a/b/c/d.git",
         "https://gitlab.example.com/a/b/c/d/-/commit/{id}"),
        ("https://gitlab/group/repo.git", "https://gitlab/group/repo/-/commit/{id}"),
        ("https://bitbucket.org/org/repo.git", CLOUD),
        ("https://ada@bitbucket.org/org/repo.git", CLOUD),
        ("git@bitbucket.org:org/repo.git", CLOUD),
        ("ssh://git@altssh.bitbucket.org:443/org/repo.git", CLOUD),
        ("https://git.example.com/scm/key/repo.git", DATA_CENTER),
        ("https://ada:hunter2@git.example.com/scm/KEY/repo.git", DATA_CENTER),
        ("ssh://git@git.example.com:7999/key/repo.git", DATA_CENTER),
        ("ssh://git@bitbucket.example.com/key/repo.git",
         "https://bitbucket.example.com/projects/KEY/repos/repo/commits/{id}"),
        ("git@bitbucket.example.com:key/repo.git",
         "https://bitbucket.example.com/projects/KEY/repos/repo/commits/{id}"),
        ("http://git.example.com:7990/scm/key/repo.git",
         "http://git.example.com:7990/projects/KEY/repos/repo/commits/{id}"),
        ("https://example.com/bitbucket/scm/key/repo.git",
         "https://example.com/bitbucket/projects/KEY/repos/repo/commits/{id}"),
        ("https://git.example.com/scm/~ada/repo.git",
         "https://git.example.com/users/ada/repos/repo/commits/{id}"),
        ("ssh://git@git.example.com:7999/~ada/repo.git",
         "https://git.example.com/users/ada/repos/repo/commits/{id}"),
        ("ssh://git@[2001:db8::1]:7999/key/repo.git",
         "https://[2001:db8::1]/projects/KEY/repos/repo/commits/{id}"),
        ("https://dev.azure.com/org/project/_git/repo", AZURE),
        ("https://org@dev.azure.com/org/project/_git/repo", AZURE),
        ("https://dev.azure.com/org/project/_git/_full/repo", AZURE),
        ("git@ssh.dev.azure.com:v3/org/project/repo", AZURE),
        ("ssh://git@ssh.dev.azure.com/v3/org/project/repo", AZURE),
        ("org@vs-ssh.visualstudio.com:v3/org/project/repo", AZURE),
        ("https://dev.azure.com/org/_git/repo", "https://dev.azure.com/org/_git/repo/commit/{id}"),
        ("https://dev.azure.com/org/My%20Project/_git/My Repo",
         "https://dev.azure.com/org/My%20Project/_git/My%20Repo/commit/{id}"),
        ("https://org.visualstudio.com/project/_git/repo", STUDIO),
        ("https://org.visualstudio.com/DefaultCollection/project/_git/repo", STUDIO),
        ("https://tfs.example.com:8443/tfs/DefaultCollection/project/_git/repo",
         "https://tfs.example.com:8443/tfs/DefaultCollection/project/_git/repo/commit/{id}"),
        ("https://codeberg.org/org/repo.git", "https://codeberg.org/org/repo/commit/{id}"),
        ("ssh://git@codeberg.org/org/repo.git", "https://codeberg.org/org/repo/commit/{id}"),
        ("https://gitea.com/org/repo.git", "https://gitea.com/org/repo/commit/{id}"),
        ("git@gitea.example.com:org/repo.git", "https://gitea.example.com/org/repo/commit/{id}"),
        ("http://forgejo.example.com:3000/org/repo.git",
         "http://forgejo.example.com:3000/org/repo/commit/{id}"),
        ("git@git.sr.ht:~ada/repo", "https://git.sr.ht/~ada/repo/commit/{id}"),
    ],
)  # fmt: skip
def test_known_hosts(remote: str, address: str) -> None:
    assert commit_address(remote) == address


@pytest.mark.parametrize(
    "remote",
    [
        "",
        "origin",
        "/srv/git/repo.git",
        "../repo.git",
        "./github.com:org/repo.git",
        "file:///srv/git/github.com/org/repo.git",
        r"C:\git\repo.git",
        "C:/git/repo.git",
        r"\\server\share\repo.git",
        "https://git.example.com/org/repo.git",
        "git@example.com:org/repo.git",
        "ssh://git@example.com:2222/org/repo.git",
        "https://notgithub.com/org/repo.git",
        "https://example.com/github.com/org/repo.git",
        "https://github.com/org",
        "https://github.com/org/repo/extra",
        "https://github.com/",
        "https://github.com",
        "https://gitlab.com/repo.git",
        "https://github.com/../repo.git",
        "https://bitbucket.org/scm/key/repo.git",
        "https://example.com/scm/repo.git",
        "https://dev.azure.com/org/project/_git",
        "https://dev.azure.com/org/project/_git/_full",
        "git@ssh.dev.azure.com:v3/org/repo",
        "https://ada:hun/ter2@github.com/org/repo.git",
        "https://to/ken@git.example.com/scm/key/repo.git",
        "ada:hunter2@github.com:org/repo.git",
        "https://github.com:port/org/repo.git",
        "https://git\u00adhub.com/org/repo.git",
        "https://github.com/org/re\npo.git",
        "https://github.com/org/re%0Apo.git",
        "ftp://github.com/org/repo.git",
        "ext::sh -c github.com",
    ],
)
def test_anything_else_has_no_address(remote: str) -> None:
    assert commit_address(remote) == ""


HOSTS = st.sampled_from(["github.com", "gitlab.com", "dev.azure.com", "git.example.com", "x"])
PATHS = st.sampled_from(["/scm/a/b", "/a/_git/b", "/a/b.git", "/a/b/c", ":a/b", ":7999/a/b"])


@given(st.sampled_from(["https://", "ssh://", "http://", ""]), st.text(), HOSTS, PATHS, st.text())
def test_any_text_gives_a_web_address_or_none(
    scheme: str, user: str, host: str, path: str, end: str
) -> None:
    address = commit_address(f"{scheme}{user}@{host}{path}{end}")
    assert address == "" or address.startswith(("https://", "http://"))
    assert address.count("{") == address.count("}") == (address != "")
    assert address.isascii()
    assert "@" not in address


@given(st.text(st.characters(exclude_characters="/?#@", exclude_categories=["Z", "C"]), min_size=8))
def test_a_password_never_gets_into_the_address(password: str) -> None:
    address = commit_address(f"https://ada:{password}@github.com/org/repo.git")
    assert address == GITHUB


@given(st.text(st.characters()))
def test_no_text_fails(text: str) -> None:
    assert isinstance(commit_address(text), str)
