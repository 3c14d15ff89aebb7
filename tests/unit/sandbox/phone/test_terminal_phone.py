"""The phone in the terminal: boxes keep their width, and a call can be led by typed lines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from sandbox.phone import talk
from sandbox.phone.terminal import WIDTH, box, width_of, wrap
from tests.unit.sandbox.phone.door_stub import StubDoor, serve

PERSON = {
    "idcs": "2345678904",
    "birth_date": "1984-03-05",
    "phone": "+212661234567",
    "language": "fr",
    "summary": "index 9.32",
}


@pytest.fixture
def run_file(door: StubDoor, app: Flask, tmp_path: Path) -> Iterator[Path]:
    """The run.json of a stack whose door is the stub."""
    path = tmp_path / "run.json"
    with serve(app) as url:
        told = {"phone": url, "channels": door.channels(), "citizens": [PERSON]}
        path.write_text(json.dumps(told))
        yield path


def _type(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    typed = iter(lines)

    def read(_: str) -> str:
        for line in typed:
            return line
        raise EOFError

    monkeypatch.setattr("builtins.input", read)


def test_a_call_is_led_line_by_line_and_redialled_when_it_has_ended(
    run_file: Path,
    door: StubDoor,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    _type(monkeypatch, "1", "cancel", "", "9")

    assert 0 == talk.main(["--run", str(run_file)])
    assert ["", "1", "", "9"] == [hop["text"] for hop in door.hops]
    assert {PERSON["phone"]} == {hop["phoneNumber"] for hop in door.hops}
    shown = capsys.readouterr().out
    assert "05/03/1984" in shown
    assert "شكرا" in shown


def test_a_chat_says_each_line(
    run_file: Path,
    door: StubDoor,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    _type(monkeypatch, "salam", "silence")
    given = ["--run", str(run_file), "--number", "0612345678", "--channel", "sms"]

    assert 0 == talk.main(given)
    assert ["salam", "silence"] == [said["Body"] for said in door.said]
    assert "سمعت: salam" in capsys.readouterr().out


@pytest.mark.parametrize(
    "wrong", [["--number", "12"], ["--channel", "fax"], ["--run", "/nowhere.json"]]
)
def test_a_wrong_option_ends_with_2_and_a_reason(
    run_file: Path, wrong: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        talk.main(["--run", str(run_file), *wrong])

    assert 2 == left.value.code
    assert wrong[0].strip("-") in capsys.readouterr().err


@pytest.mark.parametrize(
    "text", ["مَرْحَبًا بكم في الخدمة الرقمية", "x" * 70, "你" * 30, "ⴰⵣⵓⵍ 你好 🙂", "", "1\n\n2"]
)
def test_every_line_of_a_box_is_equally_wide(text: str) -> None:
    assert {WIDTH + 4} == {width_of(line) for line in box(text, "+212").split("\n")}


def test_line_breaks_of_the_screen_are_kept() -> None:
    assert ["1. one", "", "2. two"] == wrap("1. one\n\n2. two")
