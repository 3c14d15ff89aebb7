"""Numbers are blocked by their keyed hash, typed where nobody else reads along."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest

from tests.builders import NUMBER
from tests.unit.worker.workshop import Workshop
from worker.blocklist.command import main

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(
    workshop: Workshop, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Run:
    """A command of `bin/blocklist` with what is typed: its exit code, and all it said."""

    def command(*arguments: str, typed: str = "") -> tuple[int, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        capsys.readouterr()
        code = main(arguments)
        said = capsys.readouterr()
        return code, said.out + said.err

    return command


BY = ("--by", "Amal")
WHY = ("--reason", "floods us", *BY)


def test_a_number_that_is_typed_is_blocked_by_its_key_alone(workshop: Workshop, run: Run) -> None:
    key = workshop.pseudonyms.number(NUMBER)
    blocked = run("add", *WHY, typed="06 12 34 56 78\n")
    _, listed = run("list")

    assert (0, f"{key} blocked\n") == blocked
    assert key in listed and "Amal" in listed and "floods us" in listed
    assert NUMBER[4:] not in listed
    assert workshop.house.house().blocks.holds(key)
    assert 1 == len(workshop.audited("number.blocked"))


def test_a_number_is_blocked_and_unblocked_by_its_key(workshop: Workshop, run: Run) -> None:
    key = workshop.pseudonyms.number(NUMBER)
    codes = [
        run(*command)[0]
        for command in (("add", key, *WHY), ("add", key, *WHY), ("remove", key, *BY))
    ]

    assert [0, 1, 0] == codes
    assert (1, f"{key} was not blocked\n") == run("remove", key, *BY)
    assert (0, "") == run("list")


@pytest.mark.parametrize("typed", ["", "\n", "no number\n"])
def test_what_is_no_number_blocks_nothing(run: Run, typed: str) -> None:
    code, said = run("add", *WHY, typed=typed)

    assert 2 == code
    assert "a phone number is needed" in said
    assert (0, "") == run("list")


def test_a_number_among_the_arguments_is_refused(run: Run) -> None:
    code, said = run("add", NUMBER, *WHY)

    assert 2 == code
    assert "numbers go to standard input" in said
