"""PDUs of each style of USSD over SMPP, as another implementation writes them, and what they mean.

A recording holds its `pdu` in hexadecimal. `delivered/` tells the hop that a deliver_sm becomes, or
the error and the command_status it gets; `submitted/` the submit_sm that answers one.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from channels.providers import smpp_ussd
from channels.providers.smpp_ussd.hops import UssdOverSmpp
from channels.providers.smpp_ussd.pdus import read_delivered, read_pdu, write_pdu
from channels.providers.smpp_ussd.settings import SmppSettings
from channels.smpp_calls import SmppCalls
from core.environment import read_settings
from core.errors import WebhookRefused

FOLDER = Path(__file__).parent / "smpp_ussd"
STYLES = sorted(path.stem for path in (Path(smpp_ussd.__file__).parent / "styles").glob("*.toml"))
NEEDED = {
    "delivered": {"new", "continue", "over"},
    "submitted": {"goes_on", "ends"},
}
SEQUENCE = 9


def recordings(what: str) -> list[str]:
    """The recordings of a kind, by name."""
    return sorted(path.stem for path in (FOLDER / what).glob("*.json"))


def recorded(what: str, name: str) -> dict[str, Any]:
    """What a recording says."""
    found: dict[str, Any] = json.loads((FOLDER / what / f"{name}.json").read_text("utf-8"))
    return found


def settings(style: str) -> SmppSettings:
    """One service code in that style."""
    given = {"host": "smsc", "system_id": "twiza", "password": SecretStr("word")}
    return read_settings(SmppSettings, None, codes="*555#", style=style, **given)


def ussd(style: str) -> UssdOverSmpp:
    """The same, to read and to answer with."""
    return UssdOverSmpp(settings(style))


@pytest.mark.parametrize("what", NEEDED)
@pytest.mark.parametrize("style", STYLES)
def test_every_style_has_the_cases_that_one_needs(style: str, what: str) -> None:
    assert set() == {f"{style}_{case}" for case in NEEDED[what]} - set(recordings(what))


@pytest.mark.parametrize("name", recordings("delivered"))
def test_a_deliver_sm_becomes_a_hop_or_is_refused(name: str) -> None:
    recording = recorded("delivered", name)
    pdu = read_pdu(bytes.fromhex(recording["pdu"]))
    expected = recording["expect"]

    assert len(recording["about"]) > 5
    assert ("deliver_sm", True, 0) == (pdu.name, pdu.is_request, pdu.status)
    if "error" in expected:
        # Whoever would turn and name the hop is never asked.
        nobody: Any = None
        channel = ussd(recording["style"])
        calls = SmppCalls(nobody, channel, nobody, settings(recording["style"]))
        assert expected["status"] == calls.deliver(pdu.body)
        with pytest.raises(WebhookRefused) as refused:
            channel.read(read_delivered(pdu.body))
        assert expected["error"] == type(refused.value).__name__
        assert "6123" not in str(refused.value)
    else:
        hop = ussd(recording["style"]).read(read_delivered(pdu.body))
        assert expected == {field: getattr(hop, field) for field in expected}
        assert {"event", "number", "reference", "text", "code"} == expected.keys()


@pytest.mark.parametrize("name", recordings("submitted"))
def test_an_answer_is_written_as_another_implementation_writes_it(name: str) -> None:
    recording = recorded("submitted", name)
    channel = ussd(recording["style"])
    hop = channel.read(read_delivered(read_pdu(bytes.fromhex(recording["delivered"])).body))
    fields = channel.answer(hop, recording["texts"], recording["is_open"])

    assert recording["pdu"] == write_pdu("submit_sm", SEQUENCE, **fields).hex()
