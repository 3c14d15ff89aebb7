"""A phone in the terminal: `python -m sandbox.phone.talk [--run DIR/run.json] [--number +212…]`.

On USSD each line typed answers the screen, `cancel` hangs up, an empty line redials once the
session is over; `--dialect hubtel` calls through that gateway. On WhatsApp and SMS each line is a
message. Messages that arrive on the number are shown as they come. Ctrl-D leaves.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
from pathlib import Path
from typing import Any, Final

import requests

from core.identifiers import read_number
from sandbox.phone import wire
from sandbox.phone.client import Chat, Handset
from sandbox.phone.terminal import box
from sandbox.smsc.handset import SmppHandset, open_handset

_RUN: Final = Path(__file__).parents[2] / "var" / "run.json"
_POLL_SECONDS: Final = 1.0


class Arrivals:
    """Prints the messages that arrive on a number, those already there left out."""

    def __init__(self, phone_url: str, number: str) -> None:
        self._url = phone_url.rstrip("/") + "/api/inbox"
        self._number = number
        self._http = wire.open_http()
        self._seen = {message["id"] for message in self._read()}
        self._left = threading.Event()

    def watch(self) -> None:
        """Poll in the background until `leave`."""
        threading.Thread(target=self._poll, daemon=True).start()

    def leave(self) -> None:
        """Stop polling."""
        self._left.set()

    def _poll(self) -> None:
        while not self._left.wait(_POLL_SECONDS):
            for message in self._read():
                if message["id"] not in self._seen:
                    self._seen.add(message["id"])
                    if message["direction"] == "received":
                        print("\n" + box(message["text"], f"✉ {message['from']}"), flush=True)

    def _read(self) -> list[dict[str, Any]]:
        try:
            got = self._http.get(self._url, params={"number": self._number}, timeout=3)
            return list(got.json()["messages"])
        except (requests.RequestException, ValueError, KeyError):
            return []


def show_people(citizens: list[dict[str, Any]]) -> None:
    """Print the demo people: whom to call as, and what to type."""
    for person in citizens:
        phone = person["phone"] or "-"
        day_first = "/".join(reversed(person["birth_date"].split("-")))
        print(f"  {phone:14} IDCS {person['idcs']}  {day_first}  {person['summary']}")


def call(handset: Handset | SmppHandset) -> None:
    """Lead a USSD call, line by line, until the end of the input."""
    handset.dial()
    while True:
        screen = handset.screen
        ending = "" if screen.open else f"[closed, HTTP {screen.status}; Enter dials again]"
        print(box(screen.text or "-", handset.number), ending)
        line = input("> ")
        if line == "cancel":
            handset.cancel()
        elif screen.open:
            handset.press(line)
        else:
            handset.dial(line if wire.is_code(line) else "")


def chat(talker: Chat) -> None:
    """Lead a chat, a message for each line, until the end of the input."""
    while True:
        heard = talker.say(input("> "))
        for text in heard:
            print(box(text, f"HTTP {talker.status}"))
        if not heard:
            print(f"[HTTP {talker.status}] {talker.raw[:200]}")


def find_channel(
    channels: dict[str, dict[str, Any]], name: str, dialect: str | None
) -> dict[str, Any] | str:
    """The channel of a name or of a USSD dialect, or what there is instead."""
    if dialect:
        spoken = {one["dialect"]: one for one in channels.values() if one.get("dialect")}
        return spoken.get(dialect) or f"--dialect is one of {', '.join(sorted(spoken))}"
    return channels.get(name) or f"--channel is one of {', '.join(channels)}"


def main(given: list[str] | None = None) -> int:
    """Read the options, then call or chat; 0 when the caller leaves, 2 on wrong options."""
    reader = argparse.ArgumentParser(prog="talk", description="A phone in the terminal.")
    reader.add_argument("--run", type=Path, default=_RUN, help="run.json of a running stack")
    reader.add_argument("--number", help="the number that calls; the first demo person's if absent")
    reader.add_argument("--channel", default="ussd", help="ussd, whatsapp or sms")
    reader.add_argument("--dialect", help="the USSD gateway to call through: hubtel, infobip...")
    asked = reader.parse_args(given)
    try:
        run = json.loads(asked.run.read_text(encoding="utf-8"))
    except OSError as unread:
        reader.error(f"{asked.run}: {unread.strerror}; is the stack running?")
    phones = [person["phone"] for person in run["citizens"] if person["phone"]]
    number = read_number(asked.number or next(iter(phones), "+212612345678"))
    if number is None:
        reader.error("--number is not a valid phone number")
    channel = find_channel(run["channels"], asked.channel, asked.dialect)
    if isinstance(channel, str):
        reader.error(channel)
    show_people(run["citizens"])
    through = f" through {channel['title']}" if channel.get("title") else ""
    print(f"You are {number} on {channel['kind']}{through}. `cancel` hangs up, Ctrl-D leaves.")
    arrivals = Arrivals(run["phone"], number)
    arrivals.watch()
    try:
        if channel["kind"] == "ussd":
            call(open_handset(channel, number))
        else:
            chat(Chat(channel, number, phone=run["phone"]))
    except (EOFError, KeyboardInterrupt):
        print()
    finally:
        arrivals.leave()
    return 0


if __name__ == "__main__":
    sys.exit(main())
