"""Messages in the standards' envelope: signed, encrypted and checked as the settings say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from actions.registry.calls import Answer, Call
from actions.registry.encryption import choose_encryption
from actions.registry.envelope import Parties, write_header
from actions.registry.settings import RegistrySettings
from actions.registry.signatures import SignatureWrong, choose_signer, choose_verifier
from actions.registry.transport import Transport
from core.errors import RegistryAnswerUnreadable

T = TypeVar("T")


class Correspondence:
    """Asks the registry in envelopes. Raises SettingsFaulty where a key is missing or no key."""

    def __init__(self, settings: RegistrySettings, transport: Transport) -> None:
        self._transport = transport
        self._parties = Parties(settings.registry_sender_id, settings.registry_receiver_id)
        self._signer = choose_signer(settings)
        self._verifier = choose_verifier(settings, settings.registry_answers)
        self._encryption = choose_encryption(settings)

    def ask(
        self,
        operation: str,
        path: str,
        action: str,
        message: Mapping[str, Any],
        read: Callable[[Any], T],
        is_repeatable: bool = True,
        is_acknowledged: bool = False,
        callback: str = "",
    ) -> T:
        """What `read` makes of the answer to a message; each attempt has a header of its own.

        What is only acknowledged has an answer without a header, and so without a signature; what
        follows later is asked to be sent to the address `callback`.
        """
        count = next((len(part) for part in message.values() if isinstance(part, list)), 1)

        def write() -> dict[str, Any]:
            parties = replace(self._parties, sender_uri=callback)
            header = write_header(action, parties, count)
            return self._signer.sign(self._encryption.close({"header": header, "message": message}))

        call = Call(operation, path, write, is_repeatable=is_repeatable)
        return self._transport.call(
            call, lambda answer: read(self._opened(answer, is_acknowledged))
        )

    def _opened(self, answer: Answer, is_acknowledged: bool) -> Any:
        if self._verifier is not None and not is_acknowledged:
            try:
                self._verifier.check(answer.body)
            except SignatureWrong as wrong:
                raise RegistryAnswerUnreadable(wrong.code) from None
            except (ValueError, RecursionError):
                raise RegistryAnswerUnreadable("the answer is not JSON") from None
        return self._encryption.open(answer.json())
