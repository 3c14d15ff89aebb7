"""What is counted of the door and its turns; nothing in it tells of a citizen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from core.messages import ChannelKind
from core.meters import Names, counters, gauge, histogram, histograms
from locales.languages import languages
from transcripts.turns import RecordedTurn

KINDS: Final = Names(*ChannelKind)
# By the names that the settings give them.
CHANNELS: Final = Names(*ChannelKind)
DIALECTS: Final = Names("twilio")
LANGUAGES: Final = Names(*languages())
KEYS: Final = Names()
PURPOSES: Final = Names("answer", "receipt", "notice", "waking")
OUTCOMES: Final = Names(
    "answered", "engine_failed", "late", "busy", "shed", "not_taken", "spooled", "failed"
)
# What a record of a turn says where the engine left it without an answer.
_ENGINE: Final = frozenset({"EngineUnavailable", "EngineTimeout", "EngineSilent"})
_SECONDS: Final = (0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 4, 5, 10)

HOPS: Final = counters(
    "twiza_door_hops_total",
    "Messages and hops by how they were answered: answered, late, busy, shed, not_taken, failed",
    kind=KINDS,
    outcome=OUTCOMES,
)
SECONDS: Final = histograms(
    "twiza_door_hop_seconds", "From a message or hop to its answer", _SECONDS, kind=KINDS
)
TURNS: Final = counters(
    "twiza_turns_total",
    "Turns by channel, dialect or provider, language and outcome",
    channel=CHANNELS,
    dialect=DIALECTS,
    language=LANGUAGES,
    outcome=OUTCOMES,
)
SCREENS: Final = counters(
    "twiza_screens_total", "Screens shown by kind of channel and response key", kind=KINDS, key=KEYS
)
ENGINE_SECONDS: Final = histogram(
    "twiza_door_engine_seconds", "How long the engine took to answer the door", _SECONDS
)
SEGMENTS: Final = counters(
    "twiza_sms_segments_total",
    "Parts of SMS that went out, which the carrier counts and is paid for",
    channel=CHANNELS,
    purpose=PURPOSES,
)
RUNNING: Final = gauge("twiza_door_turns_running", "Turns that run, late ones included", "livesum")
WAITING: Final = gauge("twiza_door_turns_waiting", "Turns that wait for their beginning", "livesum")
EXPECTED_WAIT: Final = gauge(
    "twiza_door_expected_wait_seconds", "How long the last turn was expected to wait", "livemax"
)


def learn(channels: Iterable[str], keys: Iterable[str]) -> None:
    """Take the names of channels from the settings, and of screens from the catalogs."""
    CHANNELS.learn(channels)
    KEYS.learn(keys)


def note_turn(channel: str, turn: RecordedTurn, outcome: str, seconds: float) -> None:
    """Count a turn that was answered so after so long."""
    kind = turn.kind
    HOPS.labels(kind, outcome).inc()
    SECONDS.labels(kind).observe(seconds)
    if outcome == "answered" and turn.outcome in _ENGINE:
        outcome = "engine_failed"
    TURNS.labels(channel, turn.provider, turn.language, outcome).inc()
    for key in turn.keys:
        SCREENS.labels(kind, key).inc()
