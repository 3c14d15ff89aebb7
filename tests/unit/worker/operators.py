"""An operator who opens an emergency by commands, and the people who live where it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import pytest

from records.followers import Detail, Followers
from records.invitations import Counts
from tests.unit.worker.citizens import follows
from tests.unit.worker.workshop import Workshop

SAMPLE: Final = Path(__file__).parents[3] / "sandbox/emergencies/flood_trial.toml"
KEY: Final = "flood_trial"
DAY: Final = datetime(2027, 1, 11, 10, 0, tzinfo=UTC)
LANGUAGES: Final = ("ar", "ary", "fr", "zgh")


class Operator:
    """Runs `bin/emergency` in this process."""

    def __init__(self, folder: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.file = folder / f"{KEY}.toml"
        self._main = import_module("worker.emergencies.command").main
        self._capture = capture
        self.write()

    def write(self, *changes: tuple[str, str]) -> None:
        """The sample's file, some of its lines changed."""
        text = SAMPLE.read_text(encoding="utf-8").replace(" ولا عيطو {dial}", "")
        text = text.replace(" أو اتصلوا {dial}", "").replace(" ou appelez {dial}", "")
        text = text.replace(", ⵏⵖⴷ {dial}", "")
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new)
        self.file.write_text(text, encoding="utf-8")

    def run(self, *arguments: object) -> tuple[int, str]:
        """A command; its exit code, and all it said."""
        code = self._main([str(one) for one in arguments])
        said = self._capture.readouterr()
        return code, said.out + said.err

    def opens(self) -> None:
        """One proposes, another approves."""
        assert 0 == self.run("propose", self.file, "--by", "Amal")[0]
        assert 0 == self.run("approve", KEY, "--by", "Badr")[0]


def settles(
    shop: Workshop,
    nth: int,
    language: str = "fr",
    region: str = "MA-09",
    commune: str = "tiznit",
) -> str:
    """A person of a region who agreed to be told; their number."""
    number = f"+2126111110{nth:02d}"
    person = follows(shop, Detail.SHORT, number, language, idcs=f"person-{nth}")
    Followers(shop.database).lives(person, region, commune)
    return number


def counts(shop: Workshop) -> Counts:
    found: Counts = shop.house.house().invitations.counts(KEY)
    return found


def invites(shop: Workshop, rounds: int = 1, by_day: Any = None) -> list[str]:
    """The schedule's next rounds; the texts that went out in them."""
    known = len(shop.twilio.texts)
    for _ in range(rounds):
        shop.inviting.invite()
        if by_day:
            by_day.shift(timedelta(seconds=10))
    return shop.twilio.texts[known:]
