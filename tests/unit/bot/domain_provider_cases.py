"""The domain of a model is the one that stock Rasa reads from it."""

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path
from unittest import mock

from components.absent_modules import answer_absent_modules

answer_absent_modules()

from engine.domain_provider import QuickDomainProvider  # noqa: E402
from rasa.engine.storage.local_model_storage import LocalModelStorage  # noqa: E402
from rasa.engine.storage.resource import Resource  # noqa: E402
from rasa.graph_components.providers.domain_provider import DomainProvider  # noqa: E402
from rasa.shared.core.domain import Domain  # noqa: E402

DOMAIN = Path(__file__).parents[3] / "bot" / "domain"


class Kept(unittest.TestCase):
    def test_the_domain_of_a_model_is_read_as_stock_rasa_reads_it(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        storage, resource = LocalModelStorage.create(Path(folder.name)), Resource("domain")
        importer = mock.Mock(get_domain=lambda: Domain.load(str(DOMAIN)))
        DomainProvider.create({}, storage, resource, mock.Mock()).provide_train(importer)
        stock, quick = (
            kind.load({}, storage, resource, mock.Mock()).provide_inference()
            for kind in (DomainProvider, QuickDomainProvider)
        )

        self.assertGreater(len(quick.intents), 20)
        self.assertEqual(stock.as_dict(), quick.as_dict())
        self.assertEqual(stock.fingerprint(), quick.fingerprint())
        for name, value in vars(stock).items():
            self.assertEqual(repr(value), repr(vars(quick)[name]), name)


if __name__ == "__main__":
    unittest.main()
