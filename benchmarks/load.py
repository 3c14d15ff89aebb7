"""Citizens who call, in a process of their own: `python -m benchmarks.load`.

Each line of standard input is an order, each line of standard output its outcome, both JSON. A
citizen waits for each answer before the next hop (closed loop) and finishes the sessions it began.
Citizens begin one after another within a second, so that they do not all ask the same at once.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import secrets
import sys
import threading
import time
from collections import deque
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from benchmarks.flow import Hop, WrongAnswer, screens_text
from benchmarks.measure import Turn, busy_span
from benchmarks.words import door_said, flat
from sandbox.phone.wire import ussd_form

_ANSWER_SECONDS = 15.0
_BEYOND_SECONDS = 60.0
_RAMP_SECONDS = 1.0
_LATE_AT_MOST = 10
_WRONG_AT_MOST = 20
_HOME = "00"


@dataclass(slots=True)
class Caller:
    """A number and the session it makes."""

    number: str
    hops: list[Hop]


@dataclass(slots=True)
class Outcome:
    """What came of an order.

    `milliseconds` are of the right turns in the `seconds` in which every citizen was busy,
    `answered` counts all right turns, `late` those that the door first answered with "still
    working", or not at all.
    """

    seconds: float = 0.0
    milliseconds: list[float] = field(default_factory=list)
    answered: int = 0
    late: int = 0
    wrong: list[str] = field(default_factory=list)


class Load:
    """One order: `citizens` at once begin sessions for `seconds`, or `once` for each caller.

    They think for `think` seconds before each key. Whoever is answered wrongly hangs up; all of
    them end where `wrong_at_most` were.
    """

    def __init__(self, order: dict[str, Any]) -> None:
        self._address = urlsplit(order["url"])
        self._service: str = order["address"]
        self._citizens: int = order["citizens"]
        self._seconds: float = order["seconds"]
        self._once: bool = order["once"]
        self._think: float = order.get("think", 0.0)
        self._wrong_at_most: int = order.get("wrong_at_most", _WRONG_AT_MOST)
        self._callers = deque(
            Caller(caller["number"], [Hop(**hop) for hop in caller["hops"]])
            for caller in order["callers"]
        )
        self._still_working = flat(door_said("door_still_working"))
        self._outcome = Outcome()
        self._turns: list[list[Turn]] = [[] for _ in range(self._citizens)]
        self._began = 0.0

    def run(self) -> Outcome:
        """Make all calls and say what came of them."""
        threads = [threading.Thread(target=self._live, args=[n]) for n in range(self._citizens)]
        self._began = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        begins, ends = busy_span(self._turns, _RAMP_SECONDS)
        turns = [turn for made in self._turns for turn in made]
        within = [turn for turn in turns if begins <= turn.ended <= ends]
        self._outcome.answered = len(turns)
        self._outcome.seconds = ends - begins
        self._outcome.milliseconds = [1000 * (turn.ended - turn.began) for turn in within]
        return self._outcome

    def _live(self, citizen: int) -> None:
        time.sleep(_RAMP_SECONDS * citizen / self._citizens)
        connection = http.client.HTTPConnection(self._address.netloc, timeout=_ANSWER_SECONDS)
        while len(self._outcome.wrong) < self._wrong_at_most and self._callers:
            caller = self._callers.popleft()
            try:
                self._call(connection, caller, self._turns[citizen])
            except (WrongAnswer, OSError, http.client.HTTPException) as wrong:
                connection.close()
                self._outcome.late += isinstance(wrong, TimeoutError)
                self._outcome.wrong.append(f"{type(wrong).__name__}: {wrong}")
                self._go_home(connection, caller)
            if self._once:
                continue
            self._callers.append(caller)
            if self._now() >= self._seconds + _RAMP_SECONDS:
                break
        connection.close()

    def _call(
        self, connection: http.client.HTTPConnection, caller: Caller, made: list[Turn]
    ) -> None:
        session = f"ATUid_{secrets.token_hex(16)}"
        typed, screens = "", [""]
        for number, hop in enumerate(caller.hops, 1):
            if self._now() > self._seconds + _BEYOND_SECONDS:
                raise WrongAnswer("the session did not end in time")
            typed = f"{typed}*{hop.keys}" if typed else hop.keys
            form = ussd_form(session, self._service, caller.number, typed)
            if self._think and number > 1:
                time.sleep(self._think)
            began = self._now()
            screen = self._post(connection, form)
            late = 0
            while self._still_working in screens_text([screen]) and late < _LATE_AT_MOST:
                late += 1
                typed += "*1"
                screen = self._post(connection, form | {"text": typed})
            turn = Turn(began, self._now())
            self._outcome.late += late > 0
            screens.append(screen)
            shown = screens_text(screens[-hop.screens :])
            if screen == screens[-2] and hop.screens > 1:
                raise WrongAnswer(f"hop {number} turned no page: {shown!r}")
            missing = [mark for mark in hop.marks if mark not in shown]
            if missing:
                raise WrongAnswer(f"hop {number} shows {shown!r} without {missing[0]!r}")
            made.append(turn)

    def _go_home(self, connection: http.client.HTTPConnection, caller: Caller) -> None:
        """Leave what a broken session left open, so that the number's next one has a chance."""
        session = f"ATUid_{secrets.token_hex(16)}"
        with contextlib.suppress(WrongAnswer, OSError, http.client.HTTPException):
            for typed in ("", _HOME):
                self._post(connection, ussd_form(session, self._service, caller.number, typed))
            return
        connection.close()

    def _post(self, connection: http.client.HTTPConnection, form: dict[str, str]) -> str:
        path = f"{self._address.path}?{self._address.query}"
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", path, urlencode(form).encode(), headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        if answer.status != 200 or not text.startswith("CON "):
            raise WrongAnswer(f"{answer.status} {text[:80]!r}")
        return text[4:]

    def _now(self) -> float:
        return time.perf_counter() - self._began


def main() -> None:
    """Serve orders until standard input ends."""
    for line in sys.stdin:
        print(json.dumps(asdict(Load(json.loads(line)).run())), flush=True)


if __name__ == "__main__":
    main()
