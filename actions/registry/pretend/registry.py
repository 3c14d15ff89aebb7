"""The pretend registry, put together from its topics."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from actions.registry.pretend.codes import Codes
from actions.registry.pretend.files import Files
from actions.registry.pretend.offices import Offices
from actions.registry.pretend.records import PretendOffice, PretendRecord
from actions.registry.pretend.subscriptions import Subscriptions


class PretendRegistry(Files, Codes, Offices, Subscriptions):
    """A `Registry` made of records, offices and a clock.

    What was sent to it can be read: `sent` (one-time codes), `submitted`, `complained`,
    `documented`, `contacts` and `subscriptions`. While `failure` holds an error, every operation
    raises it; while `lost` does, what is handed in is taken and the answer gets lost.
    """

    def __init__(
        self,
        records: Iterable[PretendRecord],
        now: Callable[[], datetime],
        code_life_seconds: int = 300,
        offices: Iterable[PretendOffice] = (),
    ) -> None:
        super().__init__(records, offices, now)
        self.code_life_seconds = code_life_seconds
