"""Keyrings for tests: keyring loads them by name, from PYTHON_KEYRING_BACKEND and PYTHONPATH."""

import json
import os
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError

FILE = "RINGS_FILE"
"""Variable that names the file of `Kept`."""


class Kept(KeyringBackend):
    """Keeps what it is given in a file."""

    priority = 1  # type: ignore[assignment]
    name = "a keyring for tests"

    def get_password(self, service: str, username: str) -> str | None:
        found = self._read().get(f"{service} {username}")
        return None if found is None else str(found)

    def set_password(self, service: str, username: str, password: str) -> None:
        self._write(self._read() | {f"{service} {username}": password})

    def delete_password(self, service: str, username: str) -> None:
        data = self._read()
        if data.pop(f"{service} {username}", None) is None:
            raise PasswordDeleteError("it is not there")
        self._write(data)

    def _read(self) -> dict[str, str]:
        file = Path(os.environ[FILE])
        return dict(json.loads(file.read_text(encoding="utf-8"))) if file.exists() else {}

    def _write(self, data: dict[str, str]) -> None:
        Path(os.environ[FILE]).write_text(json.dumps(data), encoding="utf-8")


class Forgetful(Kept):
    """Takes everything and keeps nothing, as keyring's own null backend."""

    def set_password(self, *_: str) -> None:
        return


class Locked(Kept):
    """Opens to nobody, and says more than it should."""

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked(f"locked: {service} {username} {os.environ.get('SAID_BY_KEYRING')}")

    def set_password(self, *said: str) -> None:
        raise RuntimeError(f"D-Bus refused {said}")
