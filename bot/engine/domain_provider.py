"""The domain of a model as it was validated when the model was trained.

Stock Rasa validates it against its schema anew at every start, and reads it for that with a parser
that keeps comments: half of what an engine's start takes.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.graph_components.providers.domain_provider import DomainProvider
from rasa.shared.core.domain import Domain
from rasa.shared.utils.io import read_file, read_yaml

# Where DomainProvider keeps it.
_FILE = "domain.yml"


class QuickDomainProvider(DomainProvider):
    """Provides the same domain as the stock provider does."""

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> QuickDomainProvider:
        """The provider of a model that was trained."""
        with model_storage.read_from(resource) as folder:
            domain = Domain.from_dict(read_yaml(read_file(folder / _FILE)))
        return cls(model_storage, resource, domain)
