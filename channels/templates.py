"""Twilio's templates brought in step with ours: `bin/templates plan`, then `bin/templates sync`.

Those of buttons and lists can be sent at once. Those that say a message waits are shown to Meta,
and are sent once it has approved them; `plan` tells what it says.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from channels.providers.twilio.adapter import open_client
from channels.providers.twilio.contents import Contents, Plan
from channels.providers.twilio.settings import TwilioSettings
from channels.providers.twilio.templates import Template, templates
from channels.providers.twilio.waking import waking_templates
from channels.settings import NamedChannels
from core.environment import read_settings
from core.errors import DeliveryError, SettingsFaulty

_DONE = {True: ("made", "showed", "kept", "removed"), False: ("make", "show", "keep", "remove")}


def main(given: list[str] | None = None) -> int:
    """Say what there is to do, and do it where asked to; 0 when all is said and done."""
    reader = argparse.ArgumentParser(
        prog="templates", description=(__doc__ or "").partition("\n")[0]
    )
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
            plan = contents.plan(templates() + waking_templates())
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
    made, showed, kept, removed = _DONE[is_done]
    to_keep = [template for template in plan.to_keep if template not in plan.to_show]
    sys.stdout.write(f"{name}:\n")
    for act, lines in (
        (made, [_line(template, "to be shown to Meta") for template in plan.to_make]),
        (showed, [_line(template, "to be shown to Meta") for template in plan.to_show]),
        (kept, [_line(template, _verdict(plan, template)) for template in to_keep]),
        (removed, list(plan.to_remove)),
    ):
        for line in lines:
            sys.stdout.write(f"  {act:8} {line}\n")


def _line(template: Template, told: str) -> str:
    return f"{template.name}  {told}" if template.category else template.name


def _verdict(plan: Plan, template: Template) -> str:
    """What Meta says of a template."""
    held = plan.held[template.name]
    return f"{held.approval}: {held.reason}" if held.reason else held.approval


if __name__ == "__main__":
    sys.exit(main())
