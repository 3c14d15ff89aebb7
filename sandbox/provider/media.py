"""Files that came with messages, as Twilio keeps them: behind the account's token, on a CDN."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from flask import Blueprint, Response, redirect
from werkzeug.wrappers import Response as Answer

from sandbox.provider.accounts import Channel, Refused, owned_by_request, refusing

_MOST: Final = 200
_ACCOUNTS: Final = "/twilio/2010-04-01/Accounts/<account>/Messages/<message>/Media"


@dataclass(frozen=True, slots=True)
class File:
    """One file; `key` opens it on the CDN without a token."""

    account: str
    message: str
    content_type: str
    content: bytes
    sid: str = field(default_factory=lambda: "ME" + secrets.token_hex(16))
    key: str = field(default_factory=lambda: secrets.token_urlsafe(16))

    @property
    def url(self) -> str:
        """Where Twilio says that it is."""
        root = f"https://api.twilio.com/2010-04-01/Accounts/{self.account}"
        return f"{root}/Messages/{self.message}/Media/{self.sid}"


class Files:
    """The files that were not deleted."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: OrderedDict[str, File] = OrderedDict()

    def keep(self, file: File) -> File:
        """Keep a file, and forget the oldest where there are too many."""
        with self._lock:
            self._held[file.sid] = file
            while len(self._held) > _MOST:
                self._held.popitem(last=False)
        return file

    def find(self, sid: str) -> File | None:
        """A file by its name."""
        with self._lock:
            return self._held.get(sid)

    def by_key(self, key: str) -> File | None:
        """A file by the key of its address on the CDN."""
        with self._lock:
            return next((one for one in self._held.values() if one.key == key), None)

    def all(self) -> list[File]:
        """Every file there is, the newest last."""
        with self._lock:
            return list(self._held.values())

    def remove(self, file: File) -> None:
        """Delete a file."""
        with self._lock:
            self._held.pop(file.sid, None)


def build_media(read_channels: Callable[[], Mapping[str, Channel]], files: Files) -> Blueprint:
    """The blueprint of the files of messages, and of the CDN that holds what is in them."""
    media = Blueprint("media", __name__)
    refusing(media)

    def found(account: str, message: str, sid: str) -> File:
        owned_by_request(account, read_channels())
        file = files.find(sid)
        if file is None or (file.account, file.message) != (account, message):
            raise Refused(20404)
        return file

    @media.get(f"{_ACCOUNTS}/<sid>")
    def content(account: str, message: str, sid: str) -> Answer:
        return redirect(f"/twilio/cdn/{found(account, message, sid).key}", 307)

    @media.get(f"{_ACCOUNTS}/<sid>.json")
    def described(account: str, message: str, sid: str) -> dict[str, Any]:
        file = found(account, message, sid)
        return {
            "sid": file.sid,
            "account_sid": file.account,
            "parent_sid": file.message,
            "content_type": file.content_type,
            "uri": f"/2010-04-01/Accounts/{account}/Messages/{message}/Media/{sid}.json",
        }

    @media.delete(f"{_ACCOUNTS}/<sid>.json")
    def remove(account: str, message: str, sid: str) -> tuple[str, int]:
        files.remove(found(account, message, sid))
        return "", 204

    @media.get("/twilio/cdn/<key>")
    def on_the_cdn(key: str) -> Response:
        file = files.by_key(key)
        if file is None:
            raise Refused(20404)
        return Response(file.content, content_type=file.content_type)

    @media.get("/twilio/sandbox/media")
    def how_many() -> dict[str, Any]:
        held = files.all()
        return {"files": len(held), "newest": held[-1].url if held else ""}

    return media
