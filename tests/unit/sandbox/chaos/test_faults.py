"""Every fault finds the process that it is to hit, and what a run proves is told apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.chaos.__main__ import proves
from sandbox.chaos.counting import SHOWN, ZEROS
from sandbox.chaos.house import PROCESSES
from sandbox.house.layout import Layout
from sandbox.house.processes import process_table
from sandbox.house.secret_files import SecretFiles

GOOD = dict.fromkeys(ZEROS, 0) | {SHOWN: 3}


@pytest.mark.parametrize("name", sorted(PROCESSES.keys() - {"redis"}))
def test_the_mark_of_a_process_stands_in_its_command_and_in_no_other(
    tmp_path: Path, name: str
) -> None:
    layout = Layout(tmp_path, 30000)
    table = process_table(layout, SecretFiles(tmp_path / "secrets"))

    assert [name] == [row.name for row in table if PROCESSES[name] in row.command]


def test_a_run_in_which_nothing_was_sent_proves_nothing() -> None:
    assert proves(GOOD)
    assert not proves(GOOD | {SHOWN: 0})


@pytest.mark.parametrize("name", ZEROS)
def test_a_run_that_lost_anything_does_not_pass(name: str) -> None:
    assert not proves(GOOD | {name: 1})
