"""The engine reads its secrets from files, as every other process does."""

from __future__ import annotations

import os
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from engine.starting import read_files


class Starting(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = Path(folder.name) / "secret"
        self.file.write_text("from a file\n", encoding="utf-8")

    def test_a_file_gives_the_setting_its_value(self) -> None:
        with mock.patch.dict(os.environ, {"TWIZA_ACTIONS_TOKEN_FILE": str(self.file)}):
            read_files()

            self.assertEqual("from a file", os.environ["TWIZA_ACTIONS_TOKEN"])

    def test_a_file_that_others_read_need_not_be_there(self) -> None:
        given = {"TWIZA_REGISTRY_CA_FILE": str(self.file) + "-gone"}
        with mock.patch.dict(os.environ, given):
            read_files()

            self.assertNotIn("TWIZA_REGISTRY_CA", os.environ)

    def test_a_file_that_is_not_there_stops_the_engine_and_names_the_setting(self) -> None:
        given = {"TWIZA_ACTIONS_TOKEN_FILE": str(self.file) + "-gone"}
        with mock.patch.dict(os.environ, given), self.assertRaises(SystemExit) as stopped:
            read_files()

        self.assertIn("TWIZA_ACTIONS_TOKEN_FILE", str(stopped.exception))
        self.assertNotIn(str(self.file), str(stopped.exception))


if __name__ == "__main__":
    unittest.main()
