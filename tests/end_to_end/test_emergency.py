"""An emergency from a file and two names to an application, in real processes."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from core.messages import ChannelKind
from core.references import read_reference
from tests.dialogue.talk import Talk
from tests.end_to_end.running_house import ROOT, RunningHouse, wait_for
from tests.servers.stores import asked_for

pytestmark = pytest.mark.e2e

KEY: Final = "flood_trial"
SAMPLE: Final = ROOT / "sandbox/emergencies/flood_trial.toml"
# Both live in Souss-Massa, and the third does not.
WRITES: Final = "Index exactly at the AMO-Tadamon limit"
CALLS: Final = "Money waits to be collected"
ELSEWHERE: Final = "Index above both limits"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHouse]:
    """A house where whoever talked just now may be invited all the same."""
    folder = tmp_path_factory.mktemp("house") / "data"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TWIZA_TALK_MINUTES", "0")
        with (
            asked_for(folder.parent / "redis-server") as servers,
            RunningHouse.started(folder, servers) as running,
        ):
            yield running


def emergency(house: RunningHouse, *arguments: str) -> tuple[int, str]:
    """`bin/emergency`; its exit code, and all it said."""
    unset = ("TWIZA_RECORDS_URL", "TWIZA_RECORDS_URL_FILE")
    env = {name: value for name, value in os.environ.items() if name not in unset}
    done = subprocess.run(
        [str(ROOT / "bin/emergency"), *arguments],
        env=env | {"HOUSE_DATA": str(house.data)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def write_file(house: RunningHouse, budget: str = "5000") -> Path:
    """The sample as a file of this house, open since yesterday."""
    now = datetime.now(UTC)
    text = SAMPLE.read_text(encoding="utf-8")
    text = text.replace("2027-01-10T08:00:00", f"{now - timedelta(days=1):%Y-%m-%dT08:00:00}")
    text = text.replace("2027-01-24", f"{now + timedelta(days=3):%Y-%m-%d}")
    path = house.data / "programmes" / f"{KEY}.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text.replace("= 5000", f"= {budget}"), encoding="utf-8")
    return path


def follow(house: RunningHouse, citizen: dict[str, Any], kind: ChannelKind, language: str) -> Talk:
    """A citizen agrees to be told."""
    talk = Talk(house, kind, citizen["phone"], language).open()
    talk.choose("utter_menu", "/more")
    talk.choose("utter_more", "/notifications")
    talk.choose("utter_messages_sent", "/follow_changes")
    talk.verify(citizen)
    talk.choose("utter_ask_follow", '/follow_changes{"detail":"short"}')
    assert talk.heard("utter_following_short"), talk.hears
    return talk


def heard_of_it(house: RunningHouse, citizen: dict[str, Any], word: str) -> list[str]:
    """The invitations a citizen has received."""
    return [one["text"] for one in house.inbox(citizen["phone"]) if word in one["text"]]


def number_of(said: str, name: str) -> int:
    """A count of the status."""
    line = next(line for line in said.splitlines() if line.startswith(f"  {name} "))
    return int(line.rsplit(" ", 1)[1])


def button(name: str) -> str:
    """What a button of the form means before its value is sealed."""
    return '/inform{"answer":"{' + name + '}"}'


def test_an_emergency_from_its_file_to_an_application(house: RunningHouse) -> None:
    writes, calls, elsewhere = map(house.citizen, (WRITES, CALLS, ELSEWHERE))
    talk = follow(house, writes, ChannelKind.WHATSAPP, "fr")
    follow(house, calls, ChannelKind.USSD, "ary")
    looks = follow(house, elsewhere, ChannelKind.WHATSAPP, "fr")
    path = str(write_file(house))

    def planned() -> str:
        code, said = emergency(house, "plan", path)
        assert code == 0, said
        return said if "Would be invited now: 2" in said else ""

    said = wait_for("both homes to be noted", planned, 60.0)
    assert "MA-09 Souss-Massa" in said
    assert "language  ary: 1" in said and "language  fr: 1" in said
    assert "channel  sms: 1" in said and "channel  whatsapp: 1" in said

    # Before it is approved nobody hears of it, not even who asks.
    assert emergency(house, "propose", path, "--by", "Amal")[0] == 0
    assert emergency(house, "approve", KEY, "--by", "amal")[0] == 1
    talk.say("00")
    talk.choose("utter_menu", "/apply")
    assert "Aide inondation" not in talk.hears
    assert emergency(house, "approve", KEY, "--by", "Badr")[0] == 0

    [in_french] = wait_for("the invitation", lambda: heard_of_it(house, writes, "Inondation"))
    [in_darija] = wait_for("the other one", lambda: heard_of_it(house, calls, "فيضان"))
    assert "répondez 1" in in_french and "*555#" in in_french
    assert "جاوبو 1" in in_darija

    def is_open() -> bool:
        looks.say("00")
        looks.choose("utter_menu", "/apply")
        return "Aide inondation" in looks.hears

    wait_for("the approval to be known to the dialogue", is_open)

    # 1 opens the application; what is asked fits in five questions.
    talk.say("1")
    if talk.heard("utter_ask_idcs"):
        talk.verify(writes)
    assert "Combien de personnes vivent chez vous" in talk.hears, talk.hears
    talk.say("4")
    assert "De quoi avez-vous le plus besoin" in talk.hears
    talk.pick("Un abri")
    talk.choose("utter_application_send", button("send"))
    talk.choose("utter_application_assisted", button("no"))
    talk.choose("utter_application_consent", button("yes"))
    assert read_reference(talk.hears) is not None, talk.hears

    code, said = emergency(house, "status", KEY)
    assert code == 0
    assert [2, 2, 1, 1] == [
        number_of(said, name) for name in ("invited", "reached", "answered", "applied")
    ]


def test_on_ussd_it_stands_first_among_what_can_be_asked_for(house: RunningHouse) -> None:
    calls = house.citizen(CALLS)
    talk = Talk(house, ChannelKind.USSD, calls["phone"], "ary").open()
    talk.choose("utter_menu", "/apply")
    talk.say("1")
    talk.verify(calls)

    assert "شحال من واحد ساكن معاكم" in talk.hears, talk.hears
    assert 2 == number_of(emergency(house, "status", KEY)[1], "answered")


def test_nobody_is_invited_twice_and_after_the_end_nobody_applies(house: RunningHouse) -> None:
    writes = house.citizen(WRITES)
    path = str(write_file(house, budget="6000"))
    assert emergency(house, "propose", path, "--by", "Amal")[0] == 0
    assert emergency(house, "approve", KEY, "--by", "Badr")[0] == 0
    paused = emergency(house, "pause", KEY, "--by", "Amal")
    resumed = emergency(house, "resume", KEY, "--by", "Amal")
    # Somebody new proves that the worker has been round since.
    late = house.citizen("Applied for ASD three days ago")
    follow(house, late, ChannelKind.SMS, "fr")
    text = Path(path).read_text(encoding="utf-8").replace('["MA-09"]', '["MA-09", "MA-06"]')
    Path(path).write_text(text, encoding="utf-8")
    assert emergency(house, "propose", path, "--by", "Amal")[0] == 0
    assert emergency(house, "approve", KEY, "--by", "Badr")[0] == 0
    wait_for("the new invitation", lambda: heard_of_it(house, late, "Inondation"), 60.0)
    stopped = emergency(house, "stop", KEY, "--by", "Amal")

    assert [0, 0, 0] == [paused[0], resumed[0], stopped[0]]
    assert 1 == len(heard_of_it(house, writes, "Inondation"))
    talk = Talk(house, ChannelKind.SMS, late["phone"])

    def is_closed() -> bool:
        talk.say("00")
        talk.choose("utter_menu", "/apply")
        return "Aide inondation" not in talk.hears

    wait_for("the end to be known", is_closed)
