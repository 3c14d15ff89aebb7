"""The registry over HTTP: SPDCI searches for records, MOSIP's shapes for one-time codes."""

from __future__ import annotations

from typing import Any

from actions.registry import one_time_codes, records
from actions.registry.envelope import (
    BENEFICIARY,
    SOCIAL,
    Parties,
    RecordType,
    read_records,
    write_search,
)
from actions.registry.port import CodeSent, CodeVerdict, Enrolment, Household, Person
from actions.registry.settings import RegistrySettings
from actions.registry.transport import Transport


class SpdciRegistry:
    """A `Registry` behind an address; safe to share between threads, connections are kept."""

    def __init__(self, settings: RegistrySettings) -> None:
        self._settings = settings
        self._transport = Transport(settings)
        self._parties = Parties(settings.registry_sender_id, settings.registry_receiver_id)

    def person(self, idcs: str, language: str) -> Person | None:
        """See `port.Registry`."""
        return records.read_person(self._search(idcs, SOCIAL, "Member", language), idcs)

    def household(self, idcs: str, language: str) -> Household | None:
        """See `port.Registry`."""
        return records.read_household(self._search(idcs, SOCIAL, "Group", language))

    def enrolments(self, idcs: str, language: str) -> tuple[Enrolment, ...]:
        """See `port.Registry`."""
        return records.read_enrolments(self._search(idcs, BENEFICIARY, "Beneficiary", language))

    def send_code(self, idcs: str, transaction: str) -> CodeSent:
        """See `port.Registry`."""
        message = one_time_codes.write_otp_request(idcs, transaction)
        return one_time_codes.read_otp_answer(self._ask_codes("otp", message), transaction)

    def confirm_code(self, idcs: str, transaction: str, code: str) -> CodeVerdict:
        """See `port.Registry`."""
        message = one_time_codes.write_auth_request(idcs, transaction, code)
        return one_time_codes.read_auth_answer(self._ask_codes("auth", message), transaction)

    def _search(
        self, idcs: str, registry: str, record: RecordType, language: str
    ) -> list[dict[str, Any]]:
        path = self._settings.registry_social_path
        if registry == BENEFICIARY:
            path = self._settings.registry_beneficiary_path
        request = write_search(idcs, registry, record, language, self._parties)
        return read_records(request, self._transport.post(path, request))

    def _ask_codes(self, operation: str, message: dict[str, Any]) -> Any:
        partner = self._settings.registry_partner_path.get_secret_value().strip("/")
        path = f"{self._settings.registry_code_path}/{operation}/{partner}"
        return self._transport.post(path, message)
