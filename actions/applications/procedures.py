"""What can be filled in: the open programmes and registers, a complaint, a change of contact."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from actions.programmes import Programme, Question
from actions.programmes.questions import checked_questions
from actions.programmes.texts import Texts, Title
from core.errors import SettingsFaulty

FILES: Final = Path(__file__).parents[1] / "procedures"
Kind = Literal["application", "complaint", "contact"]
SERVICES: Final = {
    "application": "apply",
    "complaint": "report_problem",
    "contact": "update_information",
}


class ProcedureFile(BaseModel):
    """A procedure that is no programme, as its file in actions/procedures describes it.

    `receiver` says who will read it, for the consent to send.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["complaint", "contact"]
    names: Title
    receiver: Texts
    questions: Annotated[tuple[Question, ...], AfterValidator(checked_questions)]


@dataclass(frozen=True, slots=True)
class Procedure:
    """One thing that is filled in. Without `needs_identity` consent alone opens it."""

    key: str
    kind: Kind
    names: Texts
    questions: tuple[Question, ...]
    needs_identity: bool = True
    receiver: Texts | None = None

    @property
    def service(self) -> str:
        """The intent that asks for it."""
        return SERVICES[self.kind]

    @property
    def may_be_assisted(self) -> bool:
        """True where it is asked whether somebody fills it in for another."""
        return self.kind == "application"

    def name(self, language: str) -> str:
        """Its name as a button has it."""
        return self.names.in_language(language)


def procedures(
    programmes: dict[str, Programme], files: dict[str, ProcedureFile]
) -> dict[str, Procedure]:
    """Every procedure by its key: the programmes that can be applied for here, then the files."""
    found = {
        key: Procedure(
            key,
            "application",
            programme.short_names,
            programme.questions,
            programme.identity == "verified",
        )
        for key, programme in programmes.items()
        if programme.is_open
    }
    for key, file in files.items():
        found[key] = Procedure(key, file.kind, file.names, file.questions, True, file.receiver)
    return found


def load_files(folder: Path = FILES) -> dict[str, ProcedureFile]:
    """The files of actions/procedures by their names. Raises SettingsFaulty with every fault."""
    found: dict[str, ProcedureFile] = {}
    faults: list[str] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            content = tomllib.loads(path.read_text(encoding="utf-8"))
            found[path.stem] = ProcedureFile.model_validate(content)
        except (tomllib.TOMLDecodeError, ValidationError, OSError) as faulty:
            faults.append(f"{path.name}: {faulty}")
    if faults:
        raise SettingsFaulty(faults)
    return found
