"""What a citizen can send beside a text, as Twilio writes it: files, taps, a place, a reaction."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Parcel:
    """The form fields of one kind of message, and the file that comes with it, if any."""

    message_type: str = "text"
    fields: Mapping[str, str] = field(default_factory=dict)
    content_type: str = ""
    content: bytes = b""

    @property
    def has_file(self) -> bool:
        """True where a file comes with it."""
        return bool(self.content_type)


def _png() -> bytes:
    """A picture of one grey dot."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        check = zlib.crc32(kind + body).to_bytes(4, "big")
        return len(body).to_bytes(4, "big") + kind + body + check

    header = (1).to_bytes(4, "big") * 2 + b"\x08\x00\x00\x00\x00"
    parts = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\x00\x80")), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)


def _pdf() -> bytes:
    """A document of one empty page."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%sendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        out + b"xref\n0 4\n0000000000 65535 f \n" + table + b"trailer<</Size 4/Root 1 0 R>>\n"
        b"startxref\n%d\n%%%%EOF\n" % len(out)
    )


_CARD: Final = b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Sandbox\r\nTEL:+212600000000\r\nEND:VCARD\r\n"
# What each kind of file is: Twilio's word for the message, its content type, its first bytes.
_FILES: Final[dict[str, tuple[str, str, bytes]]] = {
    "image": ("image", "image/png", _png()),
    "pdf": ("document", "application/pdf", _pdf()),
    "voice": ("audio", "audio/ogg", b"OggS\x00\x02" + bytes(22)),
    "video": ("video", "video/mp4", b"\x00\x00\x00\x18ftypmp42" + bytes(12)),
    "sticker": ("sticker", "image/webp", b"RIFF\x1a\x00\x00\x00WEBPVP8L" + bytes(14)),
    "contact": ("contacts", "text/vcard", _CARD),
}
KINDS: Final = (*_FILES, "location", "reaction", "unsupported")


def pack(kind: str, given: Mapping[str, Any] | None = None) -> Parcel:
    """A message of a kind; a file may be given as `content` (base64) and `content_type`.

    Raises KeyError for a kind that there is not, ValueError for a file that cannot be read.
    """
    told = dict(given or {})
    if kind == "location":
        names = {"latitude": "34.0209", "longitude": "-6.8416", "label": "", "address": ""}
        fields = {name.capitalize(): str(told.get(name, usual)) for name, usual in names.items()}
        return Parcel("location", {name: value for name, value in fields.items() if value})
    if kind in ("reaction", "unsupported"):
        return Parcel(kind)
    message_type, content_type, content = _FILES[kind]
    if "content" in told:
        content = base64.b64decode(str(told["content"]), validate=True)
    return Parcel(message_type, {}, str(told.get("content_type", content_type)), content)


def tap(kind: str, identity: str, title: str) -> Parcel:
    """A quick reply or an item of a list that is tapped."""
    if kind == "list":
        return Parcel("interactive", {"ListId": identity, "ListTitle": title})
    return Parcel("button", {"ButtonPayload": identity, "ButtonText": title})
