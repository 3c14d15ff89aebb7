"""A call is the gateway's where every means that is asked for holds, and nothing starts without."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any

import pytest

from channels.providers.ussd.authentication import Guard
from channels.providers.ussd.dialect import Authentication
from channels.providers.ussd.settings import UssdSettings
from core.errors import BadSignature, MalformedPayload, SettingsFaulty
from tests.unit.channels.providers.ussd.dialects import URL, a_call

SECRET, OLDER = "a-secret-of-the-gateway", "the-secret-it-had-before"
BASIC = "Basic " + base64.b64encode(b"gateway:password").decode()
PREFIX = "TWIZA_CHANNEL_USSD_"


def a_guard(asked: dict[str, Any] | None = None, **given: Any) -> Guard:
    """The guard of a channel with such settings."""
    settings = UssdSettings.model_validate({"dialect": "gateway", "address": "*555#"} | given)
    return Guard(settings, Authentication.model_validate(asked or {}), PREFIX)


def passes(guard: Guard, **call: Any) -> bool:
    """Whether a call is let pass."""
    try:
        guard.check(a_call(**call))
    except BadSignature:
        return False
    return True


@pytest.mark.parametrize(
    ("given", "holds"),
    [(SECRET, True), (OLDER, True), (SECRET[:-1], False), (SECRET + "x", False), ("سر", False)],
)
def test_the_secret_or_the_one_before_it_is_enough(given: str, holds: bool) -> None:
    guard = a_guard(secret=SECRET, previous_secret=OLDER)

    assert holds == passes(guard, query={"secret": given})
    assert not passes(guard)


def test_a_secret_stands_where_the_dialect_says() -> None:
    guard = a_guard({"secret": "json.auth.key"}, secret=SECRET)

    assert passes(guard, body=b'{"auth": {"key": "a-secret-of-the-gateway"}}')
    assert not passes(guard, query={"secret": SECRET}, body=b"{}")
    with pytest.raises(MalformedPayload):
        guard.check(a_call(b"{"))


@pytest.mark.parametrize(
    ("user", "password", "holds"),
    [("gateway", "password", True), ("gateway", "other", False), ("other", "password", False)],
)
def test_user_and_password_must_both_be_right(user: str, password: str, holds: bool) -> None:
    asked = {"means": ["password"], "user": "query.u", "password": "query.p"}
    guard = a_guard(asked, user="gateway", password="password")

    assert holds == passes(guard, query={"u": user, "p": password})
    assert not passes(guard, query={"u": user})


@pytest.mark.parametrize(
    ("header", "holds"),
    [
        (BASIC, True),
        ("Basic " + base64.b64encode(b"gateway:other-password").decode(), False),
        ("Basic ???", False),
        ("Bearer password", False),
        ("", False),
    ],
)
def test_basic_authentication_is_read_from_its_header(header: str, holds: bool) -> None:
    guard = a_guard(authentication="basic", user="gateway", password="password")

    assert holds == passes(guard, headers={"authorization": header})


@pytest.mark.parametrize("encoding", ["hex", "base64"])
@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "sha512"])
def test_a_body_is_signed_in_every_way_that_a_dialect_can_say(
    algorithm: str, encoding: str
) -> None:
    signing = {"header": "X-Sig", "algorithm": algorithm, "encoding": encoding, "prefix": "v1="}
    guard = a_guard({"means": ["hmac"], "hmac": signing}, secret=SECRET)
    digest = hmac.new(SECRET.encode(), b'{"a": 1}', getattr(hashlib, algorithm)).digest()
    written = base64.b64encode(digest).decode() if encoding == "base64" else digest.hex()
    headers = {"X-Sig": f"v1={written}"}

    assert passes(guard, body=b'{"a": 1}', headers=headers)
    assert not passes(guard, body=b'{"a": 2}', headers=headers)
    assert not passes(guard, body=b'{"a": 1}', headers={"X-Sig": written})
    assert not passes(guard, body=b'{"a": 1}')


def test_a_call_without_a_body_is_signed_by_its_query() -> None:
    guard = a_guard({"means": ["hmac"]}, secret=SECRET)
    signature = hmac.new(SECRET.encode(), b"a=1&b=2", "sha256").hexdigest()
    call = {"method": "GET", "headers": {"X-Signature": signature}}

    assert passes(guard, url=f"{URL}?a=1&b=2", **call)
    assert not passes(guard, url=f"{URL}?a=1&b=3", **call)


@pytest.mark.parametrize(
    ("peer", "proxies", "forwarded", "holds"),
    [
        ("192.0.2.7", 0, None, True),
        ("::ffff:192.0.2.7", 0, None, True),
        ("2001:db8::9", 0, None, True),
        ("198.51.100.1", 0, None, False),
        # What a caller writes itself is not believed.
        ("198.51.100.1", 0, "192.0.2.7", False),
        ("10.0.0.1", 1, "192.0.2.7", True),
        ("10.0.0.1", 1, "192.0.2.7, 198.51.100.1", False),
        ("10.0.0.1", 2, "198.51.100.9, 192.0.2.7, 10.0.0.2", True),
        ("192.0.2.7", 1, None, False),
        ("10.0.0.1", 1, "unknown", False),
        ("", 0, None, False),
    ],
)
def test_a_caller_is_known_by_address_as_the_outermost_proxy_of_ours_saw_it(
    peer: str, proxies: int, forwarded: str | None, holds: bool
) -> None:
    guard = a_guard(
        authentication="addresses", addresses="192.0.2.0/28, 2001:db8::/32", proxies=proxies
    )
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}

    assert holds == passes(guard, peer=peer, headers=headers)


def test_every_means_that_is_named_must_hold() -> None:
    guard = a_guard(authentication="secret, addresses", secret=SECRET, addresses="192.0.2.0/28")
    call = {"query": {"secret": SECRET}, "peer": "192.0.2.7"}

    assert passes(guard, **call)
    assert not passes(guard, **(call | {"peer": "198.51.100.1"}))
    assert not passes(guard, **(call | {"query": {}}))


@pytest.mark.parametrize(
    ("asked", "given", "faults"),
    [
        ({}, {}, ["SECRET"]),
        ({"means": ["hmac"]}, {}, ["SECRET"]),
        ({"means": ["password"]}, {}, ["USER", "PASSWORD"]),
        ({"means": ["basic"]}, {"user": "gateway"}, ["PASSWORD"]),
        ({"means": ["addresses"]}, {}, ["ADDRESSES"]),
        ({"means": ["addresses"]}, {"addresses": "the gateway"}, ["ADDRESSES", "ADDRESSES"]),
        ({"means": []}, {}, ["AUTHENTICATION"]),
        ({}, {"authentication": "none"}, ["AUTHENTICATION"]),
        ({}, {"authentication": "secret,basic"}, ["SECRET", "USER", "PASSWORD"]),
        ({}, {"previous_secret": OLDER}, ["SECRET"]),
    ],
)
def test_a_process_does_not_start_without_what_its_means_need(
    asked: dict[str, Any], given: dict[str, Any], faults: list[str]
) -> None:
    with pytest.raises(SettingsFaulty) as faulty:
        a_guard(asked, **given)

    assert faults == [one.partition(":")[0].removeprefix(PREFIX) for one in faulty.value.faults]


@pytest.mark.parametrize("name", ["secret", "previous_secret", "password"])
def test_a_secret_that_could_be_guessed_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="not longer"):
        a_guard(None, **({"secret": SECRET} | {name: "1234567"}))
