"""Posting to others what they are to be told: kept in the database, sent until it is taken."""

from __future__ import annotations

import json
import re
import threading
import time
import uuid
from typing import Any, Final

import requests
from sqlalchemy import delete, select, update

from sandbox.registry.database import RegistryDatabase
from sandbox.registry.envelope import now_with_zone
from sandbox.registry.later import answer_queued, next_ready
from sandbox.registry.life.days import catch_up
from sandbox.registry.message_tables import Outgoing
from sandbox.registry.settings import SandboxRegistrySettings
from sandbox.registry.signatures import Signatures

_CALL_SECONDS: Final = 3.0
_LEASE_SECONDS: Final = 30.0
_LONGEST_WAIT_SECONDS: Final = 60.0
_LIFE_SECONDS: Final = 60.0
_AT_ONCE: Final = 20
_PATHS: Final = {
    "on-search": "on-search",
    "on-subscribe": "on-subscribe",
    "on-unsubscribe": "on-unsubscribe",
    "txn-on-status": "txn/on-status",
    "notify": "notify",
}
_LAST: Final = re.compile(rf"/({'|'.join(_PATHS.values())})/?$")


def address_for(action: str, given: str) -> str:
    """Where a message of an action goes, by the address that a sender or subscriber gave.

    That of one callback tells those of all others beside it; any other is taken as it is.
    """
    return _LAST.sub(f"/{_PATHS[action]}", given)


class Poster:
    """A thread that answers what was queued and posts; what is not taken is sent ever less often.

    It begins when there is something to do. Without an address, what has none waits.
    """

    def __init__(
        self,
        database: RegistryDatabase,
        settings: SandboxRegistrySettings,
        signatures: Signatures,
    ) -> None:
        self._database = database
        self._signatures = signatures
        self._url = settings.notify_url
        self._token = settings.notify_token.get_secret_value()
        self._first_wait = settings.notify_retry_seconds
        self._http = requests.Session()
        self._http.trust_env = False
        self._woken, self._stopped = threading.Event(), threading.Event()
        self._begin = threading.Lock()
        self._thread: threading.Thread | None = None
        self._lived = time.monotonic()
        if self._url:
            self.wake()

    def wake(self) -> None:
        """There may be something to do."""
        with self._begin:
            if self._thread is None and not self._stopped.is_set():
                self._thread = threading.Thread(target=self._run, name="posting", daemon=True)
                self._thread.start()
        self._woken.set()

    def stop(self) -> None:
        """End the thread; what was not sent stays in the database."""
        self._stopped.set()
        self._woken.set()
        if self._thread is not None:
            self._thread.join(_CALL_SECONDS + 1)

    def _run(self) -> None:
        while not self._stopped.is_set():
            answer_queued(self._database)
            for row in self._lease():
                self._settle(row, self._is_taken(row))
            if time.monotonic() - self._lived > _LIFE_SECONDS:
                self._lived = time.monotonic()
                catch_up(self._database)
            self._woken.wait(min(self._first_wait, next_ready(self._database)))
            self._woken.clear()

    def _lease(self) -> list[Outgoing]:
        """What is due, kept from other processes while this one sends it."""
        now = time.time()
        with self._database.read() as session:
            waiting = select(Outgoing.id).where(Outgoing.next_try <= now).limit(1)
            if session.scalar(waiting) is None:
                return []
        with self._database.write() as session:
            due = select(Outgoing).where(Outgoing.next_try <= now).order_by(Outgoing.id)
            due = due if self._url else due.where(Outgoing.url != "")
            found = list(session.scalars(due.limit(_AT_ONCE)))
            for row in found:
                row.next_try = now + _LEASE_SECONDS
            session.flush()
            session.expunge_all()
            return found

    def _is_taken(self, row: Outgoing) -> bool:
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        # Each try is a message of its own, or it would be an old one heard before.
        named = {"message_id": str(uuid.uuid4()), "message_ts": now_with_zone()}
        header = row.message["header"] | named
        message: dict[str, Any] = self._signatures.sign({**row.message, "header": header})
        try:
            answer = self._http.post(
                address_for(row.action, row.url or self._url),
                data=json.dumps(message),
                headers=headers,
                timeout=_CALL_SECONDS,
                allow_redirects=False,
            )
        except requests.RequestException:
            return False
        return 200 <= answer.status_code < 300

    def _settle(self, row: Outgoing, is_taken: bool) -> None:
        with self._database.write() as session:
            if is_taken:
                session.execute(delete(Outgoing).where(Outgoing.id == row.id))
                return
            wait = min(self._first_wait * 2**row.tries, _LONGEST_WAIT_SECONDS)
            later = {"tries": row.tries + 1, "next_try": time.time() + wait}
            session.execute(update(Outgoing).where(Outgoing.id == row.id).values(**later))
