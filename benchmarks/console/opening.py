"""The console's pages, opened as a browser asks for them, and how long each took."""

from __future__ import annotations

import random
import re
import secrets
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from flask.testing import FlaskClient

from benchmarks.flow import WrongAnswer
from console.app import create_app
from console.settings import ConsoleSettings
from core.privacy import Seal
from records.database import Database
from records.staff import StaffAccounts

_TOKEN: Final = re.compile(r'name="csrf_token" value="([^"]+)"')
_LINK: Final = re.compile(r"/conversations/(\d+)")
_AFTER: Final = re.compile(r'rel="next" href="([^"]+)"')
# Words that many messages hold, some, few; two at once; beginnings; in every script.
WORDS: Final = (
    *("menu", "aide", "inscription", "mon dossier", "adress", "lflous", "taghezou"),
    *("الدعم", "السجل", "واش", "ⵜⴰⵎⵔⴰⵔⵓⵜ", "ⵎⴰⵏⵉ", "zouawlmi", "khasfine bourata", "xqzw"),
)
_FILTERS: Final = (
    *("", "fallback=1", "unsure=1", "error=1", "undelivered=1", "channel=ussd"),
    *("language=zgh", "programme=asd", "intent=track_benefit", "channel=sms&language=ar&error=1"),
)


@dataclass(frozen=True, slots=True)
class Pages:
    """A browser of somebody signed in."""

    client: FlaskClient
    last: date
    token: str
    chance: random.Random

    def rounds(self) -> Mapping[str, Callable[[], float]]:
        """What opens a page of each kind, and returns its milliseconds."""
        lists, found = self._lists(), self._search()
        read, shown = self._transcripts(), self._dashboards()
        return {
            "list": lambda: next(lists),
            "search": lambda: next(found),
            "transcript": lambda: next(read),
            "dashboard": lambda: next(shown),
        }

    def _lists(self) -> Iterator[float]:
        while True:
            for filters in _FILTERS:
                spent, text = self._get(f"/conversations?{filters}")
                yield spent
                further = _AFTER.search(text)
                if further:
                    yield self._get(further.group(1).replace("&amp;", "&"))[0]

    def _search(self) -> Iterator[float]:
        while True:
            for words in WORDS:
                for filters in ({}, {"language": "fr"}):
                    given = {"words": words, "csrf_token": self.token, **filters}
                    yield self._timed("/conversations/search", data=given)[0]

    def _transcripts(self) -> Iterator[float]:
        while True:
            _, text = self._get(f"/conversations?{self.chance.choice(_FILTERS)}")
            numbers = sorted(set(map(int, _LINK.findall(text))))
            for number in numbers:
                # Not only what the list has just read.
                yield self._get(f"/conversations/{self.chance.randrange(1, number + 1)}")[0]

    def _dashboards(self) -> Iterator[float]:
        week = self.last - timedelta(days=6)
        while True:
            yield self._get(f"/dashboard?since={week}&until={self.last}")[0]
            yield self._get(f"/dashboard?since={week}&until={self.last}&by=week&lang=ar")[0]

    def _get(self, path: str) -> tuple[float, str]:
        return self._timed(path)

    def _timed(self, path: str, data: dict[str, str] | None = None) -> tuple[float, str]:
        began = time.perf_counter()
        method = "GET" if data is None else "POST"
        answer = self.client.open(path, method=method, data=data)
        text = answer.text
        spent = 1000 * (time.perf_counter() - began)
        if answer.status_code != 200:
            raise WrongAnswer(f"{path}: {answer.status_code}")
        return spent, text


def sign_in(url: str, database: Database, last: date) -> Pages:
    """A supervisor's browser at a console over these stores, in this process."""
    key = urlsafe_b64encode(secrets.token_bytes(32)).decode()
    settings = ConsoleSettings(
        redis_url="redis://127.0.0.1:1/0",
        broker_url="redis://127.0.0.1:1/1",
        records_url=url,
        transcripts_url=url,
        vault_key=key,
        pseudonym_key=key,
        console_secret=key,
        console_public_url="http://localhost",
        console_second_factor="optional",
        console_live_places=0,
    )
    accounts = StaffAccounts(database, Seal(secrets.token_bytes(32)))
    password = secrets.token_urlsafe(24)
    accounts.add("bench@twiza.example", "Bench", "supervisor", password)
    staff = accounts.with_email("bench@twiza.example")
    assert staff is not None
    client = create_app(settings).test_client()
    with client.session_transaction() as session:
        now: Any = int(time.time())
        session.update({"began": now, "last": now, "language": "fr"})
        session["_user_id"] = f"{staff.id}.{staff.version}"
        session["_fresh"] = True
    token = _TOKEN.search(client.get("/conversations").text)
    if token is None:
        raise WrongAnswer("nobody is signed in")
    return Pages(client, last, token.group(1), random.Random(5))
