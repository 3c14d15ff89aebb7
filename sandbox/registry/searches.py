"""Answering the searches of a message from the tables, page by page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from sandbox.registry.attributes import TABLES, Clause, compile_condition, sort_column
from sandbox.registry.clock import today
from sandbox.registry.envelope import (
    VERSION,
    Asked,
    RequestRefused,
    is_moment,
    is_name,
    new_name,
    now_with_zone,
    write_header,
)
from sandbox.registry.queries import INVALID, Compare, Condition, collection_of, read_query
from sandbox.registry.records import write_beneficiary, write_group, write_member
from sandbox.registry.tables import Enrolment, Household, Person

_LOCALE: Final = re.compile(r"[a-z]{3}")
_IDENTIFIERS: Final = ("uin", "household", "household_id", "mobile")
_REGISTRIES: Final = {"Social": ("Member", "Group"), "IBR": ("Beneficiary",)}
_ALIASES: Final = {"SRPerson": "Member", "Person": "Member"}
_LARGEST_PAGE: Final = 100
_MOST_RECORDS: Final = 10_000
_ORDERS: Final = {
    "Member": (Person.rank, Person.idcs),
    "Group": (Household.number,),
    "Beneficiary": (Enrolment.since, Enrolment.household_code, Enrolment.programme),
}


@dataclass(frozen=True, slots=True)
class Search:
    """What one search asks for."""

    reference: str
    registry: str
    record: str
    condition: Condition
    sort: tuple[tuple[str, bool], ...]
    page_size: int
    page_number: int
    locale: str


def read_search(item: Any) -> Search:
    """One search. Raises RequestRefused."""
    item = item if isinstance(item, dict) else {}
    if not is_name(item.get("reference_id")):
        raise RequestRefused("rjct.reference_id.invalid")
    if not is_moment(item.get("timestamp")):
        raise RequestRefused("rjct.timestamp.invalid")
    criteria, locale = item.get("search_criteria"), item.get("locale", "fra")
    if not isinstance(criteria, dict):
        raise RequestRefused(INVALID)
    if not isinstance(locale, str) or not _LOCALE.fullmatch(locale):
        raise RequestRefused(INVALID)
    kind, query = criteria.get("query_type"), criteria.get("query")
    condition = read_query(kind, query)
    is_named = isinstance(condition, Compare) and condition.attribute.lower() in _IDENTIFIERS
    if kind == "idtype-value" and not is_named:
        raise RequestRefused(INVALID)
    registry, record = _what(criteria, collection_of(query))
    # Some write the pagination beside the criteria, where the standard has it within them.
    pagination = criteria.get("pagination", item.get("pagination", {"page_size": 10}))
    size, number = _page(pagination)
    sort = _sort(criteria.get("sort", []))
    return Search(item["reference_id"], registry, record, condition, sort, size, number, locale)


def answer_searches(session: Session, asked: Asked) -> list[dict[str, Any]]:
    """The answer to each search of a message, refused ones among them."""
    answers: list[dict[str, Any]] = []
    seen: set[str] = set()
    for item in asked.requests:
        try:
            search = read_search(item)
            if search.reference in seen:
                raise RequestRefused("rjct.reference_id.duplicate")
            seen.add(search.reference)
            answers.append(_found(session, search))
        except RequestRefused as refused:
            answers.append(_refused(item, refused.code))
    return answers


def check_searches(asked: Asked, day: date) -> None:
    """Whether every search of a message can be answered. Raises RequestRefused."""
    references = set()
    for item in asked.requests:
        search = read_search(item)
        _statement(search, day)
        if search.reference in references:
            raise RequestRefused("rjct.reference_id.duplicate")
        references.add(search.reference)


def pending_answers(asked: Asked) -> list[dict[str, Any]]:
    """The answer to each search of a message that is not looked into yet."""
    return [_status(item, "pdng") for item in asked.requests]


def write_answer(
    asked: Asked, answers: list[dict[str, Any]], correlation: str = "", refused: str = ""
) -> dict[str, Any]:
    """The answer to a message: its searches' answers, or the reason why all of it is refused."""
    states = {answer["status"] for answer in answers}
    status = next((state for state in ("pdng", "succ") if state in states), "rjct")
    header = write_header(asked, "on-search", len(answers), refused, status)
    return {"header": header, "message": write_found(asked, answers, correlation)}


