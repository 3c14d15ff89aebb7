"""A target: a function that takes octets and raises only where a parser breaks its promise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FOUND: Final = Path(__file__).parent / "found"


@dataclass(frozen=True)
class Target:
    """A parser, and what is well formed to begin with.

    One that runs in another process cannot be `followed`: which code an input reaches is not seen.
    """

    name: str
    feed: Callable[[bytes], None]
    seeds: tuple[bytes, ...]
    followed: bool = True

    def found(self) -> list[tuple[str, bytes]]:
        """What it failed on once, by the name of its file."""
        folder = FOUND / self.name
        return [(path.name, path.read_bytes()) for path in sorted(folder.glob("*"))]


TARGETS: Final[dict[str, Target]] = {}


def target(
    name: str, seeds: Sequence[bytes | str], followed: bool = True
) -> Callable[[Callable[[bytes], None]], Callable[[bytes], None]]:
    """Make a function a target."""

    def add(feed: Callable[[bytes], None]) -> Callable[[bytes], None]:
        octets = tuple(one.encode() if isinstance(one, str) else one for one in seeds)
        TARGETS[name] = Target(name, feed, octets, followed)
        return feed

    return add


def words(data: bytes) -> str:
    """Octets as a text of any characters, half characters too: JSON may bring them."""
    try:
        return data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return data.decode("utf-8", "replace")
