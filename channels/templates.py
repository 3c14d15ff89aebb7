"""Twilio's templates brought in step with ours: `bin/templates plan`, then `bin/templates sync`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from channels.providers.twilio.adapter import open_client
from channels.providers.twilio.contents import Contents, Plan
from channels.providers.twilio.settings import TwilioSettings
from channels.providers.twilio.templates import templates
from channels.settings import NamedChannels
from core.environment import read_settings
from core.errors import DeliveryError, SettingsFaulty

_DONE = {True: ("made", "kept", "removed"), False: ("make", "keep", "remove")}


def main(given: list[str] | None = None) -> int:
    """Say what there is to do, and do it where asked to; 0 when all is said and done."""
    reader = argparse.ArgumentParser(prog="templates", description=__doc__)
    reader.add_argument("act", choices=("plan", "sync"), help="plan changes nothing")
    is_done = reader.parse_args(given).act == "sync"
    try:
        senders = dict(_senders())
    except SettingsFaulty as faulty:
        sys.stderr.write(f"{faulty}\n")
        return 2
    for name, settings in senders.items():
        contents = Contents(open_client(settings))
        try:
            plan = contents.plan(templates())
            if is_done:
                contents.carry_out(plan)
        except DeliveryError as fault:
            sys.stderr.write(f"{name}: Twilio said no: {type(fault).__name__} {fault}\n")
            return 1
        _tell(name, plan, is_done)
    if not is_done and senders:
        sys.stdout.write("Nothing was changed; bin/templates sync does it.\n")
    return 0


def _senders() -> Iterator[tuple[str, TwilioSettings]]:
    """The WhatsApp senders at Twilio, one for each account, by the names of their channels."""
    accounts: set[str] = set()
    for pair in read_settings(NamedChannels).channels.split(","):
        name, _, provider = pair.strip().partition(":")
        if provider == "twilio":
            settings = read_settings(TwilioSettings, f"TWIZA_CHANNEL_{name.upper()}_")
            if settings.kind == "whatsapp" and settings.account_sid not in accounts:
                accounts.add(settings.account_sid)
                yield name, settings


def _tell(name: str, plan: Plan, is_done: bool) -> None:
    made, kept, removed = _DONE[is_done]
    sys.stdout.write(f"{name}:\n")
    for act, names in (
        (made, [template.name for template in plan.to_make]),
        (kept, [template.name for template in plan.to_keep]),
        (removed, list(plan.to_remove)),
    ):
        for template in names:
            sys.stdout.write(f"  {act:8} {template}\n")


if __name__ == "__main__":
    sys.exit(main())
