"""A small real door for the phone's own tests: it checks signatures and tells what it received."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from flask import Flask, Response, request
from twilio.request_validator import RequestValidator
from twilio.twiml.messaging_response import MessagingResponse
from werkzeug.serving import make_server

TOKEN: Final = "a-token-for-tests"
SECRET: Final = "a-secret-for-tests"
MENU: Final = "مرحبا\n1. تسجيلي\n2. Français"


@contextmanager
def serve(app: Flask) -> Iterator[str]:
    """The URL of an application served on a free port until the block ends."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()


class StubDoor:
    """Answers USSD with what was typed, and chats with an echo; keeps every form it accepted."""

    def __init__(self) -> None:
        self.url = ""
        self.hops: list[dict[str, Any]] = []
        self.reports: list[dict[str, str]] = []
        self.said: list[dict[str, str]] = []
        self.app = Flask("stub")
        self.app.post("/channels/ussd/messages")(self._hop)
        self.app.post("/channels/hubtel/messages")(self._hubtel_hop)
        self.app.post("/channels/<name>/reports")(self._report)
        self.app.post("/channels/<name>/messages")(self._message)

    def channels(self) -> dict[str, dict[str, Any]]:
        """The channels of this door, as run.json describes them."""
        at = f"{self.url}/channels"
        ussd = {
            "kind": "ussd",
            "provider": "ussd",
            "dialect": "africastalking",
            "title": "Africa's Talking",
            "seconds": 180.0,
            "messages_url": f"{at}/ussd/messages?secret={SECRET}",
            "reports_url": f"{at}/ussd/reports?secret={SECRET}",
            "address": "*555#",
            "secret": SECRET,
        }
        addresses = {"whatsapp": "+212520000001", "sms": "+212520000002"}
        chats = {
            kind: {
                "kind": kind,
                "provider": "twilio",
                "dialect": None,
                "messages_url": f"{at}/{kind}/messages",
                "reports_url": f"{at}/{kind}/reports",
                "address": address,
                "secret": TOKEN,
            }
            for kind, address in addresses.items()
        }
        at_hubtel = {
            "dialect": "hubtel",
            "title": "Hubtel",
            "seconds": 120.0,
            "messages_url": f"{at}/hubtel/messages?secret={SECRET}",
        }
        return {"ussd": ussd, **chats, "hubtel": ussd | at_hubtel}

    def _hop(self) -> Response:
        form = request.form.to_dict()
        if "status" in form:
            self.reports.append(form)
            return Response("", mimetype="text/plain")
        self.hops.append(form)
        if request.args.get("secret") != SECRET:
            return Response("secret", 403)
        if form["serviceCode"] != "*555#":
            return Response("no such service", 404)
        if form["text"].endswith("9"):
            return Response("END شكرا", mimetype="text/plain")
        return Response(f"CON {MENU}\n({form['text']})", mimetype="text/plain")

    def _hubtel_hop(self) -> dict[str, Any]:
        hop = request.get_json()
        self.hops.append(hop)
        return {
            "SessionId": hop["SessionId"],
            "Type": "response",
            "Message": f"{hop['Type']} {hop['Message']}",
            "Label": "",
            "ClientState": "",
            "DataType": "input",
            "FieldType": "text",
        }

    def _report(self, name: str) -> Response:
        if name != "ussd" and not self._is_signed():
            return Response("signature", 403)
        self.reports.append(request.form.to_dict())
        return Response(status=204)

    def _message(self, name: str) -> Response:
        if not self._is_signed():
            return Response("signature", 403)
        form = request.form.to_dict()
        self.said.append(form)
        twiml = MessagingResponse()
        if form["Body"] != "silence":
            twiml.message(f"سمعت: {form['Body']}\n1. <b>نعم</b>")
        if form["NumMedia"] == "1":
            twiml.message("صورة")
        return Response(str(twiml), mimetype="text/xml")

    def _is_signed(self) -> bool:
        signature = request.headers.get("X-Twilio-Signature", "")
        return bool(RequestValidator(TOKEN).validate(request.url, request.form, signature))
