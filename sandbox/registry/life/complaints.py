"""Complaints go on: read, then answered in the words of `answers.toml`."""

from __future__ import annotations

from datetime import date
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sandbox.registry.complaints import due_after
from sandbox.registry.counter_tables import Complaint
from sandbox.registry.data_files import read_data

_NEXT: Final = {"received": "in_review", "in_review": "answered"}


def next_due(session: Session, day: date) -> date | None:
    """The next day on which a complaint goes on."""
    return session.scalar(select(func.min(Complaint.due_on)))


def happen(session: Session, seed: int, day: date) -> None:
    """Move on what is due."""
    due = select(Complaint).where(Complaint.due_on <= day).order_by(Complaint.id)
    for complaint in session.scalars(due).all():
        complaint.state, complaint.since = _NEXT[complaint.state], day
        complaint.due_on = due_after(seed, complaint.id, complaint.state, day)
        if complaint.state == "answered":
            answer(complaint)


def answer(complaint: Complaint) -> None:
    """Write the usual answer to a complaint of its category."""
    answers = read_data("answers.toml")
    latin, arabic = answers.get(complaint.category, answers["other"])
    complaint.answer, complaint.answer_arabic = latin, arabic
