"""Searching the social registry and the beneficiary registry: page by page, until it is final."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from actions.registry.calls import Answer
from actions.registry.correspondence import Correspondence
from actions.registry.envelope import BENEFICIARY
from actions.registry.mailbox import Mailbox
from actions.registry.search_messages import Page, Search, read_search, write_search
from actions.registry.settings import RegistrySettings
from actions.registry.subscriptions import read_acknowledgement
from actions.registry.transactions import STATUS, read_status, write_status
from core.errors import RegistryAnswerUnreadable, RegistryTimeout, SettingsFaulty

P = TypeVar("P")


class Searches:
    """Finds the records of one person."""

    def __init__(
        self,
        settings: RegistrySettings,
        correspondence: Correspondence,
        mailbox: Mailbox | None = None,
    ) -> None:
        if settings.registry_search == "async" and mailbox is None:
            raise SettingsFaulty(["TWIZA_REGISTRY_SEARCH: async needs a Redis"])
        self._settings = settings
        self._correspondence = correspondence
        self._mailbox = mailbox if settings.registry_search == "async" else None

    def find(self, search: Search) -> list[dict[str, Any]]:
        """All records, none where there are none; more than `registry_pages` are refused.

        Of a person and of a household there is one: what is more on further pages is not read.
        """
        [first] = self._pages([search], 1)
        records = list(first.records)
        if search.registry != BENEFICIARY:
            return records
        pages = -(-first.total // search.page_size)
        if pages > self._settings.registry_pages:
            raise RegistryAnswerUnreadable("more pages than are read")
        for number in range(2, pages + 1):
            [page] = self._pages([search], number)
            records += page.records
        return records

    def find_each(self, *searches: Search) -> list[list[dict[str, Any]]]:
        """The records of each search of the social registry, asked in one message where it may be.

        Of each there is one page.
        """
        if not self._settings.registry_takes_several:
            return [self.find(search) for search in searches]
        return [page.records for page in self._pages(searches, 1)]

    def _pages(self, searches: Sequence[Search], number: int) -> tuple[Page, ...]:
        """A page of each; all are of one registry."""
        query = self._settings.registry_query
        asked = write_search(*(replace(search, query=query) for search in searches), page=number)
        is_of_beneficiaries = searches[0].registry == BENEFICIARY
        path = self._settings.registry_social_path
        if is_of_beneficiaries:
            path = self._settings.registry_beneficiary_path
        operation = "records.beneficiary" if is_of_beneficiaries else "records.social"

        def ask() -> tuple[Page, ...] | None:
            if self._mailbox is not None:
                return self._ask_later(f"{operation}_later", asked, self._mailbox)
            return self._correspondence.ask(
                operation, path, "search", asked, lambda answer: read_search(asked, answer)
            )

        def ask_status() -> tuple[Page, ...] | None:
            status = write_status(asked["transaction_id"], searches[0].language)
            return self._correspondence.ask(
                "records.status",
                self._settings.registry_status_path,
                STATUS,
                status,
                lambda answer: read_status(status, asked, answer),
            )

        return final(ask, ask_status, self._settings)

    def _ask_later(
        self, operation: str, asked: dict[str, Any], mailbox: Mailbox
    ) -> tuple[Page, ...] | None:
        """Ask, and wait for the answer to come in; None where it does not in time."""
        name = asked["transaction_id"]

        def wait(acknowledgement: Any) -> tuple[Page, ...] | None:
            read_acknowledgement(acknowledgement)
            body = mailbox.wait(name, self._settings.registry_timeout_seconds)
            return read_search(asked, Answer(body).json()) if body is not None else None

        mailbox.expect(name)
        return self._correspondence.ask(
            operation,
            self._settings.registry_search_path,
            "search",
            asked,
            wait,
            is_repeatable=False,
            is_acknowledged=True,
            callback=self._settings.registry_answer_url,
        )


def final(
    ask: Callable[[], P | None], ask_status: Callable[[], P | None], settings: RegistrySettings
) -> P:
    """What `ask` returns, or `ask_status` after it as long as nothing is final.

    Raises RegistryTimeout where it is not by then.
    """
    found = ask()
    for _ in range(settings.registry_status_asks):
        if found is not None:
            break
        time.sleep(settings.registry_retry_seconds)
        found = ask_status()
    if found is None:
        raise RegistryTimeout("the answer is not final")
    return found
