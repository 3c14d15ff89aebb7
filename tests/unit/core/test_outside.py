"""What staff typed in leads to the world outside, over HTTPS, and nowhere else."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from flask import Flask, redirect, request

from core.errors import OutsideRefused
from core.outside import post, read_address
from core.webhooks import new_secret, signed_headers
from tests.unit.sandbox.phone.door_stub import serve

HTTPS = "https://hooks.example/twiza"


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://hooks.example/", "not_https"),
        ("file:///etc/passwd", "not_https"),
        ("https://", "unreadable"),
        ("https://me:secret@hooks.example/", "unreadable"),
        ("https://hooks.example:99999/", "unreadable"),
        ("https://hooks.example/\r\nHost: x", "unreadable"),
        (f"https://hooks.example/{'x' * 500}", "unreadable"),
        ("https://127.0.0.1/", "inside"),
        ("https://10.1.2.3/", "inside"),
        ("https://169.254.169.254/latest/meta-data", "inside"),
        ("https://100.64.0.1/", "inside"),
        ("https://0.0.0.0/", "inside"),
        ("https://224.0.0.1/", "inside"),
        ("https://[::1]/", "inside"),
        ("https://[fd00::1]/", "inside"),
        ("https://[::ffff:127.0.0.1]/", "inside"),
        ("https://[64:ff9b::7f00:1]/", "inside"),
        ("https://[2002:7f00:1::]/", "inside"),
    ],
)
def test_an_address_that_may_not_be_called_is_refused_before_any_call(url: str, why: str) -> None:
    with pytest.raises(OutsideRefused, match=why):
        read_address(url, may_be_inside=False)


@pytest.mark.parametrize(
    "found", [["127.0.0.1"], ["93.184.216.34", "10.0.0.7"], ["::1"], ["fe80::1%eth0"]]
)
def test_a_name_of_which_one_address_is_inside_is_not_called(
    monkeypatch: pytest.MonkeyPatch, found: list[str]
) -> None:
    def resolved(*_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 443)) for ip in found]

    monkeypatch.setattr(socket, "getaddrinfo", resolved)

    with pytest.raises(OutsideRefused, match="inside"):
        post(HTTPS, {}, b"{}", may_be_inside=False)


def test_a_body_arrives_as_it_was_signed_and_no_redirect_is_followed() -> None:
    app, seen = Flask("receiver"), []

    @app.post("/hook")
    def hook() -> str:
        seen.append((request.get_data(), request.headers["webhook-id"], request.headers["Host"]))
        return "taken"

    @app.post("/away")
    def away() -> Any:
        return redirect("/hook", 307)

    with serve(app) as url:
        statuses = [
            post(f"{url}/{path}", {"webhook-id": "m"}, b'{"a":1}', may_be_inside=True)
            for path in ("hook", "away")
        ]

        assert [200, 307] == statuses
        assert [(b'{"a":1}', "m", url.removeprefix("http://"))] == seen


def test_nobody_at_an_address_is_told_as_such() -> None:
    with pytest.raises(OutsideRefused):
        post("http://127.0.0.1:1/", {}, b"{}", may_be_inside=True)


def test_the_signature_is_that_of_the_standard() -> None:
    # The example that the libraries of the standard are tested with.
    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
    headers = signed_headers(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)

    assert "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" == headers["webhook-signature"]
    assert "1614265330" == headers["webhook-timestamp"]
    assert new_secret() != new_secret()
