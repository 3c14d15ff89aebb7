"""A dialect file as the pretend gateway reads it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

OURS: Final = Path(__file__).parents[3] / "channels" / "providers" / "ussd" / "dialects"


@dataclass(frozen=True, slots=True)
class Speech:
    """What one gateway says and understands; `raw` is its file."""

    name: str
    raw: dict[str, Any]

    @property
    def title(self) -> str:
        """The gateway's name for people."""
        return str(self.raw["title"])

    @property
    def seconds(self) -> float:
        """How long it keeps a session open."""
        return float(self.raw["session"]["seconds"])

    @property
    def is_cumulative(self) -> bool:
        """Whether each hop repeats what was typed before."""
        return bool(self.raw["input"]["cumulative"])

    @property
    def tells_end(self) -> bool:
        """Whether it also tells of sessions that ended as they should."""
        return bool(self.plays("tells_end", False))

    @property
    def aborts(self) -> bool:
        """Whether it tells that a citizen left."""
        return bool(self.raw["session"].get("aborts"))

    def place(self, field: str) -> str | None:
        """The first place of a field, or None where the gateway has none."""
        places: list[str] | str | None = self.raw["fields"].get(field)
        return places[0] if isinstance(places, list) else places

    def plays(self, key: str, otherwise: Any) -> Any:
        """What the file says for the sandbox alone."""
        return self.raw.get("plays", {}).get(key, otherwise)

    def credential_places(self) -> dict[str, str]:
        """Where the credentials of its usual means go: secret, or user and password."""
        asked = self.raw.get("authentication", {})
        means = asked.get("means", ["secret"])
        needed = (("secret", "secret"), ("user", "password"), ("password", "password"))
        return {
            name: asked.get(name, f"query.{name}") for name, means_ in needed if means_ in means
        }


@cache
def read_speech(path: Path) -> Speech:
    """The dialect in a file."""
    return Speech(path.stem, tomllib.loads(path.read_text(encoding="utf-8")))


def find_speeches(further: Path | None = None) -> dict[str, Path]:
    """The dialect files by name: ours, and those of a further folder."""
    folders = [OURS] if further is None else [OURS, further]
    return {path.stem: path for folder in folders for path in sorted(folder.glob("*.toml"))}
