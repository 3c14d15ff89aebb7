"""A house that knows one more programme, whose file is all that was added for it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator

import pytest

from core.messages import ChannelKind
from tests.dialogue.applications.applicant import CITIZEN, PROGRAMMES, Applicant, let_days_pass
from tests.dialogue.talk import Talk
from tests.end_to_end.running_house import RunningHouse
from tests.servers.stores import asked_for

Begin = Callable[..., Talk]


@pytest.fixture(scope="package")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHouse]:
    """A house that knows the programme of the tests."""
    folder = tmp_path_factory.mktemp("house") / "data"
    # Where the house has TWIZA_PROGRAMMES_FOLDER look.
    shutil.copytree(PROGRAMMES, folder / "programmes")
    with (
        asked_for(folder.parent / "redis-server") as servers,
        RunningHouse.started(folder, servers) as running,
    ):
        yield running


@pytest.fixture
def applicant(house: RunningHouse, talk: Begin) -> Callable[..., Applicant]:
    """Somebody who calls or writes from the number on file, days after anything they sent."""

    def begin(kind: ChannelKind, language: str = "fr", summary: str = CITIZEN) -> Applicant:
        citizen = house.citizen(summary)
        let_days_pass(house, citizen)
        return Applicant(talk(kind, citizen["phone"], language), citizen)

    return begin
