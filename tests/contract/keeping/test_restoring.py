"""A restore brings back what was, sends nothing again by itself, and erases again."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest

from records.audit import Audit
from records.audit_reading import AuditFilters, AuditReading
from records.database import open_database
from records.dead_letters import DeadLetters, Wanted
from records.outbox import Draft, Outbox, seal_context
from records.restored import Restored
from records.tables import (
    DraftRow,
    EmergencyRow,
    MediaRow,
    NoticeRow,
    OutboxMessage,
    SubmissionRow,
)
from tests.contract.keeping.kept_house import ANSWERS, PAPER, KeptHouse
from tests.contract.transcripts.conftest import a_turn
from transcripts.store import Transcripts
from worker.keeping import restore
from worker.keeping.manifest import NAME


def test_a_restored_house_has_every_row_and_its_sealed_draft_opens(kept: KeptHouse) -> None:
    before = kept.rows() | kept.rows(said=True)
    made = kept.back_up()
    kept.move()
    (kept.folder / "erasures").mkdir()
    code = kept.restore(made)
    after = kept.rows() | kept.rows(said=True)

    assert 0 == code
    # One row more: that it was restored.
    assert before | {"audit": before["audit"] + 1} == after
    assert (1, 1, 5) == (after["turns"], after["drafts"], after["outbox"])
    assert ANSWERS == kept.draft()
    assert [(PAPER,)] == kept.all(MediaRow, "content")
    with closing(open_database(kept.url)) as database:
        assert Audit(database).verify().broken_at is None


def test_nothing_that_may_have_gone_since_goes_by_itself(kept: KeptHouse) -> None:
    made = kept.back_up()
    kept.move()
    kept.restore(made, "--without-erasures")
    messages = kept.all(OutboxMessage, "state", "last_error")
    with closing(open_database(kept.url)) as database:
        due = Outbox(database).lease(10, 60.0)
        seen = DeadLetters(database).stuck(Wanted(states=("dead",), code="restored"))
        retried = DeadLetters(database).retry([one.id for one in seen])
        again = Outbox(database).lease(10, 60.0)

    restored = [("dead", "restored")] * 3
    assert [*restored, ("done", "restored"), ("dead", "")] == messages
    assert [] == due
    assert 3 == len(seen) == retried
    # The provider is asked whether it went before it is sent after all.
    assert 1 == len(again)
    assert again[0].unsure_since is not None
    assert [("held", "restored")] == kept.all(NoticeRow, "state", "outcome")
    assert [("stuck", "restored")] == kept.all(SubmissionRow, "state", "last_error")
    assert [("paused",)] == kept.all(EmergencyRow, "state")


@pytest.mark.parametrize(("word", "state"), [("tell", "queued"), ("drop", "dropped")])
def test_staff_decide_about_notices_and_the_audit_says_who(
    in_files: KeptHouse, word: str, state: str
) -> None:
    with closing(open_database(in_files.url)) as database:
        Restored(database).set_aside()
    nameless = restore.main(["notices", word])
    code = restore.main(["notices", word, "--by", "Amina"])
    with closing(open_database(in_files.url)) as database:
        noted = AuditReading(database).page(AuditFilters(), None)

    assert (1, 0) == (nameless, code)
    assert [(state,)] == in_files.all(NoticeRow, "state")
    assert {"count": 1, "by": "Amina"} == noted[0].detail


def test_who_was_erased_since_does_not_come_back(in_files: KeptHouse) -> None:
    made = in_files.back_up()
    in_files.erases("task", in_files.person, in_files.number)
    in_files.move()
    code = in_files.restore(made)
    after, said = in_files.rows(), in_files.rows(said=True)

    assert 0 == code
    assert (0, 0, 0, 0, 0) == tuple(
        after[name] for name in ("drafts", "media", "outbox", "submissions", "notices")
    )
    assert 0 == said["turns"] == said["conversations"]
    assert 0 == after["audit_subjects"]


def test_an_erasure_that_nobody_finished_is_carried_out(in_files: KeptHouse) -> None:
    in_files.erases("task", in_files.person, in_files.number, is_done=False)
    made = in_files.back_up()
    in_files.move()
    in_files.restore(made)

    assert [] == in_files.all(DraftRow, "id")


def test_a_restore_without_the_log_of_erasures_is_somebodys_decision(
    in_files: KeptHouse, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = in_files.back_up()
    in_files.move()
    monkeypatch.delenv("TWIZA_ERASURES_FOLDER")
    refused = in_files.restore(made)
    why = capsys.readouterr().err
    decided = in_files.restore(made, "--without-erasures")

    assert (1, 0) == (refused, decided)
    assert "who was erased since would come back" in why


def test_what_is_there_is_replaced_by_force_alone_and_never_under_a_running_process(
    kept: KeptHouse, capsys: pytest.CaptureFixture[str]
) -> None:
    made = kept.back_up()
    with closing(open_database(kept.said_url)) as database:
        Transcripts(database).record([a_turn("turn-2", number_key=kept.number)])
    refused = kept.restore(made, "--without-erasures")
    why = capsys.readouterr().err
    with closing(open_database(kept.url)) as running, running.reading() as session:
        session.connection()
        under = kept.restore(made, "--without-erasures", "--force")
    why += capsys.readouterr().err
    still = kept.rows(said=True)["turns"]
    forced = kept.restore(made, "--without-erasures", "--force")

    assert (1, 1, 2, 0) == (refused, under, still, forced)
    assert "something in records" in why
    assert "stop every process" in why
    assert 1 == kept.rows(said=True)["turns"]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"format": 2}, "format 2 of backups is not known here"),
        ({"began": "yesterday"}, "manifest.json is damaged"),
    ],
)
def test_a_manifest_of_another_form_is_refused(
    in_files: KeptHouse, change: dict[str, object], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    made = in_files.back_up()
    _rewrite(made, change)
    in_files.move()

    assert 1 == in_files.restore(made, "--without-erasures", "--unsigned")
    assert why in capsys.readouterr().err


def test_a_backup_of_a_later_version_is_refused(
    in_files: KeptHouse, capsys: pytest.CaptureFixture[str]
) -> None:
    made = in_files.back_up()
    manifest = json.loads((made / NAME).read_text())
    for store in manifest["stores"]:
        store["chains"] = dict.fromkeys(store["chains"], "9999")
    _rewrite(made, manifest)
    in_files.move()

    assert 1 == in_files.restore(made, "--without-erasures", "--unsigned")
    assert "made by a later version" in capsys.readouterr().err


def test_a_damaged_copy_is_refused_before_anything_is_touched(
    in_files: KeptHouse, capsys: pytest.CaptureFixture[str]
) -> None:
    made = in_files.back_up()
    [path] = made.glob("records-*")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))
    code = in_files.restore(made, "--without-erasures", "--force")

    assert 1 == code
    assert f"not as they were written: {path.name}" in capsys.readouterr().err
    assert [("queued",)] == in_files.all(SubmissionRow, "state")


def test_a_message_after_a_restore_has_a_number_nobody_had(kept: KeptHouse) -> None:
    made = kept.back_up()
    with closing(open_database(kept.url)) as database:
        sealed = kept.seal.close(b"{}", seal_context(kept.number))
        lost = Outbox(database).put(kept.number, "sms", [Draft(sealed)] * 20)
    kept.move()
    kept.restore(made, "--without-erasures")
    with closing(open_database(kept.url)) as database:
        new = Outbox(database).put(kept.number, "sms", [Draft(sealed)])

    assert new[0] > max(lost)


def test_a_restore_says_which_keys_are_missing(
    in_files: KeptHouse, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = in_files.back_up()
    in_files.move()
    monkeypatch.setenv("TWIZA_VAULT_KEY", "A" * 43 + "=")
    code = in_files.restore(made, "--without-erasures")

    assert 3 == code
    assert "NOT HERE: keys " in capsys.readouterr().out


def _rewrite(made: Path, change: dict[str, object]) -> None:
    path = made / NAME
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
