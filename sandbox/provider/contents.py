"""Twilio's Content API as far as buttons and lists need it: in memory only, bounded.

What is made of a template and its values is checked as WhatsApp checks it within 24 hours of a
citizen's message.
"""

from __future__ import annotations

import json
import re
import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

_MOST: Final = 500
_GAP: Final = re.compile(r"\{\{(\w{1,16})\}\}")
_LONGEST_BODY: Final = 1024
# The key of the choices, the key of a label, and how many and how long they may be.
_SHAPES: Final = {
    "twilio/quick-reply": ("actions", "title", 3, 20),
    "twilio/list-picker": ("items", "item", 10, 24),
}
_KINDS: Final = {"twilio/quick-reply": "quick", "twilio/list-picker": "list"}


class Unfit(Exception):
    """What was asked for cannot be made; `code` is Twilio's own."""

    def __init__(self, code: int) -> None:
        self.code = code
        super().__init__(str(code))


@dataclass(frozen=True, slots=True)
class Made:
    """A message as its recipient sees it: a text, and a kind and the choices to tap under it."""

    text: str
    kind: str = ""
    items: tuple[dict[str, str], ...] = ()
    opener: str = ""

    @property
    def choices(self) -> dict[str, Any] | None:
        """What can be tapped, as the phone's interface tells it."""
        if not self.kind:
            return None
        return {"kind": self.kind, "opener": self.opener, "items": list(self.items)}


@dataclass(slots=True)
class Content:
    """One template; `approval` is what WhatsApp says of it, empty where it was not asked."""

    account: str
    asked: dict[str, Any]
    sid: str = field(default_factory=lambda: "HX" + secrets.token_hex(16))
    made: datetime = field(default_factory=lambda: datetime.now(UTC))
    approval: dict[str, Any] = field(default_factory=dict)

    @property
    def told_approval(self) -> dict[str, Any]:
        """What WhatsApp says of it, or that it was not asked."""
        return self.approval or {"status": "unsubmitted", "rejection_reason": ""}

    def to_json(self, root: str) -> dict[str, Any]:
        """The template in Twilio's fields."""
        at = f"{self.made:%Y-%m-%dT%H:%M:%SZ}"
        url = f"{root}/v1/Content/{self.sid}"
        return {
            "sid": self.sid,
            "account_sid": self.account,
            "friendly_name": self.asked.get("friendly_name"),
            "language": self.asked["language"],
            "variables": self.asked.get("variables") or {},
            "types": self.asked["types"],
            "date_created": at,
            "date_updated": at,
            "url": url,
            "links": {
                "approval_create": f"{url}/ApprovalRequests/whatsapp",
                "approval_fetch": f"{url}/ApprovalRequests",
            },
        }

    def fill(self, variables: str) -> Made:
        """The message that these values make. Raises Unfit."""
        given = dict(self.asked.get("variables") or {}) | _read_values(variables)
        shape, parts = next(iter(self.asked["types"].items()))
        body = _filled(parts.get("body", ""), given)
        if shape not in _SHAPES:
            return Made(body)
        many, label, most, longest = _SHAPES[shape]
        items = tuple(
            {"id": _filled(one.get("id", ""), given), "title": _filled(one[label], given)}
            for one in parts[many]
        )
        titles = [item["title"] for item in items]
        is_fit = (
            0 < len(items) <= most
            and 0 < len(body) <= _LONGEST_BODY
            and all(0 < len(title) <= longest for title in titles)
            and len(set(titles)) == len(titles)
            and all(0 < len(item["id"]) <= 200 for item in items)
        )
        if not is_fit:
            raise Unfit(63013)
        return Made(body, _KINDS[shape], items, _filled(parts.get("button", ""), given))


class Contents:
    """The templates of every account."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: OrderedDict[str, Content] = OrderedDict()
        # Nobody waits for Meta here unless asked to.
        self._verdict = {"status": "approved", "rejection_reason": ""}

    def make(self, account: str, asked: Any) -> Content:
        """A new template. Raises Unfit."""
        if not isinstance(asked, dict) or not asked.get("language"):
            raise Unfit(20001)
        types = asked.get("types")
        if not isinstance(types, dict) or not all(isinstance(one, dict) for one in types.values()):
            raise Unfit(20001)
        content = Content(account, asked)
        with self._lock:
            self._held[content.sid] = content
            while len(self._held) > _MOST:
                self._held.popitem(last=False)
        return content

    def judge(self, status: str, reason: str, before: bool) -> None:
        """What Meta says of every template that it is shown from now on, or was `before` too."""
        with self._lock:
            self._verdict = {"status": status, "rejection_reason": reason}
            for content in self._held.values():
                if before and content.approval:
                    content.approval |= self._verdict

    def show(self, content: Content, name: str, category: str) -> dict[str, Any]:
        """Show Meta a template; what it says."""
        with self._lock:
            kind = next(iter(content.asked["types"]), "")
            content.approval = {"name": name, "category": category, "content_type": kind}
            content.approval |= {"allow_category_change": True, **self._verdict}
            return dict(content.approval)

    def of(self, account: str) -> list[Content]:
        """The templates of an account, the newest first."""
        with self._lock:
            return [one for one in reversed(self._held.values()) if one.account == account]

    def find(self, account: str, sid: str) -> Content | None:
        """A template of an account."""
        with self._lock:
            found = self._held.get(sid)
        return found if found and found.account == account else None

    def remove(self, content: Content) -> None:
        """Hold a template no more."""
        with self._lock:
            self._held.pop(content.sid, None)


def _read_values(variables: str) -> dict[str, str]:
    if not variables:
        return {}
    try:
        given = json.loads(variables)
    except ValueError:
        raise Unfit(21656) from None
    if not isinstance(given, dict) or not all(isinstance(v, str) and v for v in given.values()):
        raise Unfit(21656)
    return given


def _filled(text: str, given: dict[str, str]) -> str:
    return _GAP.sub(lambda gap: given.get(gap.group(1), gap.group()), text)
