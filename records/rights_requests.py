"""What citizens ask for about their data: entered, due on a day, carried out or refused once."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from records.clock import Clock, utc_now
from records.database import Database
from records.tables import RightsRequestRow

EXPORT: Final = "export"
ERASURE: Final = "erasure"
KINDS: Final = (EXPORT, ERASURE)
DIALOGUE: Final = "dialogue"
STAFF: Final = "staff"
# How staff knew who asked.
PROOFS: Final = ("counter", "own_number", "letter", "mandate")

OPEN: Final = "open"
RUNNING: Final = "running"
DONE: Final = "done"
REFUSED: Final = "refused"
VOID: Final = "void"


@dataclass(frozen=True, slots=True)
class Entered:
    """What is asked for: by a number, and by a person where one was named."""

    kind: str
    number_key: str
    person_key: str
    source: str
    proof: str
    entered_by: str


@dataclass(frozen=True, slots=True)
class RightsRequest:
    """A request; its keys are empty once it is settled."""

    id: int
    kind: str
    person_key: str
    number_key: str
    source: str
    proof: str
    state: str
    created: datetime
    due: datetime
    entered_by: str
    settled_by: str
    settled: datetime | None
    file_id: str

    def days_left(self, now: datetime) -> int:
        """How many whole days are left, below zero where it is late: a day that began counts."""
        left = self.due - now
        return left.days if left >= timedelta() else -max(1, (-left).days)


class RightsRequests:
    """The requests of everybody. Every method may raise StoreUnavailable."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def enter(self, asked: Entered, days: int) -> int:
        """Enter a request, due in so many days; the same one that is open already is kept."""
        now = self._clock()
        with self._database.session() as session:
            same = sa.select(RightsRequestRow.id).where(
                RightsRequestRow.kind == asked.kind,
                RightsRequestRow.number_key == asked.number_key,
                RightsRequestRow.person_key == asked.person_key,
                RightsRequestRow.state.in_((OPEN, RUNNING)),
            )
            known = session.scalar(same)
            if known is not None:
                return known
            row = RightsRequestRow(
                **asdict(asked), state=OPEN, created=now, due=now + timedelta(days=days)
            )
            session.add(row)
            session.flush()
            return row.id

    def find(self, request_id: int) -> RightsRequest | None:
        """A request by its number."""
        with self._database.reading() as session:
            row = session.get(RightsRequestRow, request_id)
            return _request(row) if row else None

    def open(self, limit: int = 200) -> list[RightsRequest]:
        """Those that are not settled, the one due first before the others."""
        waiting = RightsRequestRow.state.in_((OPEN, RUNNING))
        return self._list(waiting, (RightsRequestRow.due, RightsRequestRow.id), limit)

    def settled(self, limit: int = 50) -> list[RightsRequest]:
        """The last ones that are."""
        over = RightsRequestRow.state.not_in((OPEN, RUNNING))
        return self._list(over, (RightsRequestRow.settled.desc(), RightsRequestRow.id), limit)

    def begin(self, request_id: int, staff: str) -> bool:
        """Begin to carry a request out; False where somebody did before."""
        return self._change(request_id, (OPEN,), state=RUNNING, settled_by=staff)

    def refuse(self, request_id: int, staff: str) -> bool:
        """Settle a request without doing what it asks for."""
        now = self._clock()
        return self._change(
            request_id,
            (OPEN,),
            state=REFUSED,
            settled_by=staff,
            settled=now,
            number_key="",
            person_key="",
        )

    def made(self, request_id: int, file_id: str) -> bool:
        """Settle an export: its file waits. Whose it is stays with the file alone."""
        return self._change(
            request_id,
            (RUNNING,),
            state=DONE,
            settled=self._clock(),
            file_id=file_id,
            number_key="",
            person_key="",
        )

    def _list(
        self, which: sa.ColumnElement[bool], order: tuple[object, ...], limit: int
    ) -> list[RightsRequest]:
        wanted = sa.select(RightsRequestRow).where(which).order_by(*order).limit(limit)  # type: ignore[arg-type]
        with self._database.reading() as session:
            return [_request(row) for row in session.scalars(wanted)]

    def _change(self, request_id: int, states: tuple[str, ...], **values: object) -> bool:
        change = sa.update(RightsRequestRow).where(
            RightsRequestRow.id == request_id, RightsRequestRow.state.in_(states)
        )
        with self._database.session() as session:
            made = session.execute(change.values(**values).returning(RightsRequestRow.id))
            return made.first() is not None


def settle_erasure(
    session: Session, person_key: str, number_key: str, now: datetime, request_id: int | None
) -> None:
    """Settle the requests of whom is being erased, and keep no trace of whom in them.

    An erasure that no request asked for was the citizen's own in the dialogue: it is noted as one.
    """
    done = {"state": DONE, "settled": now}
    if request_id is None:
        given = {"kind": ERASURE, "source": DIALOGUE, "proof": "own_number", "entered_by": ""}
        session.add(
            RightsRequestRow(
                **given, **done, person_key="", number_key="", created=now, due=now, settled_by=""
            )
        )
    else:
        mine = sa.update(RightsRequestRow).where(RightsRequestRow.id == request_id)
        session.execute(mine.values(**done))
    theirs = [RightsRequestRow.number_key == number_key]
    if person_key:
        theirs.append(RightsRequestRow.person_key == person_key)
    others = sa.update(RightsRequestRow).where(
        sa.or_(*theirs), RightsRequestRow.state.in_((OPEN, RUNNING))
    )
    session.execute(others.values(state=VOID, settled=now))
    cut = sa.update(RightsRequestRow).where(sa.or_(*theirs))
    session.execute(cut.values(number_key="", person_key=""))


def _request(row: RightsRequestRow) -> RightsRequest:
    return RightsRequest(
        **{name: getattr(row, name) for name in RightsRequest.__dataclass_fields__}
    )
