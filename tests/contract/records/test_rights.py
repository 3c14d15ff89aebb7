"""What is held of a person is found in every table, and erased from every one of them."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from records.applications import Applications, HandedIn
from records.audit import Audit
from records.consents import Consents
from records.database import Database
from records.drafts import Drafts
from records.handovers import Handovers
from records.outbox import Outbox
from records.people import Numbers
from records.rights import KEPT, Rights
from records.tables import Table
from tests.contract.records.conftest import HandClock
from tests.contract.records.test_handovers import asked

HERS, HIS = "person-hers", "person-his"
HER_NUMBER, HIS_NUMBER = "number-hers", "number-his"


@pytest.fixture
def audit(database: Database, clock: HandClock) -> Audit:
    return Audit(database, clock)


@pytest.fixture
def rights(database: Database, audit: Audit, clock: HandClock) -> Rights:
    for person, number in ((HERS, HER_NUMBER), (HIS, HIS_NUMBER)):
        Numbers(database, clock).choose_language(number, "zgh", "Latn")
        Consents(database, clock).give(number, "1", "zgh", "ussd")
        Drafts(database, clock).keep(f"draft-{person}", person, "asd_child", b"sealed")
        Handovers(database, clock).ask(asked(f"ussd-{number}", number_key=number))
        Outbox(database, clock).add(number, "sms", b"sealed")
        audit.append("disclosure.registration", person, number, "ussd", {})
    return Rights(database, audit, clock)


def everything(database: Database) -> dict[str, str]:
    """The rows of every table as text."""
    with database.reading() as session:
        return {
            table.name: repr(session.execute(sa.select(table)).all())
            for table in Table.metadata.sorted_tables
        }


def test_what_is_held_is_counted_by_table(rights: Rights, clock: HandClock) -> None:
    held = {one.table: (one.count, one.first) for one in rights.held(HERS, HER_NUMBER)}

    assert dict.fromkeys(("drafts", "handovers", "outbox"), (1, clock.now)) == held


def test_of_whom_nothing_is_held_nothing_is_told(rights: Rights) -> None:
    assert [] == rights.held("nobody", "no number")


def test_an_erasure_leaves_a_person_nowhere_and_another_as_they_were(
    rights: Rights, database: Database
) -> None:
    rights.erase(HERS, HER_NUMBER, "ussd")
    left = everything(database)

    assert set() == {name for name, rows in left.items() if HERS in rows}
    assert {"numbers", "consents"} == {name for name, rows in left.items() if HER_NUMBER in rows}
    assert {"drafts", "handovers", "outbox"} == {one.table for one in rights.held(HIS, HIS_NUMBER)}
    assert HIS in left["audit_subjects"]


def test_an_erasure_finds_what_nobody_was_verified_for_by_its_number(
    rights: Rights, database: Database, clock: HandClock
) -> None:
    drafts, applications = Drafts(database, clock), Applications(database, clock)
    for number in (HER_NUMBER, HIS_NUMBER):
        drafts.keep(f"draft-{number}", f"born on a day, {number}", "rnp", b"sealed", number)
        for person in ("", HIS):
            applications.hand_in(
                HandedIn(
                    idempotency_key=f"{person}-{number}",
                    reference=f"{person}-{number}",
                    person_key=person,
                    number_key=number,
                    kind="application",
                    programme="rnp",
                    sealed=b"sealed",
                )
            )
    held = {one.table: one.count for one in rights.held(HERS, HER_NUMBER)}

    assert (2, 1) == (held["drafts"], held["submissions"])

    rights.erase(HERS, HER_NUMBER, "ussd")

    assert drafts.named(f"draft-{HER_NUMBER}") is None
    assert drafts.named(f"draft-{HIS_NUMBER}") is not None
    assert applications.under(f"-{HER_NUMBER}") is None
    assert applications.under(f"-{HIS_NUMBER}") is not None
    # Another person of the same number keeps what is theirs.
    assert applications.under(f"{HIS}-{HER_NUMBER}") is not None


def test_an_erasure_ends_the_consent_and_empties_the_choices(
    rights: Rights, database: Database, clock: HandClock
) -> None:
    rights.erase(HERS, HER_NUMBER, "ussd")
    number = Numbers(database, clock).find(HER_NUMBER)

    assert number is not None
    assert ("", "") == (number.language, number.script)
    acts = [one.act for one in Consents(database, clock).history(HER_NUMBER)]
    assert ["given", "withdrawn"] == acts


def test_a_refusal_of_messages_outlives_an_erasure(
    rights: Rights, database: Database, clock: HandClock
) -> None:
    Numbers(database, clock).opt_out(HER_NUMBER)
    rights.erase(HERS, HER_NUMBER, "ussd")
    number = Numbers(database, clock).find(HER_NUMBER)

    assert number is not None and number.opted_out


def test_after_an_erasure_the_audit_is_whole_and_leads_to_nobody(
    rights: Rights, audit: Audit
) -> None:
    before = audit.verify().rows
    rights.erase(HERS, HER_NUMBER, "ussd")
    verdict = audit.verify()

    assert (before + 1, None) == (verdict.rows, verdict.broken_at)
    assert [] == audit.of(HERS)
    assert ["disclosure.registration"] == [one.event for one in audit.of(HIS)]


def test_who_comes_back_after_an_erasure_is_somebody_new_to_the_audit(
    rights: Rights, audit: Audit
) -> None:
    rights.erase(HERS, HER_NUMBER, "ussd")
    audit.append("disclosure.index", HERS, HER_NUMBER, "ussd", {})

    assert ["disclosure.index"] == [one.event for one in audit.of(HERS)]


def test_an_erasure_that_fails_half_way_has_erased_nothing(
    rights: Rights, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything(database)

    def fails(*_: object, **__: object) -> None:
        raise LookupError

    monkeypatch.setattr(Audit, "forget", fails)
    with pytest.raises(LookupError):
        rights.erase(HERS, HER_NUMBER, "ussd")

    assert before == everything(database)


def test_what_is_kept_is_no_more_than_it_says() -> None:
    own_way = {"rights_requests", "export_files"}
    assert {"numbers", "consents", "audit", "audit_subjects", "blocks"} | own_way == KEPT
