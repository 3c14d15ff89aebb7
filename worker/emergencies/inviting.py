"""Inviting people to the emergencies that are open: asked for again and again by the schedule.

Each person is one transaction, in which state, dates, rate and budget are looked at and the message
is put into the outbox: whenever a worker dies, nobody is invited twice and nothing is spent twice.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import redis
from sqlalchemy.orm import Session

from actions.programmes.emergency import EmergencyPlan
from core.errors import ConversationBusy, SettingsFaulty, StoreUnavailable
from core.logs import log
from records.emergencies import Emergency
from records.invitations import Invited, Verdict
from records.reachable import Resident
from worker import deliveries
from worker.app import app
from worker.emergencies.letter import Letter, apply_choice, dialled, write_letter
from worker.emergencies.stored import read_plan, scope_of
from worker.house import House, house
from worker.letters import Letterbox, find_letterbox, post

_LOG = log(__name__)
_AT_ONCE: Final = 100
# Rounds follow each other every ten seconds and must leave the worker's other tasks their turn.
_LONGEST_ROUND_SECONDS: Final = 8.0
# How long 1 is an answer to the invitation, at most.
_LONGEST: Final = timedelta(days=7)


@app.task(name="worker.emergencies.invite")
def invite() -> None:
    """Invite whom the rate allows now; withdraw what was not sent where none may be."""
    try:
        for emergency in house().emergencies.all():
            if not emergency.totals:
                _serve(house(), emergency)
    except (StoreUnavailable, redis.RedisError) as fault:
        # The next round finds everything as it is.
        _LOG.warning("inviting_interrupted", fault=type(fault).__name__)


def _serve(house: House, emergency: Emergency) -> None:
    now = datetime.now(UTC)
    is_quiet = house.quiet.next_open(now) != now
    if is_quiet or not emergency.is_inviting(now):
        withdrawn = house.invitations.take_back(emergency.key)
        if withdrawn:
            _LOG.info("invitations_withdrawn", emergency=emergency.key, count=withdrawn)
        return
    house.invitations.settle(emergency.key)
    try:
        round_ = _Round(house, emergency, read_plan(emergency))
    except SettingsFaulty:
        _LOG.error("emergency_unreadable", emergency=emergency.key)
        return
    invited = round_.run()
    if invited:
        _LOG.info("invited", emergency=emergency.key, count=invited)
        deliveries.drain.delay()


@dataclass(slots=True)
class _Round:
    """One round of one emergency."""

    house: House
    emergency: Emergency
    plan: EmergencyPlan
    too_dear: int = 1 << 31  # what costs as much, the budget does not pay any more

    def run(self) -> int:
        """Invite until the rate, the budget or the people are used up; how many were invited."""
        key, after, invited = self.emergency.key, "", 0
        room = self.house.invitations.room(key)
        cheapest = self._cheapest()
        if self._left() < cheapest:
            return 0
        until = time.monotonic() + _LONGEST_ROUND_SECONDS
        while room > 0:
            found = self.house.reachable.next_ones(key, scope_of(self.plan), after, _AT_ONCE)
            for one in found:
                verdict = self._invite(one)
                if verdict in (Verdict.CLOSED, Verdict.TOO_FAST):
                    return invited
                if verdict is Verdict.INVITED:
                    invited += 1
                    room -= 1
                is_poor = self.too_dear <= cheapest
                if room <= 0 or is_poor or time.monotonic() > until:
                    return invited
            if len(found) < _AT_ONCE:
                return invited
            after = found[-1].person_key
        return invited

    def _invite(self, one: Resident) -> Verdict | None:
        """Invite somebody; None where that cannot be just now."""
        if self._is_talking(one.number_key):
            return None
        box = find_letterbox(self.house, one.number_key)
        if box is None:
            return None
        letter = write_letter(self.plan, box.language, box.kind, dialled(self.house.channels))
        wanted = Invited(one.person_key, one.number_key, box.channel, box.language, letter.cost)

        def put_out(session: Session) -> int:
            message = post(self.house, box, letter.text, session)
            self._leave(one.number_key, box, letter)
            return message

        if letter.cost >= self.too_dear:
            return Verdict.TOO_DEAR
        try:
            verdict = self.house.invitations.invite(self.emergency.key, wanted, put_out)
        except ConversationBusy:
            return None
        if verdict is Verdict.TOO_DEAR:
            # A shorter text, or another channel, may still be paid for.
            self.too_dear = letter.cost
            _LOG.warning("budget_reached", emergency=self.emergency.key)
        return verdict

    def _cheapest(self) -> int:
        kinds = {one.kind for one in self.house.channels.values() if one.capabilities.can_send}
        dial = dialled(self.house.channels)
        letters = (
            write_letter(self.plan, code, kind, dial)
            for code in self.plan.invitation.languages
            for kind in kinds
        )
        return min((letter.cost for letter in letters), default=0)

    def _left(self) -> int:
        return self.emergency.budget - self.emergency.spent

    def _is_talking(self, number_key: str) -> bool:
        """True for who is in the middle of something: they are invited when it is over."""
        heard = self.house.reach.find(number_key)
        while_ = timedelta(minutes=self.house.settings.talk_minutes)
        return heard is not None and datetime.now(UTC) - heard.at < while_

    def _leave(self, number_key: str, box: Letterbox, letter: Letter) -> None:
        """Make 1 the answer to this invitation."""
        key = self.emergency.key
        programme = self.house.programmes.get(key)
        title = programme.short_name(box.language) if programme else key
        life = min(self.emergency.ends - datetime.now(UTC), _LONGEST)
        self.house.conversations.leave(
            number_key,
            box.kind,
            box.language,
            letter.text,
            (apply_choice(key, title),),
            int(life.total_seconds()),
        )
