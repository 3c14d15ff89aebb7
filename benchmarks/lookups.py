"""Citizens who look their households up through the real client, each waiting for its answer."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from actions.registry.settings import RegistrySettings
from actions.registry.spdci import SpdciRegistry
from benchmarks.flow import WrongAnswer
from benchmarks.measure import percentile
from core.errors import RegistryError

_WRONG_AT_MOST: Final = 3


@dataclass(frozen=True, slots=True)
class Home:
    """A person and the index of their household, as the registry's own database has it."""

    idcs: str
    index: Decimal


@dataclass(slots=True)
class Lookups:
    """What came of a measurement: milliseconds of each lookup answered, and how many failed."""

    seconds: float = 0.0
    registry_cpu: float = 0.0
    milliseconds: list[float] = field(default_factory=list)
    failed: int = 0
    wrong: list[str] = field(default_factory=list)

    def add(self, other: Lookups) -> None:
        """Count those of another measurement too."""
        self.seconds += other.seconds
        self.registry_cpu += other.registry_cpu
        self.milliseconds += other.milliseconds
        self.failed += other.failed

    @property
    def per_second(self) -> float:
        """Lookups answered in a second."""
        return len(self.milliseconds) / self.seconds

    def at(self, share: float) -> float:
        """The milliseconds that a share of the lookups did not exceed."""
        return percentile(self.milliseconds, share)

    @property
    def registry_cpu_ms(self) -> float:
        """Processor milliseconds that the registry spent for each lookup answered."""
        return 1000 * self.registry_cpu / len(self.milliseconds)

    @property
    def failed_share(self) -> float:
        """Which share of all lookups was not answered."""
        return self.failed / max(1, self.failed + len(self.milliseconds))


class Citizens:
    """Looks up homes with one client, shared by as many threads as there are citizens."""

    def __init__(self, url: str, secret: str, citizens: int) -> None:
        # As many places as citizens: what is measured is the registry, not the bulkhead.
        places = {"registry_calls_per_group": citizens, "registry_calls_in_all": citizens}
        client = {"registry_client_id": "twiza", "registry_client_secret": secret}
        self._client = SpdciRegistry(
            RegistrySettings.model_validate({"registry_url": url, **client, **places})
        )
        self._citizens = citizens

    def look_up(self, homes: Sequence[Home], seconds: float) -> Lookups:
        """Everybody looks up one home after the other until the time is over.

        Raises WrongAnswer where an index is another person's.
        """
        found, waiting = Lookups(), deque(homes)
        end = time.perf_counter() + seconds
        threads = [
            threading.Thread(target=self._live, args=(waiting, end, found))
            for _ in range(self._citizens)
        ]
        begin = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        found.seconds = time.perf_counter() - begin
        if found.wrong:
            raise WrongAnswer(found.wrong[0])
        return found

    def _live(self, waiting: deque[Home], end: float, found: Lookups) -> None:
        while time.perf_counter() < end and len(found.wrong) < _WRONG_AT_MOST:
            home = waiting.popleft()
            waiting.append(home)
            began = time.perf_counter()
            try:
                household = self._client.household(home.idcs, "fr")
            except RegistryError:
                found.failed += 1
                continue
            found.milliseconds.append(1000 * (time.perf_counter() - began))
            if household is None or household.index != home.index:
                found.wrong.append("a household has another index than its own")
