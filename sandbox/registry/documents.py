"""Photographs and PDFs: handed in once for an application, checked, and kept as they came."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Annotated, Any, Final

from pydantic import AwareDatetime, BaseModel, StringConstraints
from sqlalchemy import select
from sqlalchemy.orm import Session

from sandbox.registry import applications
from sandbox.registry.clock import today
from sandbox.registry.counter_tables import Document
from sandbox.registry.receipts import CounterRefused, new_reference

# A body of the largest file that is taken, ten megabytes, in base64 and with what stands beside it.
LARGEST_BODY: Final = 14_000_000
_STARTS: Final = {
    "image/jpeg": b"\xff\xd8\xff",
    "image/png": b"\x89PNG\r\n\x1a\n",
    "application/pdf": b"%PDF-",
}
_HEAD: Final = 1024
# The file by which virus scanners are tried out; it harms nobody.
_VIRUS: Final = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"


class NewDocument(BaseModel):
    """The body of a document that is handed in."""

    application: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    content_type: Annotated[str, StringConstraints(max_length=40)]
    content: Annotated[str, StringConstraints(min_length=4)]
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    channel: Annotated[str, StringConstraints(max_length=20)]
    given_on: AwareDatetime


class DocumentSearch(BaseModel):
    """The body of a search."""

    application: Annotated[str, StringConstraints(min_length=1, max_length=40)]


def take(session: Session, new: NewDocument, key: str) -> str:
    """Take a document and return its reference. Raises CounterRefused."""
    try:
        content = base64.b64decode(new.content, validate=True)
    except binascii.Error:
        raise CounterRefused from None
    if hashlib.sha256(content).hexdigest() != new.sha256:
        raise CounterRefused
    application = applications.by_reference(session, new.application)
    if application is None:
        raise CounterRefused("application.unknown")
    start = _STARTS.get(new.content_type)
    if start is None or start not in content[:_HEAD] or _VIRUS in content:
        raise CounterRefused("document.not_taken")
    document = Document(
        reference=new_reference(),
        application=application.reference,
        key=key,
        content_type=new.content_type,
        sha256=new.sha256,
        size=len(content),
        since=today(session),
        channel=new.channel,
        content=content,
    )
    session.add(document)
    return document.reference


def of_application(session: Session, reference: str) -> list[Document]:
    """The documents of an application by its reference, oldest first."""
    application = applications.by_reference(session, reference)
    if application is None:
        return []
    theirs = select(Document).where(Document.application == application.reference)
    return list(session.scalars(theirs.order_by(Document.id)))


def by_reference(session: Session, reference: str) -> Document | None:
    """A document by its own reference."""
    return session.scalars(select(Document).where(Document.reference == reference)).first()


def told(document: Document) -> dict[str, Any]:
    """A document as the wire tells it: never its content."""
    return {
        "reference": document.reference,
        "key": document.key,
        "content_type": document.content_type,
        "size": document.size,
        "sha256": document.sha256,
        "since": document.since.isoformat(),
    }
