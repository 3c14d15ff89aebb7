"""A campaign: hundreds hand something in, by the dialogue or by what the dialogue calls."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from typing import Any, Final

import requests

from actions.applications.desk import Desk
from actions.applications.procedures import Procedure
from actions.applications.walk import Filled
from actions.applications.writing import Written
from actions.conversation import Conversation
from actions.following import Following
from actions.programmes.catalogue import load_programmes
from actions.registry.pretend import PretendRegistry
from core.keys import open_ring
from core.messages import ChannelKind
from core.privacy import Seal
from core.reach import Heard, Reach
from core.short_words import ShortWords
from core.stores import open_redis
from core.tasks import Tasks
from records.addresses import Addresses
from records.applications import Applications
from records.consents import Consents
from records.database import open_database
from records.drafts import Drafts
from records.followers import Followers
from records.people import Numbers
from tests.dialogue.applications.applicant import PROGRAMMES, Applicant
from tests.dialogue.conftest import KINDS
from tests.dialogue.stores import pseudonyms, rows
from tests.dialogue.talk import Talk
from tests.end_to_end.running_house import RunningHouse

# An adult of each household of several that is nobody's in another test.
_PEOPLE: Final = """
SELECT p.idcs, p.birth_date, p.phone FROM people p
JOIN households h ON h.code = p.household_code AND h.size > 1
WHERE p.phone IS NOT NULL AND p.summary = '' AND p.household_code IS NOT NULL
  AND p.rnp_status = 'registered'
  AND p.household_code NOT IN (SELECT household_code FROM people WHERE summary != ''
                               AND household_code IS NOT NULL)
GROUP BY p.household_code ORDER BY p.rank
"""
_WINTER: Final = load_programmes(str(PROGRAMMES))["winter_aid"]
_OTHERS: Final = ("minhaty", "birth_grant", "school_grant")

Citizen = dict[str, Any]


def citizens(house: RunningHouse) -> list[Citizen]:
    """Somebody of each synthetic household, as the run file would list them."""
    with closing(sqlite3.connect(house.data / "registry.sqlite")) as registry:
        found = registry.execute(_PEOPLE).fetchall()
    return [dict(zip(("idcs", "birth_date", "phone"), row, strict=True)) for row in found]


def fill_in(house: RunningHouse, people: list[Citizen]) -> list[Applicant]:
    """Each fills in the winter aid up to the question whether to send it, on a channel in turn."""

    def on(kind: ChannelKind) -> list[Applicant]:
        mine = people[KINDS.index(kind) :: len(KINDS)]
        return [_filled(Talk(house, kind, one["phone"], "fr"), one) for one in mine]

    return _each_channel(on)


def send(filled: list[Applicant]) -> list[str]:
    """Each sends it, and reads the reference."""

    def on(kind: ChannelKind) -> list[str]:
        return [one.send() for one in filled if one.talk.kind is kind]

    return _each_channel(on)


def _filled(talk: Talk, citizen: Citizen) -> Applicant:
    return Applicant(talk.open(), citizen).begin().fill()


def _each_channel(work: Callable[[ChannelKind], list[Any]]) -> list[Any]:
    """What the channels come to, at the same time."""
    with ThreadPoolExecutor(len(KINDS)) as pool:
        return [one for found in pool.map(work, KINDS) for one in found]


class Counter:
    """Hands in what the dialogue would, by what it calls, with the keys and stores of a house."""

    def __init__(self, house: RunningHouse) -> None:
        text = (house.data / "secrets" / "vault_key").read_text(encoding="ascii")
        self._seal = Seal(open_ring(text, "vault_key"))
        self._names = pseudonyms(house)
        self._met: set[str] = set()
        self._database = open_database(house.records_url, 30)
        self._store = open_redis(house.redis_url())
        self._reach = Reach(self._store, self._seal)
        self._desk = Desk(
            Drafts(self._database), Applications(self._database), self._seal, {}, ShortWords.load()
        )
        self._following = Following(
            PretendRegistry([], lambda: datetime.now(UTC)),
            Followers(self._database),
            Addresses(self._database),
            self._reach,
            self._seal,
            self._names,
            Tasks("test", house.redis_url(1), self._seal),
        )

    def close(self) -> None:
        """Close the stores."""
        self._database.close()
        self._store.close()

    def hand_in(self, citizen: Citizen, programme: str, kind: ChannelKind) -> str:
        """An application of a citizen; its reference."""
        number_key = self._names.number(citizen["phone"])
        person_key = self._names.person(citizen["idcs"])
        who = Conversation(f"{kind.value}-{number_key}", kind, number_key, "fr", "")
        if number_key not in self._met:
            # Language and consent are asked of a citizen once.
            self._met.add(number_key)
            Numbers(self._database).choose_language(number_key, "fr")
            Consents(self._database).give(number_key, "2026-11", "fr", kind.value)
        self._reach.heard(number_key, Heard(citizen["phone"], kind, datetime.now(UTC)))
        draft = self._desk.begin(person_key, programme, Filled())
        written = Written(
            procedure=Procedure(programme, "application", _WINTER.short_names, ()),
            filled=draft.filled,
            idcs=citizen["idcs"],
            language="fr",
            channel=kind.value,
            consent_version="2026-11",
            given_on=datetime.now(UTC),
        )
        reference = self._desk.hand_in(draft, "application", number_key, person_key, written)
        self._following.handed_in(who)
        return reference

    def hand_in_many(self, people: list[Citizen], numbers: range) -> list[str]:
        """So many applications, each of another household or for another programme."""
        pairs = [(one, programme) for programme in _OTHERS for one in people]
        return [self.hand_in(*pairs[number], KINDS[number % len(KINDS)]) for number in numbers]


def arrived(house: RunningHouse) -> int:
    """How many of all that was handed in the worker knows to be at the registry."""
    return int(rows(house, "select count(*) from submissions where state = 'sent'")[0][0])


def at_the_registry(house: RunningHouse) -> list[dict[str, Any]]:
    """Every application that was handed in at the sandbox registry."""
    answer = requests.get(f"{house.run['registry']}/sandbox/applications", timeout=20).json()
    found: list[dict[str, Any]] = answer["applications"]
    return found
