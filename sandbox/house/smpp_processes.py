"""The rows of a pretend SMSC and of the bind to it, for a house that is asked for them."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Final

from sandbox.house.health import answers_at
from sandbox.house.layout import Layout
from sandbox.house.process import Process, web
from sandbox.house.run_file import USSD_ADDRESS
from sandbox.house.secret_files import SecretFiles
from sandbox.smsc.styles import STYLES

SMPP_STYLES: Final = tuple(STYLES)
_SYSTEM_ID: Final = "twiza"


def smpp_processes(
    layout: Layout, secrets: SecretFiles, channels: Mapping[str, str]
) -> list[Process]:
    """Both rows; `channels` are the settings of the door, which the bind shares."""
    password, port = str(secrets.path("smpp_password")), str(layout.port("smsc_smpp"))
    smsc = {
        "SANDBOX_SMSC_PORT": port,
        "SANDBOX_SMSC_SYSTEM_ID": _SYSTEM_ID,
        "SANDBOX_SMSC_PASSWORD_FILE": password,
        "SANDBOX_SMSC_STYLE": layout.smpp_style,
    }
    bind = {
        "TWIZA_SMPP_HOST": "127.0.0.1",
        "TWIZA_SMPP_PORT": port,
        "TWIZA_SMPP_SYSTEM_ID": _SYSTEM_ID,
        "TWIZA_SMPP_PASSWORD_FILE": password,
        "TWIZA_SMPP_CODES": USSD_ADDRESS,
        "TWIZA_SMPP_STYLE": layout.smpp_style,
        "TWIZA_SMPP_HEALTH_ADDRESS": f"127.0.0.1:{layout.port('smpp')}",
        # A program at the phone answers sooner than any person.
        "TWIZA_SMPP_REPEAT_SECONDS": "0",
        "TWIZA_SMPP_LONGEST_PAUSE_SECONDS": "2",
    }
    return [
        web("smsc", "sandbox.smsc.app", layout, smsc, threads=64),
        Process(
            "smpp",
            (sys.executable, "-m", "channels.smpp"),
            answers_at(f"{layout.url('smpp')}/health"),
            {**channels, **bind},
            ("redis", "records", "catalogs", "smsc"),
        ),
    ]
