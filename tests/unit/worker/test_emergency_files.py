"""The file of an emergency: every fault named, a dry run without a trace, whom it may reach."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from actions.registry.port import Person, RnpStatus
from actions.registry.pretend import PretendOffice, PretendRecord, PretendRegistry
from actions.registry.shapes import Office
from core.errors import RegistryUnavailable
from core.messages import ChannelKind
from core.tasks import close_task
from records.people import Numbers
from records.tables import FollowerRow
from tests.builders import IDCS
from tests.unit.worker.citizens import follows, hears
from tests.unit.worker.operators import DAY, LANGUAGES, Operator, settles
from tests.unit.worker.workshop import Workshop


@pytest.fixture(autouse=True)
def by_day() -> Any:
    """It is morning in Morocco, on the second day of the emergency."""
    with time_machine.travel(DAY, tick=False) as traveller:
        yield traveller


def test_a_good_file_is_told_as_it_is_understood(operator: Operator) -> None:
    code, said = operator.run("check", operator.file)

    assert 0 == code
    assert "no fault found" in said
    assert "MA-09 Souss-Massa" in said and "ouarzazate" in said
    assert "from 2027-01-10 08:00 in Morocco to 2027-01-25 00:00 in Morocco" in said
    assert "takes" not in said


def test_every_fault_of_a_file_is_named_at_once(operator: Operator) -> None:
    operator.write(
        ('regions = ["MA-09"]', 'regions = ["Soos"]'),
        ("rate_per_minute = 60", "rate_per_minute = 0"),
        ("budget_dirhams = 5000", 'budget_dirhams = "much"'),
        ("répondez 1.", "répondez."),
        ('zgh = "ⵎⵏⵛⵜ ⴳ ⵜⵡⵊⴰ?"\n', ""),
        ("least = 1", "leest = 1"),
    )
    code, said = operator.run("check", operator.file)

    assert 1 == code
    for part in (
        "Soos is no region",
        "rate_per_minute",
        "budget_dirhams",
        "does not say to answer 1: fr",
        "not in zgh",
        "leest",
    ):
        assert part in said


def question(nth: int) -> str:
    texts = "\n".join(f'{code} = "?"' for code in LANGUAGES)
    return f'\n[[questions]]\nkey = "q{nth}"\ntype = "yes_no"\n[questions.text]\n{texts}\n'


@pytest.mark.parametrize("more", [4, 8])
def test_more_than_five_questions_are_refused(operator: Operator, more: int) -> None:
    text = operator.file.read_text(encoding="utf-8")
    operator.file.write_text(text + "".join(map(question, range(more))), encoding="utf-8")
    code, said = operator.run("check", operator.file)

    assert 1 == code
    assert f"asks {2 + more} questions: an emergency asks 1 to 5" in said


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ([("ends = 2027-01-24", "ends = 2027-01-09")], "ends before it starts"),
        ([("ends = 2027-01-24", "ends = 2027-01-10T08:30:00")], "is past"),
        ([("order = 0", 'order = 0\nentity = "asd"')], "already means"),
        ([("order = 0", 'order = 0\nstatus = "elsewhere"')], "is open"),
        ([("Plus de messages", "{dial} Plus de messages")], "no channel has one"),
        ([("Drâa-Tafilalet/Ouarzazate", "Ouarzazate")], "no commune"),
    ],
)
def test_what_cannot_be_is_refused(
    operator: Operator, changes: list[tuple[str, str]], fault: str
) -> None:
    operator.write(*changes)
    code, said = operator.run("check", operator.file)

    assert 1 == code
    assert fault in said


def test_a_file_elsewhere_is_refused_for_nobody_could_apply(
    operator: Operator, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    code, said = operator.run("check", operator.file.rename(elsewhere / operator.file.name))

    assert 1 == code
    assert f"put it into {tmp_path}" in said


def test_a_text_of_two_messages_is_remarked_and_costs_two(
    operator: Operator, workshop: Workshop
) -> None:
    settles(workshop, 1, "ar")
    operator.write(("للتوقف", "للتوقف" + " كلمة" * 10))
    code, said = operator.run("plan", operator.file)

    assert 0 == code
    assert "the invitation in ar takes 2 SMS" in said
    assert "Cost: 0.70 dirhams" in said


def test_a_dry_run_counts_and_prices_and_leaves_no_trace(
    operator: Operator, workshop: Workshop
) -> None:
    for nth, language in enumerate(LANGUAGES):
        settles(workshop, nth, language)
    settles(workshop, 10, "ary", "MA-08", "ouarzazate")
    settles(workshop, 11, "ary", "MA-08", "zagora")
    on_whatsapp = settles(workshop, 12)
    hears(workshop, ChannelKind.WHATSAPP, on_whatsapp)
    refused = workshop.pseudonyms.number(settles(workshop, 13))
    Numbers(workshop.database).opt_out(refused)
    follows(workshop, number="+212611119999", idcs="nowhere")
    code, said = operator.run("plan", operator.file)

    assert 0 == code
    for line in (
        "Would be invited now: 6",
        "in  MA-09 Souss-Massa, tiznit: 5",
        "in  MA-08 Drâa-Tafilalet, ouarzazate: 1",
        "language  ary: 2",
        "language  zgh: 1",
        "channel  sms: 5",
        "channel  whatsapp: 1",
        "Cost: 2.00 dirhams",
        "Cannot be invited: 1",
        "because  refused messages: 1",
        "where they live is not known: 1",
    ):
        assert line in said
    assert "zagora" not in said
    assert [] == workshop.rows()
    assert () == tuple(workshop.house.house().emergencies.all())


def test_a_dry_run_tells_whom_the_budget_leaves_out(operator: Operator, workshop: Workshop) -> None:
    for nth in range(4):
        settles(workshop, nth)
    operator.write(("budget_dirhams = 5000", "budget_dirhams = 1"))

    assert "pays for 2 of 4" in operator.run("plan", operator.file)[1]


@pytest.mark.parametrize(
    "arguments",
    [
        ("status", "nothing"),
        ("approve", "nothing", "--by", "Badr"),
        ("check", "no/such/file.toml"),
    ],
)
def test_what_is_not_there_is_said_so(operator: Operator, arguments: tuple[str, ...]) -> None:
    code, said = operator.run(*arguments)

    assert 1 == code
    assert "nothing" in said or "No such file" in said


@pytest.mark.parametrize(
    ("region", "noted"),
    [("Souss-Massa", ("MA-09", "ouled-teima")), ("Atlantis", ("", ""))],
)
def test_where_a_person_lives_is_noted_as_the_registry_knows_it(
    workshop: Workshop, region: str, noted: tuple[str, str]
) -> None:
    follows(workshop)
    office = Office("CSC-1", "Centre", "1, rue", "Ouled Teïma", region)
    citizen = Person(IDCS, RnpStatus.REGISTERED, DAY.date())
    workshop.registry = PretendRegistry(
        [PretendRecord(citizen, home_office="CSC-1")],
        lambda: datetime.now(UTC),
        offices=[PretendOffice(office)],
    )
    workshop.homes.note_home(close_task(workshop.seal, {"idcs": IDCS}))
    with workshop.database.reading() as session:
        [row] = session.scalars(sa.select(FollowerRow)).all()

    assert noted == (row.region, row.commune)
    assert DAY == row.home_noted


def test_a_registry_that_is_down_is_asked_again_for_where_a_person_lives(
    workshop: Workshop,
) -> None:
    follows(workshop)
    workshop.registry.failure = RegistryUnavailable("down")

    with pytest.raises(RegistryUnavailable):
        workshop.homes.note_home(close_task(workshop.seal, {"idcs": IDCS}))
