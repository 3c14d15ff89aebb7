"""Calls of our own resource (docs/openapi/twiza-registry.yaml), which no standard has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from actions.registry import counter
from actions.registry.calls import Call
from actions.registry.port import INVALID
from actions.registry.settings import RegistrySettings
from actions.registry.shapes import NewDocument, Receipt
from actions.registry.transport import Transport
from core.errors import RegistryRefused

T = TypeVar("T")


class Resource:
    """Asks it, and hands in what has a key: both may safely be made twice.

    A document is large: it takes its time, and nothing sends it again at once.
    """

    def __init__(self, settings: RegistrySettings, transport: Transport) -> None:
        self._root = settings.registry_counter_path
        self._document_seconds = settings.registry_document_seconds
        self._transport = transport

    def ask(self, what: str, message: Mapping[str, Any], read: Callable[[Any], T]) -> T:
        """What `read` makes of the answer to a search."""
        call = self._described(f"{what}.search", f"{what}/search", message)
        return self._transport.call(call, lambda answer: read(answer.json()))

    def hand_in(self, what: str, message: Mapping[str, Any], key: str) -> Receipt:
        """The receipt for what was handed in under its key."""
        call = self._described(f"handed_in.{what}", what, message, _under(key))
        return self._transport.call(call, lambda answer: counter.read_receipt(answer.json()))

    def hand_in_document(self, document: NewDocument) -> Receipt:
        """The receipt for a document."""
        message = counter.write_document(document)
        call = self._described(
            "handed_in.documents", "documents", message, _under(document.idempotency_key)
        )
        call = replace(call, is_repeatable=False, seconds=self._document_seconds)
        return self._transport.call(call, lambda answer: counter.read_receipt(answer.json()))

    def _described(
        self,
        operation: str,
        path: str,
        message: Mapping[str, Any],
        headers: Mapping[str, str] | None = None,
    ) -> Call:
        return Call(
            operation,
            f"{self._root}/{path}",
            lambda: message,
            headers or {},
            counter.REASONS,
            is_repeatable=True,
        )


def _under(key: str) -> dict[str, str]:
    """The header of what is handed in. Raises RegistryRefused."""
    # A header takes no other characters; a key of ours never has them.
    if not key or not key.isascii() or not key.isprintable():
        raise RegistryRefused(INVALID)
    return {"Idempotency-Key": key}
