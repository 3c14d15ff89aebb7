"""What the engine reads of a conversation, in its own Python (tests/unit/bot/tracker_reader.py)."""

from __future__ import annotations

import atexit
import json
import os
import select
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

from tests.fuzz.target import target

_ROOT: Final = Path(__file__).parents[2]
_PYTHON: Final = _ROOT / "bot" / ".venv" / "bin" / "python"
_STARTS_SECONDS: Final = 120.0
_ANSWERS_SECONDS: Final = 30.0
_STAMP: Final = b"12345678"


class EngineSide:
    """A process of the engine's Python that reads what it is given, one conversation at a time."""

    def __init__(self) -> None:
        paths = os.pathsep.join((str(_ROOT / "bot"), str(_ROOT)))
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": paths}
        self._process = subprocess.Popen(
            [_PYTHON, "-W", "ignore", "-m", "tests.unit.bot.tracker_reader"],
            cwd=_ROOT / "bot",
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        atexit.register(self.close)
        assert self._line(_STARTS_SECONDS) == {"ready": True}

    def read(self, octets: bytes) -> dict[str, Any]:
        """What came of it."""
        assert self._process.stdin
        self._process.stdin.write(len(octets).to_bytes(4, "big") + octets)
        self._process.stdin.flush()
        return self._line(_ANSWERS_SECONDS)

    def close(self) -> None:
        """Have it end."""
        with self._process as ending:
            ending.kill()

    def _line(self, seconds: float) -> dict[str, Any]:
        assert self._process.stdout
        ready, _, _ = select.select([self._process.stdout], [], [], seconds)
        line = self._process.stdout.readline() if ready else b""
        if not line:
            self.close()
            _engine_side.cache_clear()
            raise AssertionError("the engine's side does not answer")
        told: dict[str, Any] = json.loads(line)
        return told


@cache
def _engine_side() -> EngineSide:
    return EngineSide()


def _kept(*rows: object, intents: object = ("open",), apart: object = None) -> bytes:
    value = [intents, "ussd", apart, list(rows)]
    return b"\x01" + _STAMP + json.dumps(value, separators=(",", ":")).encode()


_LISTEN: Final = ["a", 1.5, "action_listen", None, None, False]
_INTENT: Final = {"name": "open", "confidence": 1.0}
_SAID: Final = {
    "event": "user",
    "timestamp": 2.5,
    "metadata": {"session": "s"},
    "text": "/open",
    "parse_data": {"intent": _INTENT, "entities": [{"entity": "language", "value": "fr"}]},
    "input_channel": "ussd",
    "message_id": "m",
}
_STATE: Final = {
    "slots": {"language": "fr", "consent": True, "requested_slot": "idcs"},
    "loop": ["identity_form", False, False],
    "action": {"action_name": "action_open"},
    "message": {
        "intent": {"name": "open"},
        "entities": [{"entity": "language"}],
        "use_text_for_featurization": False,
    },
    "followup": None,
    "paused": False,
    "loops": ["identity_form"],
}


_KEPT: Final = (
    _kept(["a", 1.0, "action_session_start", None, 1.0, False], _LISTEN, ["x", _SAID]),
    _kept(["c", 1.0, _STATE], _LISTEN, ["x", _SAID], ["f", 2.6, False], ["s", 3, "idcs", "t"]),
    _kept(["c", 1.0, _STATE], ["x", {"event": "active_loop", "name": None, "timestamp": 1}]),
    _kept(_LISTEN, ["x", {"event": "rewind", "timestamp": 4.0}], apart=["x", _SAID]),
)
_JUNK: Final[tuple[Any, ...]] = (
    *(None, True, False, 0, -1.5, 2**63, 1e308, "", "x", "action_listen", "user", "\ud800"),
    *([], {}, [[]], [{}], {"name": 1}, {"entity": None}, [1], ["s"], {"event": "restart"}),
)


@target(
    "trackers",
    [
        *_KEPT,
        json.dumps({"events": [_SAID, {"event": "slot", "name": "language", "value": "ar"}]}),
        b"\x02later",
        b"\x7fno version",
    ],
    followed=False,
)
def trackers(data: bytes) -> None:
    """Whatever Redis holds, a conversation goes on, begins anew or is left to a later release.

    It is whose it was asked for, a turn can be run on it and kept, and where it is begun anew that
    stands in the log.
    """
    told = _engine_side().read(data)
    assert told["outcome"] in ("goes on", "anew", "later"), told
    if told["outcome"] == "anew" and data:
        assert told["logged"], told
    if told["outcome"] == "later":
        assert 2 <= data[0] < 32, told


@target("tracker-values", [bytes((one, 9, 3)) for one in range(4)], followed=False)
def values(data: bytes) -> None:
    """A conversation with a value or two in the place of others."""
    if not data:
        return
    value = json.loads(_KEPT[data[0] % len(_KEPT)][1 + len(_STAMP) :])
    for place, junk in zip(data[1:5:2], data[2:5:2], strict=False):
        places = list(_places(value))
        holder, name = places[place % len(places)]
        holder[name] = _JUNK[junk % len(_JUNK)] if junk < 250 else _nested(300)
    trackers(b"\x01" + _STAMP + json.dumps(value).encode())


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every list or mapping in a value with each of its places."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for name, held in list(pairs):
        yield value, name
        if isinstance(held, (dict, list)):
            yield from _places(held)


def _nested(depth: int) -> Any:
    value: Any = []
    for _ in range(depth):
        value = [value]
    return value
