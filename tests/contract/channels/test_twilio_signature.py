"""Our check of Twilio's signature agrees with the published examples and with Twilio's library."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from channels.port import WebhookCall
from channels.providers.twilio.signature import Signature

# The example of Twilio's documentation and of the tests of its libraries.
TOKEN = "12345"
URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
FORM = {
    "CallSid": "CA1234567890ABCDE",
    "Caller": "+14158675309",
    "Digits": "1234",
    "From": "+14158675309",
    "To": "+18005551212",
}
SIGNED_FORM = "RSOYDt4T1cUTdK1PDd93/VVr8B8="
BODY = '{"property": "value", "boolean": true}'
DIGEST = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"
SIGNED_BODY = "a9nBmqA0ju/hNViExpshrM61xv4="

NAMES = st.sampled_from(["Body", "From", "To", "MediaUrl0", "x", "X", "é", ""])
VALUES = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
FORMS = st.lists(st.tuples(NAMES, VALUES), max_size=8)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
PATHS = st.sampled_from(["/a", "/a?b=1", "/a?b=%D9%A0+1&c", "/"])


def a_call(url: str, form: Any, signature: str, body: bytes = b"") -> WebhookCall:
    """A call with a signature."""
    fields: MultiDict[str, str] = MultiDict(form)
    return WebhookCall(url, {}, fields, {"X-Twilio-Signature": signature}, body)


def holds(call: WebhookCall, *tokens: str) -> bool:
    """Whether a call is let in."""
    return Signature(tokens or (TOKEN,)).holds(call)


def test_the_published_example_of_a_form_is_let_in() -> None:
    assert holds(a_call(URL, FORM, SIGNED_FORM))


def test_the_published_example_of_a_body_is_let_in() -> None:
    url = f"{URL}&bodySHA256={DIGEST}"

    assert holds(a_call(url, {}, SIGNED_BODY, BODY.encode()))
    assert not holds(a_call(url, {}, SIGNED_BODY, BODY.encode() + b" "))


@pytest.mark.parametrize("port", [":443", ":8443"])
def test_a_port_may_be_signed_or_left_out(port: str) -> None:
    url = URL.replace(".com", f".com{port}")
    right = RequestValidator(TOKEN).compute_signature(url, FORM)

    assert holds(a_call(url, FORM, right))
    assert holds(a_call(url, FORM, SIGNED_FORM))


@pytest.mark.parametrize("tokens", [("new-token", TOKEN), (TOKEN, "old-token")])
def test_either_of_two_tokens_is_right(tokens: tuple[str, str]) -> None:
    assert holds(a_call(URL, FORM, SIGNED_FORM), *tokens)


@pytest.mark.parametrize(
    "wrong", ["", SIGNED_FORM[:-1], SIGNED_FORM.lower(), "é" * 28, SIGNED_BODY]
)
def test_another_signature_is_refused(wrong: str) -> None:
    assert not holds(a_call(URL, FORM, wrong))


@given(FORMS, PATHS, st.sampled_from(["https://a.example", "http://a.example:80"]))
def test_a_form_that_the_library_signs_is_let_in(
    fields: list[tuple[str, str]], path: str, root: str
) -> None:
    form = MultiDict(fields)
    signature = RequestValidator(TOKEN).compute_signature(root + path, form)

    assert holds(a_call(root + path, fields, signature))


@given(FORMS, st.tuples(NAMES, VALUES), st.text("ab=+/", min_size=27, max_size=28))
def test_what_the_library_refuses_is_refused(
    fields: list[tuple[str, str]], added: tuple[str, str], guess: str
) -> None:
    signed = RequestValidator(TOKEN).compute_signature(URL, MultiDict(fields))
    changed = MultiDict([*fields, added])

    for signature in (signed, guess):
        right = RequestValidator(TOKEN).validate(URL, changed, signature)
        assert right == holds(a_call(URL, changed, signature))


@given(TEXTS, st.booleans())
def test_a_body_is_let_in_by_its_digest_alone(text: str, has_digest: bool) -> None:
    digest = RequestValidator(TOKEN).compute_hash(text)
    url = f"{URL}&bodySHA256={digest}" if has_digest else URL
    signature = RequestValidator(TOKEN).compute_signature(url, {})

    assert (has_digest or not text) == holds(a_call(url, {}, signature, text.encode()))