def write_found(
    asked: Asked, answers: list[dict[str, Any]], correlation: str = ""
) -> dict[str, Any]:
    """What an answer says of a message's searches."""
    return {
        "transaction_id": asked.transaction,
        "correlation_id": correlation or new_name(),
        "search_response": answers,
    }


def _found(session: Session, search: Search) -> dict[str, Any]:
    where, wanted = _statement(search, today(session))
    first = (search.page_number - 1) * search.page_size
    rows = list(session.scalars(wanted))
    total = first + len(rows)
    if len(rows) == search.page_size or (first and not rows):
        table = TABLES[search.record]
        total = _count(session, sa.select(sa.literal(1)).select_from(table).where(where))
    records = [_WRITERS[search.record](row, search.locale) for row in rows]
    return _status({"reference_id": search.reference}, "succ") | {
        "data": {
            "version": VERSION,
            "reg_type": f"ns:org:RegistryType:{search.registry}",
            "reg_record_type": search.record,
            "reg_records": records,
        },
        "pagination": {
            "page_size": search.page_size,
            "page_number": search.page_number,
            "total_count": total,
        },
        "locale": search.locale,
    }


def _statement(search: Search, day: date) -> tuple[Clause, sa.Select[Any]]:
    """What a search selects, and its page of it."""
    where = compile_condition(search.record, search.condition, day)
    order = []
    for name, ascends in search.sort:
        column = sort_column(search.record, name)
        order.append(column.asc() if ascends else column.desc())
    wanted = sa.select(TABLES[search.record]).where(where)
    wanted = wanted.order_by(*order, *_ORDERS[search.record]).limit(search.page_size)
    wanted = wanted.offset((search.page_number - 1) * search.page_size)
    return where, wanted.options(*_WITH[search.record])


def _count(session: Session, matching: sa.Select[Any]) -> int:
    some = matching.limit(_MOST_RECORDS + 1).subquery()
    found = session.scalar(sa.select(sa.func.count()).select_from(some)) or 0
    if found > _MOST_RECORDS:
        raise RequestRefused("rjct.search.too_many_records_found")
    return found


def _refused(item: Any, code: str) -> dict[str, Any]:
    return _status(item, "rjct") | {"status_reason_code": code}


def _status(item: Any, status: str) -> dict[str, Any]:
    reference = item.get("reference_id") if isinstance(item, dict) else None
    return {
        "reference_id": reference if is_name(reference) else "unknown",
        "timestamp": now_with_zone(),
        "status": status,
    }


def _what(criteria: dict[str, Any], collection: str) -> tuple[str, str]:
    """The registry and the kind of records; what is left open is a member of the social one."""
    registry = str(criteria.get("reg_type") or "Social").rpartition(":")[2]
    known = _REGISTRIES.get(registry)
    if known is None:
        raise RequestRefused(INVALID)
    asked = (
        criteria.get("response_entity") or criteria.get("reg_record_type") or collection or known[0]
    )
    record = str(asked).rpartition(":")[2]
    record = _ALIASES.get(record, record)
    if record not in known:
        raise RequestRefused(INVALID)
    return registry, record


def _page(pagination: Any) -> tuple[int, int]:
    if not isinstance(pagination, dict):
        raise RequestRefused("rjct.pagination.invalid")
    size, number = pagination.get("page_size"), pagination.get("page_number", 1)
    if type(size) is not int or type(number) is not int:
        raise RequestRefused("rjct.pagination.invalid")
    if not 1 <= size <= _LARGEST_PAGE or not 1 <= number <= _MOST_RECORDS:
        raise RequestRefused("rjct.pagination.invalid")
    return size, number


def _sort(asked: Any) -> tuple[tuple[str, bool], ...]:
    if not isinstance(asked, list) or len(asked) > len(_ORDERS["Beneficiary"]):
        raise RequestRefused("rjct.sort.invalid")
    found = []
    for one in asked:
        match one:
            case {"attribute_name": str(name)} if one.get("sort_order", "asc") in ("asc", "desc"):
                found.append((name, one.get("sort_order", "asc") == "asc"))
            case _:
                raise RequestRefused("rjct.sort.invalid")
    return tuple(found)


_WITH: Final[dict[str, tuple[Any, ...]]] = {
    "Member": (joinedload(Person.household),),
    "Group": (selectinload(Household.members),),
    "Beneficiary": (),
}
_WRITERS: Final[dict[str, Any]] = {
    "Member": write_member,
    "Group": write_group,
    "Beneficiary": lambda enrolment, _: write_beneficiary(enrolment),
}
