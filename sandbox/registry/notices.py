"""Telling the subscriber what changed: kept in the database, sent until it is taken."""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final

import requests
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from sandbox.registry import clock
from sandbox.registry.counter_tables import Notice, Subscription
from sandbox.registry.database import RegistryDatabase
from sandbox.registry.envelope import VERSION, now_with_zone
from sandbox.registry.programmes import programme
from sandbox.registry.settings import SandboxRegistrySettings

INDEX_CHANGED: Final = "index_changed"
_CALL_SECONDS: Final = 3.0
_LEASE_SECONDS: Final = 30.0
_LONGEST_WAIT_SECONDS: Final = 60.0
_AT_ONCE: Final = 20


def note(
    session: Session, household: Iterable[str], kind: str, key: str, detail: dict[str, str]
) -> int:
    """Keep a notice for each subscription to this kind among the people of a household; how many.

    Two subscriptions of one person are told once.
    """
    known = session.scalars(select(Subscription).where(Subscription.idcs.in_(list(household))))
    told = {one.idcs for one in known if kind in one.kinds}
    happened_on = datetime.fromtimestamp(clock.now(session), UTC).isoformat(timespec="seconds")
    for idcs in sorted(told):
        event = write_event(idcs, kind, key, detail, happened_on)
        session.add(Notice(message=write_notify(event)))
    return len(told)


def write_event(
    idcs: str, kind: str, key: str, detail: dict[str, str], happened_on: str
) -> dict[str, Any]:
    """An event of a notify message; what is ours stands under `additional_attributes`."""
    of_index = kind == INDEX_CHANGED
    ours = {"event_kind": kind, "programme": programme(key).code if key else "", **detail}
    return {
        "reference_id": str(uuid.uuid4()),
        "timestamp": happened_on,
        "data": {
            "version": VERSION,
            "reg_type": f"ns:org:RegistryType:{'Social' if of_index else 'IBR'}",
            "reg_event_type": "REGISTER" if of_index else "enrollement_status_change",
            "reg_record_type": "Member",
            "reg_records": {
                "@type": "Member",
                "member_identifier": [
                    {"@type": "Identifier", "identifier_type": "UIN", "identifier_value": idcs}
                ],
                "additional_attributes": [{"key": k, "value": v} for k, v in ours.items() if v],
            },
        },
    }


def write_notify(*events: dict[str, Any]) -> dict[str, Any]:
    """A notify message of SPDCI with these events."""
    return {
        "header": {
            "version": VERSION,
            "message_id": str(uuid.uuid4()),
            "message_ts": now_with_zone(),
            "action": "notify",
            "status": "succ",
            "sender_id": "registry",
            "receiver_id": "twiza",
            "total_count": len(events),
            "completed_count": len(events),
            "is_msg_encrypted": False,
        },
        "message": {"transaction_id": str(uuid.uuid4()), "notify_event": list(events)},
    }


class Notifier:
    """A thread that posts the notices kept; one that is not taken is sent again, ever less often.

    Without an address it does nothing, and the notices wait.
    """

    def __init__(self, database: RegistryDatabase, settings: SandboxRegistrySettings) -> None:
        self._database = database
        self._url = settings.notify_url
        self._token = settings.notify_token.get_secret_value()
        self._first_wait = settings.notify_retry_seconds
        self._http = requests.Session()
        self._http.trust_env = False
        self._woken, self._stopped = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="notices", daemon=True)
        if self._url:
            self._thread.start()

    def wake(self) -> None:
        """There may be something to send."""
        self._woken.set()

    def stop(self) -> None:
        """End the thread; what was not sent stays in the database."""
        self._stopped.set()
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join(_CALL_SECONDS + 1)

    def _run(self) -> None:
        while not self._stopped.is_set():
            for number, message, tries in self._lease():
                self._settle(number, tries, self._is_taken(message))
            self._woken.wait(self._first_wait)
            self._woken.clear()

    def _lease(self) -> list[tuple[int, dict[str, Any], int]]:
        """The notices that are due, kept from other processes while this one sends them."""
        now = time.time()
        with Session(self._database.writing) as session, session.begin():
            due = select(Notice).where(Notice.next_try <= now).order_by(Notice.id).limit(_AT_ONCE)
            notices = list(session.scalars(due))
            for notice in notices:
                notice.next_try = now + _LEASE_SECONDS
            return [(notice.id, notice.message, notice.tries) for notice in notices]

    def _is_taken(self, message: dict[str, Any]) -> bool:
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        # Each try is a message of its own, or it would be an old one heard before.
        named = {"message_id": str(uuid.uuid4()), "message_ts": now_with_zone()}
        message = {**message, "header": message["header"] | named}
        try:
            answer = self._http.post(
                self._url,
                data=json.dumps(message),
                headers=headers,
                timeout=_CALL_SECONDS,
                allow_redirects=False,
            )
        except requests.RequestException:
            return False
        return 200 <= answer.status_code < 300

    def _settle(self, number: int, tries: int, is_taken: bool) -> None:
        with Session(self._database.writing) as session, session.begin():
            if is_taken:
                session.execute(delete(Notice).where(Notice.id == number))
                return
            wait = min(self._first_wait * 2**tries, _LONGEST_WAIT_SECONDS)
            later = {"tries": tries + 1, "next_try": time.time() + wait}
            session.execute(update(Notice).where(Notice.id == number).values(**later))
