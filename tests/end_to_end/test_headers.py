"""Every process says of each answer, faults too, that nobody shows it in a page or keeps it."""

from __future__ import annotations

import pytest
import requests

from core.headers import HEADERS
from sandbox.house.layout import PORTS
from tests.end_to_end.running_house import RunningHouse

pytestmark = pytest.mark.e2e
PATHS = ("/health", "/nowhere", "/channels/nobody/messages")


def at(house: RunningHouse, process: str) -> str:
    """The address of a process."""
    return f"http://127.0.0.1:{house.ports_from + PORTS[process]}"


@pytest.mark.parametrize("process", ["door", "actions", "intake", "engine"])
@pytest.mark.parametrize("path", PATHS)
def test_a_machine_is_told_to_show_and_keep_nothing(
    house: RunningHouse, process: str, path: str
) -> None:
    answer = requests.get(at(house, process) + path, timeout=10)

    assert HEADERS == {name: answer.headers.get(name) for name in HEADERS}


@pytest.mark.parametrize("path", ["/sign-in", "/nowhere", "/health"])
def test_a_page_of_staff_runs_our_scripts_alone_and_stands_in_no_frame(
    house: RunningHouse, path: str
) -> None:
    answer = requests.get(at(house, "console") + path, timeout=10, allow_redirects=False)
    policy = answer.headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert ("nosniff", "no-store") == (
        answer.headers["X-Content-Type-Options"],
        answer.headers["Cache-Control"],
    )
