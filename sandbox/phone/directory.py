"""What the phone knows of the world: the door's channels and the people of the demo."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import requests

Channel = dict[str, Any]
_SECRET: Final = frozenset(
    {"secret", "user", "password", "messages_url", "reports_url", "dialect_file"}
)


class ChannelsFile:
    """The channels in a JSON file, which may be written after the phone has started."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> dict[str, Channel]:
        """The channels by name; none while the file is not there or not whole."""
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        channels: dict[str, Channel] = found.get("channels", found)
        return channels

    def read_public(self) -> dict[str, Channel]:
        """The channels without their secrets, nor the addresses that may hold one."""
        return {
            name: {key: value for key, value in channel.items() if key not in _SECRET}
            for name, channel in self.read().items()
        }

    def name_of(self, kind: str) -> str:
        """The first channel of a kind, or the kind itself where there is none."""
        names = (name for name, channel in self.read().items() if channel["kind"] == kind)
        return next(names, kind)


def read_citizens(registry_url: str, http: requests.Session) -> list[dict[str, Any]]:
    """The demo people of the sandbox registry; nobody while it does not answer."""
    if not registry_url:
        return []
    try:
        got = http.get(registry_url.rstrip("/") + "/sandbox/citizens", timeout=3)
        got.raise_for_status()
        found = got.json()
    except (requests.RequestException, ValueError):
        return []
    return list(found["citizens"] if isinstance(found, dict) else found)
