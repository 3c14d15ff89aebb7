"""The wire notes what the door accepted under the name it has in the transcripts."""

from __future__ import annotations

import random

import pytest
from flask import Flask

from core.privacy import Pseudonyms
from sandbox.chaos.line import Line, Noted
from tests.unit.sandbox.phone.door_stub import serve

PSEUDONYMS = Pseudonyms(b"k" * 32)
NUMBER = "+212612345678"
HOP = {"sessionId": "s1", "phoneNumber": NUMBER, "text": "1*2"}


class Drawn(random.Random):
    """Chance that always draws the same."""

    def __init__(self, drawn: float) -> None:
        super().__init__()
        self._drawn = drawn

    def random(self) -> float:
        return self._drawn

    def uniform(self, _least: float, _most: float) -> float:
        return 0.0


@pytest.mark.parametrize(("drawn", "times"), [(0.01, 2), (0.1, 2), (0.9, 1)])
@pytest.mark.parametrize("status", [200, 503])
def test_what_was_answered_is_noted_once_however_often_it_came(
    drawn: float, times: int, status: int
) -> None:
    door, asked = Flask("door"), []
    noted = Noted(PSEUDONYMS)

    @door.post("/")
    def answer() -> tuple[str, int]:
        asked.append(1)
        return "CON Menu", status

    with serve(door) as url, Line(noted, "ussd", Drawn(drawn)) as line:
        line.post(url, data=HOP, timeout=5)
        line.settle()

    key = PSEUDONYMS.event(f"ussd:{PSEUDONYMS.number(NUMBER)}:s1:1*2")
    assert times == len(asked)
    assert ({key} if status == 200 else set()) == set(noted.accepted)
