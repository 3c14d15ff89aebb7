"""Calls of our own resource (docs/openapi/twiza-registry.yaml), which no standard has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from actions.registry import counter
from actions.registry.calls import Call
from actions.registry.port import INVALID
from actions.registry.settings import RegistrySettings
from actions.registry.shapes import Receipt
from actions.registry.transport import Transport
from core.errors import RegistryRefused

T = TypeVar("T")


class Resource:
    """Asks it, and hands in what has a key: both may safely be made twice."""

    def __init__(self, settings: RegistrySettings, transport: Transport) -> None:
        self._root = settings.registry_counter_path
        self._transport = transport

    def ask(self, what: str, message: Mapping[str, Any], read: Callable[[Any], T]) -> T:
        """What `read` makes of the answer to a search."""
        return self._call(f"{what}.search", f"{what}/search", message, {}, read)

    def hand_in(self, what: str, message: Mapping[str, Any], key: str) -> Receipt:
        """The receipt for what was handed in under its key."""
        # A header takes no other characters; a key of ours never has them.
        if not key or not key.isascii() or not key.isprintable():
            raise RegistryRefused(INVALID)
        header = {"Idempotency-Key": key}
        return self._call(f"handed_in.{what}", what, message, header, counter.read_receipt)

    def _call(
        self,
        operation: str,
        path: str,
        message: Mapping[str, Any],
        headers: Mapping[str, str],
        read: Callable[[Any], T],
    ) -> T:
        call = Call(
            operation,
            f"{self._root}/{path}",
            lambda: message,
            headers,
            counter.REASONS,
            is_repeatable=True,
        )
        return self._transport.call(call, lambda answer: read(answer.json()))
