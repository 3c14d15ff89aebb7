"""What a house tells about itself: the channels for the phone, and run.json for everything else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import requests

from sandbox.house.layout import Layout
from sandbox.house.secret_files import SecretFiles

ACCOUNT_SID = "AC00000000000000000000000000000001"
USSD_ADDRESS = "*555#"
WHATSAPP_ADDRESS = "+212520000001"
SMS_ADDRESS = "+212520000002"


def channels(layout: Layout, secrets: SecretFiles) -> dict[str, dict[str, Any]]:
    """Describe the door's channels, by name, as a pretend provider needs to know them."""
    ussd_secret = secrets.read("ussd_secret")
    twilio: dict[str, Any] = {
        "provider": "twilio",
        "dialect": None,
        "account_sid": ACCOUNT_SID,
        "secret": secrets.read("twilio_auth_token"),
    }
    described: dict[str, dict[str, Any]] = {
        "ussd": {
            "kind": "ussd",
            "provider": "ussd",
            "dialect": "africastalking",
            "address": USSD_ADDRESS,
            "secret": ussd_secret,
        },
        "whatsapp": {"kind": "whatsapp", "address": WHATSAPP_ADDRESS, **twilio},
        "sms": {"kind": "sms", "address": SMS_ADDRESS, **twilio},
    }
    if layout.smpp_style:
        described["ussd_smpp"] = {
            "kind": "ussd",
            "provider": "smpp_ussd",
            "dialect": "smpp",
            "address": USSD_ADDRESS,
            "smsc_url": layout.url("smsc"),
        }
    for name, channel in described.items():
        if "smsc_url" in channel:
            continue
        query = f"?secret={quote(ussd_secret)}" if name == "ussd" else ""
        for what in ("messages", "reports"):
            channel[f"{what}_url"] = f"{layout.url('door')}/channels/{name}/{what}{query}"
    return described


def describe(layout: Layout, secrets: SecretFiles) -> dict[str, Any]:
    """Describe a house that is up, with the demo people of its registry. Shape: run.json."""
    answer = requests.get(f"{layout.url('registry')}/sandbox/citizens", timeout=10)
    answer.raise_for_status()
    found = answer.json()
    return {
        "door": layout.url("door"),
        "registry": layout.url("registry"),
        "phone": layout.url("phone"),
        "channels": channels(layout, secrets),
        "citizens": found["citizens"] if isinstance(found, dict) else found,
        "staff": [],
    }


def write_json(path: Path, value: Any) -> None:
    """Write a file that its owner alone reads. Readers see all of it or the old one."""
    unfinished = path.with_name(f".{path.name}")
    unfinished.touch(mode=0o600)
    unfinished.write_text(json.dumps(value, ensure_ascii=False, indent=2), encoding="utf-8")
    unfinished.replace(path)
