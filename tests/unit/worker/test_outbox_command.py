"""What staff see and do at the outbox: never a text, never a number."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import import_module

import pytest

from records.applications import Applications, HandedIn
from tests.builders import NUMBER
from tests.unit.worker.workshop import Workshop

pytestmark = pytest.mark.usefixtures("still")

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(workshop: Workshop, capsys: pytest.CaptureFixture[str]) -> Run:
    """A command of `bin/outbox`: its exit code, and all it said."""
    main = import_module("worker.outbox.command").main

    def command(*arguments: object) -> tuple[int, str]:
        capsys.readouterr()
        code = main([str(one) for one in arguments])
        said = capsys.readouterr()
        return code, said.out + said.err

    return command


@pytest.fixture
def dead(workshop: Workshop) -> Workshop:
    """A worker that gave two messages up."""
    workshop.twilio.script += [(400, 21408), (400, 30007)]
    workshop.deliver("Votre indice est 8,7654321")
    workshop.deliver("Khadija Benali", "+212698765432")
    return workshop


def test_what_was_given_up_is_listed_without_a_text_or_a_number(dead: Workshop, run: Run) -> None:
    code, said = run("list")

    assert 0 == code
    assert 3 == len(said.splitlines())
    assert "21408" in said and "30007" in said and "dead" in said
    assert dead.pseudonyms.number(NUMBER)[:8] in said
    for secret in ("8,76", "Khadija", NUMBER[4:], "698765432"):
        assert secret not in said


@pytest.mark.parametrize(
    ("arguments", "codes"),
    [
        (("--code", "30007"), {"30007"}),
        (("--state", "queued"), set()),
        (("--older", "1h"), set()),
        (("--channel", "sms"), {"21408", "30007"}),
        (("--limit", "1"), {"21408"}),
    ],
)
def test_a_list_is_of_what_is_asked_for(
    dead: Workshop, run: Run, arguments: tuple[str, ...], codes: set[str]
) -> None:
    _, said = run("list", "--json", *arguments)

    assert codes == {one["code"] for one in json.loads(said)}


def test_a_message_is_shown_with_what_its_code_means(dead: Workshop, run: Run) -> None:
    code, said = run("show", 1)

    assert 0 == code
    assert "The account may not send to this country." in said
    assert "kept, sealed" in said
    assert NUMBER[4:] not in said


def test_a_message_that_is_not_there_is_said_so(workshop: Workshop, run: Run) -> None:
    assert (1, "there is no message 404\n") == run("show", 404)


def test_messages_are_sent_again_and_it_is_audited_by_whom(dead: Workshop, run: Run) -> None:
    code, said = run("retry", "--code", "21408", "--by", "Amal")
    dead.deliveries.drain()
    [row] = dead.audited("messages.retried")

    assert (0, "1 of 1 retried\n") == (code, said)
    assert ["Votre indice est 8,7654321"] == dead.twilio.texts
    assert {"asked": 1, "by": "Amal", "count": 1} == json.loads(row.detail)


def test_without_a_word_on_which_nothing_is_sent_again_that_waits(
    workshop: Workshop, run: Run
) -> None:
    workshop.twilio.script += [503]
    workshop.deliver("Bonjour")

    assert (1, "0 of 0 retried\n") == run("retry", "--by", "Amal")
    assert (1, "0 of 0 dropped\n") == run("drop", "--by", "Amal")
    assert 1 == workshop.waiting()


def test_a_dropped_message_cannot_be_sent_again(dead: Workshop, run: Run) -> None:
    dropped = run("drop", 1, "--by", "Amal")
    again = run("retry", 1, "--by", "Amal")

    assert (0, "1 of 1 dropped\n") == dropped
    assert (1, "0 of 1 retried\n") == again
    assert ("dead", "dropped", 1, b"") == dead.rows()[0]


def test_messages_are_counted_with_the_sms_they_take(dead: Workshop, run: Run) -> None:
    dead.deliver("x" * 161)
    _, said = run("count", "--json")
    counted = [(one["state"], one["count"], one["segments"]) for one in json.loads(said)]

    assert [("dead", 1, 1), ("dead", 1, 1), ("sent", 1, 2)] == sorted(counted)


def test_what_was_handed_in_is_listed_and_sent_again(workshop: Workshop, run: Run) -> None:
    handed = HandedIn("key-1", "123456789012", "p", "n", "application", "asd", b"sealed")
    Applications(workshop.database).hand_in(handed)
    _, listed = run("submissions")
    sent = run("resubmit", "123456789012", "--by", "Amal")
    unknown = run("resubmit", "999999999999", "--by", "Amal")

    assert "123456789012" in listed and "asd" in listed
    assert ((0, "1 queued\n"), (1, "0 queued\n")) == (sent, unknown)


@pytest.mark.parametrize("written", ["30", "2w", "-1h", "h"])
def test_a_span_that_is_none_is_refused(run: Run, written: str) -> None:
    with pytest.raises(SystemExit):
        run("list", "--older", written)
