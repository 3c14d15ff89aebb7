"""An OpenAPI file is written out whole: calls, fields, limits, and what other files say."""

from __future__ import annotations

from pathlib import Path

import pytest

from handbook.openapi import FOLDER, written, written_out

FILES = sorted(FOLDER.glob("*.yaml"))
SMALL = """
info: {summary: Small., description: Nothing more.}
paths:
  /people/{name}:
    get:
      summary: One person.
      parameters:
        - {name: name, in: path, required: true, schema: {type: string, maxLength: 9}}
      responses:
        '200':
          description: Found | not hidden.
          content: {application/json: {schema: {$ref: '#/components/schemas/Person'}}}
components:
  schemas:
    Person:
      type: object
      required: [age]
      properties:
        age: {type: integer, minimum: 0, description: In years.}
        state: {enum: [here, gone]}
        friends: {type: array, items: {$ref: '#/components/schemas/Person'}}
"""


@pytest.fixture
def small(tmp_path: Path) -> str:
    """A small file, written out."""
    path = tmp_path / "small.yaml"
    path.write_text(SMALL, encoding="utf-8")
    return written(path)


def test_a_call_tells_its_parameters_and_answers(small: str) -> None:
    assert "## `GET /people/{name}`" in small
    assert "| `name` \\* | path | string, letters at most `9` |" in small
    assert (
        "| 200 | Found \\| not hidden. | [Person](#openapi-small-person) as `application/json` |"
        in small
    )


def test_a_schema_tells_its_fields(small: str) -> None:
    assert "(openapi-small-person)=\n### Person" in small
    assert "| `age` \\* | integer, at least `0` | In years. |" in small
    assert "| `state` | `here` or `gone` |" in small
    assert "| `friends` | list of [Person](#openapi-small-person) |" in small


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_file_has_a_page_in_which_all_its_schemas_stand(path: Path) -> None:
    page = path.with_suffix(".md").read_text(encoding="utf-8")
    whole = written_out(page)

    assert "{openapi}" in page and "{openapi}" not in whole
    assert set() == {
        line.split("#")[1].rstrip(")")
        for line in whole.replace("(#", "\n#").replace(")", ")\n").splitlines()
        if line.startswith(f"#openapi-{path.stem}-") and f"({line[1:].rstrip(')')})=" not in whole
    }
