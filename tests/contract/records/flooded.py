"""An approved emergency, and people who may be invited to it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from records.addresses import Addresses
from records.consents import Consents
from records.database import Database
from records.emergencies import Emergencies
from records.followers import Detail, Followers
from records.invitations import Invitations, Invited, Verdict
from records.outbox import Outbox
from records.outcomes import Outcomes
from records.people import Numbers
from records.reachable import Reachable, Scope
from tests.contract.records.conftest import HandClock
from tests.contract.records.test_emergencies import FLOOD

SOUSS = Scope(("MA-09",), ())
COST = 30


class World:
    """An approved emergency, and people who may be invited to it."""

    def __init__(self, database: Database, clock: HandClock) -> None:
        self.clock = clock
        self.database = database
        self.numbers = Numbers(database, clock)
        self.consents = Consents(database, clock)
        self.followers = Followers(database, clock)
        self.addresses = Addresses(database, clock)
        self.outbox = Outbox(database, clock)
        self.outcomes = Outcomes(database, clock)
        self.emergencies = Emergencies(database, clock)
        self.reachable = Reachable(database, clock)
        self.invitations = Invitations(database, clock)
        self.approve()

    def approve(self, **changes: Any) -> None:
        fingerprint = f"{changes}".encode().hex()[:60]
        proposal = replace(FLOOD, fingerprint=fingerprint, **changes)
        self.emergencies.propose(proposal, "Amal", "ops")
        self.emergencies.approve("flood", "Badr", "ops")

    def settle(
        self, person: str, number: str, region: str = "MA-09", commune: str = "tiznit"
    ) -> None:
        """Somebody who agreed to be told on a number."""
        self.numbers.choose_language(number, "ary")
        self.consents.give(number, "2026-11", "ary", "sms")
        self.addresses.keep(number, b"sealed", "sms")
        self.followers.agree(person, number, Detail.SHORT, "sub")
        self.followers.lives(person, region, commune)

    def next_ones(self, scope: Scope = SOUSS, after: str = "") -> list[tuple[str, str]]:
        found = self.reachable.next_ones("flood", scope, after, 10)
        return [(one.person_key, one.number_key) for one in found]

    def obstacles(self, scope: Scope = SOUSS) -> dict[tuple[str, str], str]:
        found = self.reachable.residents("flood", scope)
        return {(one.person_key, one.number_key): one.obstacle for one in found}

    def invite(self, person: str, number: str) -> Verdict:
        def put_out(session: Session) -> int:
            return self.outbox.add(number, "sms", b"sealed", session)

        one = Invited(person, number, "sms", "ary", COST)
        return self.invitations.invite("flood", one, put_out)

    def spent(self) -> int:
        found = self.emergencies.find("flood")
        assert found is not None
        return found.spent

    def send_all(self) -> None:
        while rows := self.outbox.lease(10, 30):
            for row in rows:
                self.outbox.sent(row.id, "SM")
