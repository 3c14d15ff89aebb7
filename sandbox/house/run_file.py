"""What a house tells about itself: the channels for the phone, and run.json for everything else."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import requests

from sandbox.house.demo_staff import STAFF
from sandbox.house.layout import Layout
from sandbox.house.secret_files import SecretFiles
from sandbox.phone.gateway.speech import find_speeches, read_speech

ACCOUNT_SID = "AC00000000000000000000000000000001"
USSD_ADDRESS = "*555#"
USSD_USER = "gateway"
USUAL_DIALECT = "africastalking"
WHATSAPP_ADDRESS = "+212520000001"
SMS_ADDRESS = "+212520000002"


def channels(layout: Layout, secrets: SecretFiles) -> dict[str, dict[str, Any]]:
    """Describe the door's channels, by name, as a pretend provider needs to know them."""
    twilio: dict[str, Any] = {
        "provider": "twilio",
        "dialect": None,
        "account_sid": ACCOUNT_SID,
        "secret": secrets.read("twilio_auth_token"),
    }
    files = dialect_files()
    described: dict[str, dict[str, Any]] = {
        "ussd": _ussd(files[USUAL_DIALECT], secrets),
        "whatsapp": {"kind": "whatsapp", "address": WHATSAPP_ADDRESS, **twilio},
        "sms": {"kind": "sms", "address": SMS_ADDRESS, **twilio},
    }
    described |= {name: _ussd(path, secrets) for name, path in other_dialects(files).items()}
    if layout.smpp_style:
        described["ussd_smpp"] = {
            "kind": "ussd",
            "provider": "smpp_ussd",
            "dialect": "smpp",
            "title": "SMPP",
            "address": USSD_ADDRESS,
            "smsc_url": layout.url("smsc"),
        }
    for name, channel in described.items():
        if "smsc_url" in channel:
            continue
        query = ""
        if channel["kind"] == "ussd":
            # What of the credentials stands in a query is registered with the address.
            places = read_speech(Path(channel["dialect_file"])).credential_places()
            if places.get("secret", "").startswith("query."):
                named = places["secret"].removeprefix("query.")
                query = f"?{named}={quote(channel['secret'])}"
        for what in ("messages", "reports"):
            channel[f"{what}_url"] = f"{layout.url('door')}/channels/{name}/{what}{query}"
    return described


def dialect_files() -> dict[str, Path]:
    """The file of every USSD dialect that the door knows, by its name."""
    further = os.environ.get("TWIZA_DIALECTS_FOLDER")
    return find_speeches(Path(further) if further else None)


def other_dialects(files: Mapping[str, Path]) -> dict[str, Path]:
    """The dialects that have a channel of their own name, beside the channel `ussd`."""
    return {name: path for name, path in files.items() if name != USUAL_DIALECT}


def _ussd(path: Path, secrets: SecretFiles) -> dict[str, Any]:
    speech = read_speech(path)
    return {
        "kind": "ussd",
        "provider": "ussd",
        "dialect": speech.name,
        "dialect_file": str(path),
        "title": speech.title,
        "seconds": speech.seconds,
        "address": USSD_ADDRESS,
        "secret": secrets.read("ussd_secret"),
        "user": USSD_USER,
        "password": secrets.read("ussd_password"),
    }


def describe(layout: Layout, secrets: SecretFiles) -> dict[str, Any]:
    """Describe a house that is up, with the demo people of its registry. Shape: run.json."""
    answer = requests.get(f"{layout.url('registry')}/sandbox/citizens", timeout=10)
    answer.raise_for_status()
    found = answer.json()
    return {
        "door": layout.url("door"),
        "registry": layout.url("registry"),
        "phone": layout.url("phone"),
        "stores": layout.stores,
        "channels": channels(layout, secrets),
        "citizens": found["citizens"] if isinstance(found, dict) else found,
        "console": layout.url("console"),
        "staff": [
            {"email": email, "name": name, "role": role, "password": secrets.read("staff_password")}
            for email, name, role in STAFF
        ],
    }


def write_json(path: Path, value: Any) -> None:
    """Write a file that its owner alone reads. Readers see all of it or the old one."""
    unfinished = path.with_name(f".{path.name}")
    unfinished.touch(mode=0o600)
    unfinished.write_text(json.dumps(value, ensure_ascii=False, indent=2), encoding="utf-8")
    unfinished.replace(path)
