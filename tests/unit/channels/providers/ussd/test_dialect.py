"""A dialect file is whole and means something, or the process says what is wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from channels.providers.ussd.dialect import FOLDER, load_dialect
from core.errors import SettingsFaulty
from tests.unit.channels.providers.ussd.dialects import a_dialect, a_file

NAMES = sorted(path.stem for path in FOLDER.glob("*.toml"))
WHOLE = (FOLDER / "hubtel.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_every_dialect_of_ours_is_whole(name: str) -> None:
    dialect = load_dialect(name)

    assert name == dialect.name
    assert dialect.limits.deadline_seconds < 5


def test_no_two_gateways_have_one_title() -> None:
    titles = [load_dialect(name).title for name in NAMES]

    assert len(titles) == len(set(titles))
    assert len(titles) >= 15


def test_a_further_folder_is_asked_first(tmp_path: Path) -> None:
    (tmp_path / "hubtel.toml").write_text(WHOLE.replace('"Hubtel"', '"Another Hubtel"'))

    assert "Another Hubtel" == load_dialect("hubtel", tmp_path).title
    assert "Beem" == load_dialect("beem", tmp_path).title


@pytest.mark.parametrize("name", ["morse", "../hubtel", "", "hub tel"])
def test_a_dialect_that_there_is_not_stops_the_process(name: str) -> None:
    with pytest.raises(SettingsFaulty, match="there is no USSD dialect"):
        load_dialect(name)


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ('title = "Hubtel"', "", "title: Field required"),
        ('method = "POST"', 'method = "PUT"', "method: "),
        ('text = "json.Message"', 'text = "Message"', "fields.text.0: .*no place"),
        ("cumulative = false", 'cumulative = "no"', "input.cumulative: "),
        ("seconds = 120", "seconds = 0", "session.seconds: "),
        ('Type = "response"\n', 'Type = "{type}"\n', "no place"),
        ("gsm7 = 160", "gsm7 = 1600", "limits.gsm7: "),
        ("gsm7 = 160", "gsm7 = 160\nsms = 1", "limits.sms: Extra inputs"),
        (', is = ["Initiation"]', "", "one of: is, empty"),
        ('is = ["Initiation"]', 'is = ["Initiation"], empty = true', "one of: is, empty"),
        ('is = ["Initiation"]', "empty = false", "empty is true or not written"),
        ("[fields]", "[fields", "dialect gateway: "),
        ('hop = "json.Sequence"', "", "needs fields.hop or duplicate_window"),
    ],
)
def test_a_fault_in_a_file_is_told_by_its_place(
    tmp_path: Path, before: str, after: str, fault: str
) -> None:
    assert before in WHOLE
    (tmp_path / "gateway.toml").write_text(WHOLE.replace(before, after, 1), encoding="utf-8")

    with pytest.raises(SettingsFaulty, match=fault):
        load_dialect("gateway", tmp_path)


def test_all_faults_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    broken = WHOLE.replace('title = "Hubtel"', "").replace("gsm7 = 160", "gsm7 = 1")
    (tmp_path / "gateway.toml").write_text(broken, encoding="utf-8")

    with pytest.raises(SettingsFaulty) as faulty:
        load_dialect("gateway", tmp_path)

    assert ["title", "limits.gsm7"] == [one.split(": ")[1] for one in faulty.value.faults]


def test_a_file_that_is_no_text_is_a_fault_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "gateway.toml").write_bytes(b"\xff")

    with pytest.raises(SettingsFaulty, match="dialect gateway"):
        load_dialect("gateway", tmp_path)


def test_cumulative_input_needs_a_session_to_be_counted_in() -> None:
    fields = {"number": "json.number", "text": "json.text"}
    file: dict[str, Any] = a_file(fields=fields, input={"cumulative": True, "first": "behind"})

    with pytest.raises(ValueError, match="needs fields.session"):
        a_dialect(**file)


def test_the_guide_lists_every_dialect_of_ours() -> None:
    guide = (FOLDER.parents[3] / "docs" / "adding-a-dialect.md").read_text(encoding="utf-8")

    titles = {f"| `{name}` | {load_dialect(name).title} |" for name in NAMES}
    assert set() == {row for row in titles if row not in guide}
