"""Twilio's own library makes templates, sends by them and removes files, none the wiser."""

from __future__ import annotations

import json
from typing import Any

import pytest
import requests
from flask.testing import FlaskClient
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client
from twilio.rest.content.v1.content import ContentList
from twilio.rest.content.v1.content.approval_create import ApprovalCreateList

from tests.unit.sandbox.phone.door_stub import TOKEN, StubDoor
from tests.unit.sandbox.provider.conftest import ACCOUNT

NUMBER = "+212612345678"
QUICK = {
    "friendly_name": "quick",
    "language": "fr",
    "variables": {"body": "?", "t": "Oui", "i": "1"},
    "types": {
        "twilio/quick-reply": {
            "body": "{{body}}",
            "actions": [{"type": "QUICK_REPLY", "title": "{{t}}", "id": "{{i}}"}],
        }
    },
}


class Asked(ContentList.ContentCreateRequest):
    """A template to make, as it is."""

    def __init__(self, asked: dict[str, Any]) -> None:
        self.asked = asked

    def to_dict(self) -> dict[str, Any]:
        """The body of the call."""
        return self.asked


def made(twilio: Client, asked: dict[str, Any] | None = None) -> str:
    """The ContentSid of a new template."""
    return str(twilio.content.v1.contents.create(Asked(QUICK if asked is None else asked)).sid)


def sent(twilio: Client, sid: str, **values: str) -> Any:
    """A message sent by a template."""
    return twilio.messages.create(
        to=f"whatsapp:{NUMBER}",
        from_="whatsapp:+212520000001",
        content_sid=sid,
        content_variables=json.dumps(values),
    )


def test_a_template_is_made_found_listed_and_removed(twilio: Client) -> None:
    sids = [made(twilio, QUICK | {"friendly_name": f"t{n}"}) for n in range(60)]
    contents = twilio.content.v1.contents

    assert "t0" == contents(sids[0]).fetch().friendly_name
    assert set(sids) == {content.sid for content in contents.list()}
    assert contents(sids[0]).delete()
    assert 59 == len(contents.list(page_size=20))
    with pytest.raises(TwilioRestException, match="not found"):
        contents(sids[0]).fetch()


def test_an_approval_is_asked_for_and_told(twilio: Client) -> None:
    content = twilio.content.v1.contents(made(twilio))
    asked = ApprovalCreateList.ContentApprovalRequest({"name": "quick", "category": "UTILITY"})
    before = content.approval_fetch().fetch().whatsapp

    assert before and "unsubmitted" == before["status"]
    assert "received" == content.approval_create.create(asked).status
    after = content.approval_fetch().fetch().whatsapp
    assert after and "approved" == after["status"]


def test_a_message_of_a_template_arrives_with_what_can_be_tapped(
    twilio: Client, phone: FlaskClient
) -> None:
    sent(twilio, made(twilio), body="Continuer ?", t="Non", i="0123abcd.2")
    [message] = phone.get(f"/api/inbox?number={NUMBER}").json["messages"]  # type: ignore[index]

    assert "Continuer ?" == message["text"]
    assert {
        "kind": "quick",
        "opener": "",
        "items": [{"id": "0123abcd.2", "title": "Non"}],
    } == message["choices"]


@pytest.mark.parametrize(
    ("values", "code"),
    [({"body": ""}, 21656), ({"t": "x" * 21}, 63013), ({"body": "x" * 1025}, 63013)],
)
def test_values_that_whatsapp_would_not_show_are_refused(
    twilio: Client, values: dict[str, str], code: int
) -> None:
    with pytest.raises(TwilioRestException) as refused:
        sent(twilio, made(twilio), **values)

    assert code == refused.value.code


def test_a_template_that_is_not_there_is_refused(twilio: Client) -> None:
    with pytest.raises(TwilioRestException) as refused:
        sent(twilio, "HX" + "0" * 32, body="?")

    assert 21655 == refused.value.code


@pytest.mark.parametrize("wrong", [{}, {"language": "fr"}, {"language": "fr", "types": []}])
def test_what_is_no_template_is_refused(twilio: Client, wrong: dict[str, Any]) -> None:
    with pytest.raises(TwilioRestException):
        made(twilio, wrong)


def test_a_file_lies_behind_the_token_until_it_is_deleted(
    twilio: Client, phone: FlaskClient, door: StubDoor
) -> None:
    phone.post("/api/send", json={"channel": "whatsapp", "number": NUMBER, "attach": "pdf"})
    form = door.said[0]
    root = f"{phone.environ_base['phone.url']}/twilio"
    url = form["MediaUrl0"].replace("https://api.twilio.com", root)
    account = form["AccountSid"]
    kept = requests.get(url, auth=(account, TOKEN), timeout=5)
    is_asked = requests.get(url, timeout=5)

    assert (200, b"%PDF") == (kept.status_code, kept.content[:4])
    assert "application/pdf" == kept.headers["Content-Type"]
    assert 401 == is_asked.status_code
    client = Client(account, TOKEN, http_client=twilio.http_client)
    assert client.messages(form["MessageSid"]).media(url.rpartition("/")[2]).delete()
    assert 404 == requests.get(url, auth=(account, TOKEN), timeout=5).status_code


def test_another_account_sees_no_template(twilio: Client) -> None:
    sid = made(twilio)
    other = Client("AC" + "2" * 32, TOKEN, http_client=twilio.http_client)

    assert ACCOUNT != other.account_sid
    with pytest.raises(TwilioRestException):
        other.content.v1.contents(sid).fetch()
