"""Pages of one search are followed to the last, and no further than the settings say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask, request

from core.errors import RegistryAnswerUnreadable
from tests.contract.registry.people import FATIMA
from tests.contract.registry.worlds import a_client, served

PAGE_SIZE = 50
NOW = "2026-11-02T09:30:00+01:00"


@dataclass
class Paged:
    """A beneficiary registry that holds so many enrolments of everybody."""

    total: int = 0
    tells_total: bool = True
    asked: list[int] = field(default_factory=list)

    def app(self) -> Flask:
        """The registry."""
        app = Flask("paged")

        @app.post("/oauth2/client/token")
        def token() -> dict[str, Any]:
            return {"access_token": "token", "token_type": "Bearer", "expires_in": 600}

        @app.post("/registry/sync/search")
        def search() -> dict[str, Any]:
            asked = request.get_json()
            [one] = asked["message"]["search_request"]
            page = one["search_criteria"]["pagination"]
            size, number = page["page_size"], page["page_number"]
            self.asked.append(number)
            records = [_enrolment(n) for n in range(self.total)][(number - 1) * size :][:size]
            answer: dict[str, Any] = {
                "reference_id": one["reference_id"],
                "timestamp": NOW,
                "status": "succ",
                "data": {"reg_record_type": "Beneficiary", "reg_records": records},
            }
            if self.tells_total:
                answer["pagination"] = {**page, "total_count": self.total}
            return {
                "header": {
                    "message_id": "m",
                    "message_ts": NOW,
                    "action": "on-search",
                    "status": "succ",
                },
                "message": {
                    "transaction_id": asked["message"]["transaction_id"],
                    "correlation_id": "c",
                    "search_response": [answer],
                },
            }

        return app


def _enrolment(number: int) -> dict[str, Any]:
    return {
        "assistance_unit": "2",
        "programme_identifier": [
            {"programme_identifier": f"P{number}", "programme_name": f"Programme {number}"}
        ],
        "enrollment_date": NOW,
        "enrollment_status": "1",
        "benefits": [{"benefit_type": "1", "benefit_date": NOW}],
    }


@pytest.fixture
def paged() -> Iterator[tuple[Paged, str]]:
    """Such a registry and its address."""
    registry = Paged()
    with served(registry.app()) as url:
        yield registry, url


@pytest.mark.parametrize(
    ("total", "pages"), [(0, 1), (1, 1), (50, 1), (51, 2), (100, 2), (101, 3), (250, 5)]
)
def test_every_page_is_read_once(paged: tuple[Paged, str], total: int, pages: int) -> None:
    registry, url = paged
    registry.total = total

    found = a_client(url).enrolments(FATIMA, "fr")

    assert {f"p{number}" for number in range(total)} == {one.programme for one in found}
    assert list(range(1, pages + 1)) == registry.asked


def test_more_pages_than_are_read_is_no_answer(paged: tuple[Paged, str]) -> None:
    registry, url = paged
    registry.total = 101

    with pytest.raises(RegistryAnswerUnreadable) as raised:
        a_client(url, registry_pages=2).enrolments(FATIMA, "fr")

    assert "more pages than are read" == str(raised.value)
    assert [1] == registry.asked


def test_without_a_total_there_is_one_page(paged: tuple[Paged, str]) -> None:
    registry, url = paged
    registry.total, registry.tells_total = 60, False

    assert PAGE_SIZE == len(a_client(url).enrolments(FATIMA, "fr"))
    assert [1] == registry.asked


@pytest.mark.parametrize("query", ["idtype-value", "expression", "predicate"])
def test_a_query_of_each_kind_is_as_it_is_described(paged: tuple[Paged, str], query: str) -> None:
    registry, url = paged
    registry.total = 1

    assert 1 == len(a_client(url, registry_query=query).enrolments(FATIMA, "fr"))
