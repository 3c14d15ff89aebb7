"""SPDCI searches: writing the request, and trusting an answer only if it fits it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel

from actions.registry.envelope import (
    SOCIAL,
    VERSION,
    AnswerHeader,
    AnswerMessage,
    RecordType,
    Status,
    locale_of,
    new_name,
    now_with_zone,
)
from actions.registry.reading import read_as
from actions.registry.reasons import fault_of
from core.errors import RegistryAnswerUnreadable

_PURPOSES: Final = {
    "Member": "identity-check",
    "Group": "status-check",
    "Beneficiary": "enrolment-check",
}
# Two are enough to see that one identifier has more than one record.
_PAGE_SIZES: Final = {"Member": 2, "Group": 2, "Beneficiary": 50}
_IDENTIFIER: Final = "UIN"
_ANSWER: Final = "on-search"
_EXPRESSION: Final = "ns:org:QueryType:expression"


@dataclass(frozen=True, slots=True)
class Search:
    """A search for the records of one person; `query` is the kind of query the registry knows."""

    idcs: str
    record: RecordType
    language: str
    registry: str = SOCIAL
    query: str = "idtype-value"

    @property
    def page_size(self) -> int:
        """How many records a page holds at most."""
        return _PAGE_SIZES[self.record]


@dataclass(frozen=True, slots=True)
class Page:
    """Records of one page, and how many there are on all."""

    records: list[dict[str, Any]]
    total: int


def write_query(kind: str, idcs: str) -> Any:
    """A query for the one person of an identifier, in each of the standard's three kinds."""
    if kind == "expression":
        return {"type": _EXPRESSION, "value": {"expression": {_IDENTIFIER: {"eq": idcs}}}}
    if kind == "predicate":
        compared = {"attribute_name": _IDENTIFIER, "operator": "eq", "attribute_value": idcs}
        return [{"seq_num": 1, "expression1": compared}]
    return {"type": _IDENTIFIER, "value": idcs}


def write_search(*searches: Search, page: int = 1) -> dict[str, Any]:
    """The message of one search or of several, under a transaction of its own."""
    now = now_with_zone()
    requests = [_write_request(search, page, now) for search in searches]
    return {"transaction_id": new_name(), "search_request": requests}


def _write_request(search: Search, page: int, now: str) -> dict[str, Any]:
    criteria: dict[str, Any] = {
        "version": VERSION,
        "reg_type": search.registry,
        "reg_record_type": search.record,
        "query_type": search.query,
        "query": write_query(search.query, search.idcs),
        "pagination": {"page_size": search.page_size, "page_number": page},
        "consent": {
            "@type": "Consent",
            "ts": now,
            "purpose": {"text": "asked by the person concerned", "code": _PURPOSES[search.record]},
        },
    }
    if search.record != "Beneficiary":
        criteria["response_entity"] = search.record
    return {
        "reference_id": new_name(),
        "timestamp": now,
        "search_criteria": criteria,
        "locale": locale_of(search.language),
    }


class _Data(BaseModel):
    reg_record_type: str | None = None
    reg_records: list[dict[str, Any]]


class _Pagination(BaseModel):
    total_count: int


class _Result(BaseModel):
    reference_id: str
    status: Status
    status_reason_code: str | None = None
    data: _Data | None = None
    pagination: _Pagination | None = None


class Found(AnswerMessage):
    """The message of an answer, or what a later one tells of it."""

    search_response: list[_Result]


class _Answer(BaseModel):
    header: AnswerHeader
    message: Found


class _Late(BaseModel):
    header: AnswerHeader
    message: AnswerMessage


def read_transaction(answer: Any) -> str:
    """The transaction that a late answer belongs to. Raises RegistryAnswerUnreadable."""
    read = read_as(_Late, answer)
    if read.header.action != _ANSWER:
        raise RegistryAnswerUnreadable("faulty: header")
    return read.message.transaction_id


def read_search(asked: dict[str, Any], answer: Any) -> tuple[Page, ...] | None:
    """The page of each search that was asked for, None where the answer is not final yet.

    Raises what a refusal is to us, or RegistryAnswerUnreadable.
    """
    read = read_as(_Answer, answer)
    if read.header.status == "rjct" and read.message.search_response:
        # The request's own reason says more than the message's.
        reason = read.message.search_response[0].status_reason_code
        read.header.status_reason_code = reason or read.header.status_reason_code
    read.message.check(asked["transaction_id"])
    read.header.check(_ANSWER)
    if read.header.status != "succ":
        return None
    return read_found(asked, read.message)


def read_found(asked: dict[str, Any], found: Found) -> tuple[Page, ...] | None:
    """The pages in an answer's message, once it is proven to answer these very requests."""
    found.check(asked["transaction_id"])
    requests = asked["search_request"]
    if len(found.search_response) != len(requests):
        raise RegistryAnswerUnreadable("not one answer for each request")
    results = {result.reference_id: result for result in found.search_response}
    if results.keys() != {request["reference_id"] for request in requests}:
        raise RegistryAnswerUnreadable("the answer belongs to another request")
    pages = [_read_page(request, results[request["reference_id"]]) for request in requests]
    final = tuple(page for page in pages if page is not None)
    return final if len(final) == len(pages) else None


def _read_page(request: dict[str, Any], result: _Result) -> Page | None:
    if result.status == "rjct":
        raise fault_of(result.status_reason_code)
    if result.status != "succ" or result.data is None:
        return None
    wanted = request["search_criteria"]["reg_record_type"]
    if result.data.reg_record_type not in (None, wanted):
        raise RegistryAnswerUnreadable("records of another type")
    records = result.data.reg_records
    return Page(records, result.pagination.total_count if result.pagination else len(records))
