"""Payments fall due and are paid each month, all households at once.

On the first of a month the payment of the next one is scheduled for every household in a programme
that pays. On its day it is paid, or lies ready to be collected, or fails; that of a household that
was suspended meanwhile is held. What lies ready is collected by its last day, or fails.
"""

from __future__ import annotations

from datetime import date, timedelta
from string import Template
from typing import Any, Final

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from sandbox.registry.counter_tables import Payment, Subscription
from sandbox.registry.lots import share_sql
from sandbox.registry.notices import note
from sandbox.registry.programmes import Programme, programmes
from sandbox.registry.tables import Person

PAID_ON: Final = 28
_GROWN_UP: Final = 21
_MOST_CHILDREN: Final = 6
_COLLECTED_WITHIN: Final = timedelta(days=30)
_OUTCOME, _COLLECTED = 31, 32

_SCHEDULE: Final = """
INSERT OR IGNORE INTO payments
    (household_code, programme, month, amount, state, day, collect_at, collect_at_arabic)
SELECT e.household_code, e.programme, :month,
       CASE min(coalesce(c.children, 0), {most}) {amounts} END, 'scheduled', :day, '', ''
FROM enrolments e
LEFT JOIN (SELECT household_code, count(*) AS children FROM people
           WHERE birth_date > :grown_up AND household_code IS NOT NULL GROUP BY household_code) c
       ON c.household_code = e.household_code
WHERE e.programme = :programme AND e.status = 'active'
"""
_BEGIN: Final = """
INSERT OR IGNORE INTO payments
    (household_code, programme, month, amount, state, day, collect_at, collect_at_arabic)
SELECT e.household_code, e.programme, :month,
       CASE min((SELECT count(*) FROM people p WHERE p.household_code = h.code
                 AND p.birth_date > :grown_up), {most}) {amounts} END,
       :state, :day, '', ''
FROM enrolments e JOIN households h ON h.code = e.household_code
WHERE h.number > :beyond AND e.programme = :programme AND e.status = 'active' AND e.since <= :day
"""
_HOLD: Final = """
UPDATE payments SET state = 'held', reason = 'index_above_limit', day = NULL, changed_on = :day
WHERE state = 'scheduled' AND day <= :day AND NOT EXISTS (
    SELECT 1 FROM enrolments e WHERE e.household_code = payments.household_code
    AND e.programme = payments.programme AND e.status = 'active')
"""
# Each household draws a lot.
_DRAWN: Final = Template("(SELECT h.code, $draw AS lot FROM households h) AS drawn").substitute(
    draw=share_sql("h.number")
)
_PAY: Final = Template("""
UPDATE payments AS p SET
    state = CASE WHEN lot < 94 THEN 'paid' WHEN lot < 98 THEN 'ready' ELSE 'failed' END,
    reason = CASE WHEN lot >= 98 THEN 'account_invalid' END,
    collect_at = CASE WHEN lot >= 94 AND lot < 98 THEN 'Agence d''essai' ELSE '' END,
    collect_at_arabic = CASE WHEN lot >= 94 AND lot < 98 THEN 'وكالة تجريبية' ELSE '' END,
    collect_by = CASE WHEN lot >= 94 AND lot < 98 THEN :collect_by END,
    changed_on = :day
FROM $lots
WHERE p.state = 'scheduled' AND p.day <= :day AND drawn.code = p.household_code
""").substitute(lots=_DRAWN)
_COLLECT: Final = Template("""
UPDATE payments AS p SET
    state = CASE WHEN lot < 80 THEN 'paid' ELSE 'failed' END,
    reason = CASE WHEN lot >= 80 THEN 'not_collected' END,
    changed_on = :day
FROM $lots
WHERE p.state = 'ready' AND p.collect_by < :day AND drawn.code = p.household_code
""").substitute(lots=_DRAWN)


def next_due(session: Session, day: date) -> date | None:
    """The next day on which payments change."""
    paid = select(func.min(Payment.day)).where(Payment.state == "scheduled")
    left = select(func.min(Payment.collect_by)).where(Payment.state == "ready")
    over = session.scalar(left)
    first = day if day.day == 1 else month_after(day.replace(day=1))
    due = [first, session.scalar(paid), over + timedelta(days=1) if over else None]
    return min(found for found in due if found is not None)


def happen(session: Session, seed: int, day: date) -> None:
    """Schedule, pay, and end what was not collected."""
    session.flush()
    if day.day == 1:
        for known in programmes().values():
            for month in (day, month_after(day)) if known.pays else ():
                _insert(session, _SCHEDULE, known, month, {})
    given: dict[str, Any] = {"seed": seed + day.toordinal(), "day": day.isoformat()}
    collect_by = (day + _COLLECTED_WITHIN).isoformat()
    session.execute(text(_COLLECT), given | {"purpose": _COLLECTED})
    session.execute(text(_HOLD), given)
    session.execute(text(_PAY), given | {"purpose": _OUTCOME, "collect_by": collect_by})
    session.expire_all()
    _tell(session, day)


def pay_in_the_past(session: Session, beyond: int, today: date, months: int) -> None:
    """Payments of the last months, this one and the next, of households beyond a number."""
    month = month_after(today.replace(day=1))
    for _ in range(months + 2):
        due = month.replace(day=PAID_ON)
        for known in programmes().values():
            if known.pays:
                given = {"beyond": beyond, "state": "paid" if due <= today else "scheduled"}
                _insert(session, _BEGIN, known, month, given)
        month = (month - timedelta(days=1)).replace(day=1)


def month_after(month: date) -> date:
    """The first day of the next month."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _insert(
    session: Session, order: str, known: Programme, month: date, more: dict[str, Any]
) -> None:
    amounts = " ".join(
        f"WHEN {children} THEN '{known.monthly_on(children, month):.2f}'"
        for children in range(_MOST_CHILDREN + 1)
    )
    given = {
        "month": month.isoformat(),
        "day": month.replace(day=PAID_ON).isoformat(),
        "grown_up": date(month.year - _GROWN_UP, 12, 31).isoformat(),
        "programme": known.key,
    }
    session.execute(text(order.format(most=_MOST_CHILDREN, amounts=amounts)), given | more)


def _tell(session: Session, day: date) -> None:
    """Tell whoever follows their payments what became of those of this day."""
    changed = (
        select(Payment, Person.idcs)
        .join(Person, Person.household_code == Payment.household_code)
        .where(Payment.changed_on == day, Person.idcs.in_(select(Subscription.idcs)))
        .order_by(Person.idcs, Payment.programme, Payment.month)
    )
    for payment, idcs in session.execute(changed).all():
        detail = {"month": payment.month.isoformat(), "state": payment.state}
        detail["reason"] = payment.reason or ""
        note(session, [idcs], "payment_changed", payment.programme, detail)
