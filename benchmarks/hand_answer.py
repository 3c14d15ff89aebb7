"""What the hand-written menu says about a registration, after one call to the registry."""

from __future__ import annotations

import textwrap
import threading
import time
import uuid
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from typing import Any, Final

import requests
from flask import abort
from urllib3.util import Retry

from benchmarks.words import said
from locales.formats import format_index

_RECORDS: Final = (("Social", "Member"), ("Social", "Group"), ("IBR", "Beneficiary"))
_LIMITS: Final = {
    "AMO_TADAMON": ("AMO-Tadamon", Decimal("9.3264284")),
    "ASD": ("ASD", Decimal("9.743001")),
}
_STATUSES: Final = {"1": "enrolled", "4": "suspended"}
_ROOM: Final = 130
_TOKEN_SECONDS: Final = 300.0


class HandAnswer:
    """Asks the registry over kept-alive connections; a token serves for five minutes."""

    def __init__(self, url: str, client: str, secret: str) -> None:
        self._url = f"{url}/registry/sync/search"
        self._http = requests.Session()
        self._http.trust_env = False
        # The registry may close a connection that rests as it is used again.
        again = Retry(1, allowed_methods=None)
        adapter = requests.adapters.HTTPAdapter(pool_maxsize=32, max_retries=again)
        self._http.mount("http://", adapter)
        form = {"grant_type": "client_credentials", "client_id": client, "client_secret": secret}
        self._ask_token = partial(self._http.post, f"{url}/oauth2/client/token", form, timeout=5)
        self._renew_at = 0.0
        self._renewing = threading.Lock()

    def pages(self, number: str, idcs: str, typed_date: str) -> list[str]:
        """The answer for the person whose number, identifier and birth date these are."""
        born = f"{typed_date[4:]}-{typed_date[2:4]}-{typed_date[:2]}"
        members, groups, enrolments = self._search(idcs)
        on_file = members[0]["demographic_info"] if members else abort(404)
        if on_file["birth_date"] != born or number not in on_file["phone_number"]:
            abort(404)
        return _cut(" ".join(_lines(groups[0], enrolments)))

    def _search(self, idcs: str) -> list[list[dict[str, Any]]]:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        searches = [
            {
                "reference_id": str(uuid.uuid4()),
                "timestamp": now,
                "search_criteria": {
                    "reg_type": f"ns:org:RegistryType:{registry}",
                    "reg_record_type": record,
                    "query_type": "idtype-value",
                    "query": {"type": "UIN", "value": idcs},
                },
            }
            for registry, record in _RECORDS
        ]
        header = {
            "message_id": str(uuid.uuid4()),
            "message_ts": now,
            "action": "search",
            "sender_id": "menu",
            "receiver_id": "registry",
            "total_count": len(searches),
        }
        message = {"transaction_id": str(uuid.uuid4()), "search_request": searches}
        body = {"header": header, "message": message}
        self._renew_token()
        answer = self._http.post(self._url, json=body, timeout=5).json()
        return [found["data"]["reg_records"] for found in answer["message"]["search_response"]]

    def _renew_token(self) -> None:
        with self._renewing:
            if time.monotonic() > self._renew_at:
                token = self._ask_token().json()["access_token"]
                self._http.headers["Authorization"] = f"Bearer {token}"
                self._renew_at = time.monotonic() + _TOKEN_SECONDS


def _lines(group: dict[str, Any], enrolments: list[dict[str, Any]]) -> list[str]:
    index = Decimal(str(group["poverty_score"]))
    attributes = {item["key"]: item["value"] for item in group["additional_attributes"]}
    statuses = {
        record["programme_identifier"][0]["programme_identifier"]: record["enrollment_status"]
        for record in enrolments
    }
    lines = [said("utter_rnp_registered"), said("utter_rsu_index_ready")]
    lines.append(said("utter_household").format(count=group["group_size"]))
    shown = format_index(index, "fr")
    lines.append(said("utter_index").format(value=shown, date=attributes["index_date"]))
    for code, (name, limit) in _LIMITS.items():
        what = _STATUSES.get(statuses.get(code, "")) or ("within" if index <= limit else "above")
        text = said(f"utter_programme_{what}")
        lines.append(text.format(programme=name, threshold=format_index(limit, "fr")))
    return [*lines, said("utter_no_promise")]


def _cut(text: str) -> list[str]:
    pages = textwrap.wrap(text, _ROOM)
    more = [f"{page}\n98 >  0 <" for page in pages[:-1]]
    return [*more, f"{pages[-1]}\n0 <  00"]
