"""The proof: what was lost, doubled, late or shown to the wrong citizen, counted in the stores."""

from __future__ import annotations

import re
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import redis
import requests
import sqlalchemy as sa

from core.recorded import STREAM
from core.stores import open_redis
from core.tasks import REPORTS, USUAL
from sandbox.chaos.citizens import Citizen
from sandbox.chaos.conductor import Faults
from sandbox.chaos.house import House
from sandbox.chaos.lag import Lag
from sandbox.chaos.line import Hop, Noted
from sandbox.chaos.people import foreign_values
from sandbox.chaos.stores import Stores

ZEROS: Final = (
    "wrong_citizen",
    "lost_applications",
    "doubled_applications",
    "doubled_messages",
    "late_hops",
    "unrecorded",
)
SHOWN: Final = "references_shown"
# Of a service that fails a citizen may expect it; of one that is upgraded not.
THROWN_BACK: Final = "thrown_back"
# A worker that dies so soon after the provider took a message could not note it any more.
_DIED_WITHIN_SECONDS: Final = 15.0
_QUEUED: Final = {
    "outbox": "SELECT count(*) FROM outbox WHERE state = 'queued'",
    "submissions": "SELECT count(*) FROM submissions WHERE state = 'queued'",
}


@dataclass(slots=True)
class Proof:
    """Counts over a house and the citizens who lived with it."""

    house: House
    noted: Noted
    citizens: Sequence[Citizen]
    conductor: Faults
    lag: Lag

    def figures(self) -> dict[str, Any]:
        """All that was counted, under the names it is reported by."""
        received = self.received()
        return {
            "citizens": len(self.citizens),
            "hops": len(self.noted.hops),
            SHOWN: len(self._shown()),
            "wrong_citizen": sum(1 for _ in self._wrong(received)),
            "lost_applications": len(self._lost()),
            "doubled_applications": len(self.doubled_applications()),
            "doubled_messages": len(self.doubled_messages(received)),
            "late_hops": len(self.late()),
            "unrecorded": len(self.unrecorded()),
            THROWN_BACK: sum(len(one.mind.lost_steps) for one in self.citizens),
            "faults": dict(sorted(self.noted.faults.items())),
        }

    def waiting(self) -> list[str]:
        """What is still under way."""
        found = [
            f"{count} in {table}"
            for table, query in _QUEUED.items()
            if (count := self._records(query)[0][0])
        ]
        found += [f"{len(spooled)} on the disk"] if (spooled := self.house.spooled()) else []
        with closing(open_redis(self.house.layout.redis_url(0))) as store:
            found += [f"{length} records"] if (length := store.xlen(STREAM)) else []
        with closing(open_redis(self.house.layout.redis_url(1))) as broker:
            tasks = sum(int(str(broker.llen(name))) for name in (USUAL, REPORTS))
            found += [f"{tasks} tasks"] if tasks else []
        return found

    def missing(self) -> list[str]:
        """What is still under way, or may still arrive."""
        found = [] if self.house.is_well() else ["every process"]
        if found := found + self.waiting():
            return found
        may_come = {"unrecorded": self.unrecorded(), "lost applications": self._lost()}
        return [f"{len(what)} {name}" for name, what in may_come.items() if what]

    def late(self) -> list[float]:
        """The seconds of each hop that was answered too late while the door was there.

        What a thread that was due then had to wait for this machine is not the door's delay.
        """
        most = self._deadline()
        return [
            hop.seconds
            for hop in self.slow()
            if hop.seconds > most + self.lag.worst(hop.began, hop.ended)
        ]

    def slow(self) -> list[Hop]:
        """The hops that took longer than the deadline while the door was there."""
        most, away = self._deadline(), self.conductor.door_away
        return [
            hop
            for hop in self.noted.hops
            if hop.seconds > most
            and not any(hop.began < gone.ended and gone.began < hop.ended for gone in away)
        ]

    def unrecorded(self) -> list[str]:
        """The accepted messages that no transcript holds, each as a reader knows it."""
        kept = self._read("transcripts", "SELECT key FROM turns")
        # What was said in place of a turn stands under the key of its message and a suffix.
        recorded = {key.partition(".")[0] for (key,) in kept}
        return sorted(about for key, about in self.noted.accepted.items() if key not in recorded)

    def _wrong(self, received: dict[str, list[dict[str, Any]]]) -> Iterator[str]:
        people = [one.mind.person for one in self.citizens]
        owners = dict(self._records("SELECT reference, number_key FROM submissions"))
        for one in self.citizens:
            own = self.noted.pseudonyms.number(one.mind.person.number)
            texts = [message["text"] for message in received[one.mind.person.number]]
            for text in (*one.read, *texts):
                yield from foreign_values(one.mind.person, people, text)
                for groups in re.findall(r"(?<!\d)\d{4} \d{4} \d{4}(?!\d)", text):
                    if owners.get(groups.replace(" ", ""), own) != own:
                        yield groups

    def _lost(self) -> set[str]:
        """The references that were shown and never reached the registry, nor were refused."""
        known = self._read("registry", "SELECT reference FROM applications")
        known += self._read("registry", "SELECT given_as FROM applications")
        known += self._records("SELECT reference FROM submissions WHERE state = 'refused'")
        return self._shown() - {reference for (reference,) in known}

    def _shown(self) -> set[str]:
        return set().union(*(one.mind.references for one in self.citizens))

    def doubled_applications(self) -> list[str]:
        """Applications of one person for one aid beyond the first, and those nobody sent."""
        asked = (
            "SELECT idcs, programme, count(*) FROM applications WHERE channel != ''"
            " GROUP BY idcs, programme"
        )
        found = [
            f"{programme} for {idcs}, {count} times at the registry"
            for idcs, programme, count in self._read("registry", asked)
            for _ in range(count - 1)
        ]
        asked = "SELECT person_key, count(*) FROM submissions WHERE kind = 'application' GROUP BY 1"
        kept = dict(self._records(asked))
        for one in self.citizens:
            count = kept.get(self.noted.pseudonyms.person(one.mind.person.idcs), 0)
            about = f"{one.channel} {one.mind.person.number}: {count} kept, {one.mind.sends} sent"
            found += [about] * max(0, count - one.mind.sends)
        return found

    def doubled_messages(self, received: dict[str, list[dict[str, Any]]]) -> list[str]:
        """Messages that were acknowledged twice, or sent and not noted though nobody died."""
        sent = self._records("SELECT outbox_id, provider_id FROM chaos_sent")
        counted = Counter(row for row, _ in sent)
        found = [f"row {row}, {count} times" for row, count in counted.items() if count > 1]
        noted = {provider_id for _, provider_id in sent}
        ours = {channel["address"] for channel in self.house.run["channels"].values()}
        untraced = Counter(self.noted.carried)
        for number, messages in received.items():
            for message in messages:
                if message["from"] not in ours or message["id"] in noted:
                    continue
                if untraced[number, message["text"]]:
                    untraced[number, message["text"]] -= 1
                    continue
                if not self._died_after(datetime.fromisoformat(message["at"])):
                    about = " ".join(message["text"].split())[:60]
                    found.append(f"{message['id']} at {message['at']} to {number}: {about}")
        return found

    def received(self) -> dict[str, list[dict[str, Any]]]:
        """What each citizen's phone received."""
        return {one.mind.person.number: one.inbox() for one in self.citizens}

    def _deadline(self) -> float:
        """The seconds within which the dialect of the channel wants each hop answered."""
        dialect = Path(self.house.run["channels"]["ussd"]["dialect_file"])
        limits = tomllib.loads(dialect.read_text(encoding="utf-8"))["limits"]
        return float(limits["deadline_seconds"])

    def _died_after(self, at: datetime) -> bool:
        moment = at.timestamp()
        kills = self.conductor.worker_killed
        return any(0 <= killed - moment < _DIED_WITHIN_SECONDS for killed in kills)

    def _records(self, asked: str) -> list[tuple[Any, ...]]:
        return self._read("records", asked)

    def _read(self, name: str, asked: str) -> list[tuple[Any, ...]]:
        return Stores(self.house.layout).read(name, asked)


def wait_for_quiet(proof: Proof, seconds: float, say: Callable[[str], None]) -> dict[str, Any]:
    """The figures once all is drained and nothing is missing, or when the time is over."""
    deadline, told = time.monotonic() + seconds, ""
    while time.monotonic() < deadline:
        try:
            missing = proof.missing()
        except (redis.RedisError, requests.RequestException, sa.exc.DBAPIError) as away:
            missing = [type(away).__name__]
        if not missing:
            break
        if told != (told := ", ".join(missing)):
            say(f"waits for {told}")
        time.sleep(1)
    return proof.figures()
