"""Answer the imports of packages that the lock leaves out, so that Rasa starts without them.

Rasa imports TensorFlow with the DIET, TED and ResponseSelector classes, and the SDKs of a dozen
channels and stores, whether or not they are used. Here such an import yields placeholders: classes
that can be read, subclassed and used as decorators, and that refuse to be instantiated through a
class of Rasa's. A real installation always wins, because this finder stands last.
"""

from __future__ import annotations

import abc
import importlib.abc
import importlib.machinery
import sys
import types
from typing import Any, Sequence

ABSENT = frozenset(
    {
        *("keras", "tensorflow", "tensorflow_hub", "tensorflow_text"),
        *("aiogram", "fbmessenger", "google", "slack_sdk", "twilio", "webexteamssdk"),
        *("boto3", "botocore", "matplotlib", "pymongo", "structlog_sentry"),
    }
)


class _PlaceholderType(abc.ABCMeta):
    """The type of every placeholder. An abstract one, since Rasa mixes them with its own."""

    def __getattr__(cls, name: str) -> Any:
        # Dunder and ABC look-ups must fail, or Python takes the class for what it isn't.
        if name.startswith(("__", "_abc")):
            raise AttributeError(name)
        return _placeholder(f"{cls.__qualname__}.{name}")

    def __call__(cls, *given: Any, **named: Any) -> Any:
        if "is_placeholder" not in cls.__dict__:
            raise ImportError(f"{cls.__name__} needs a package that bot/pyproject.toml leaves out")
        used_as_decorator = len(given) == 1 and not named and callable(given[0])
        return given[0] if used_as_decorator else cls

    def __getitem__(cls, _: Any) -> type:
        return cls

    def __or__(cls, _: Any) -> type:
        return cls

    def __ror__(cls, _: Any) -> type:
        return cls


def _placeholder(name: str) -> type:
    body = {"__module__": __name__, "__qualname__": name, "is_placeholder": True}
    # `except PyMongoError` must find an exception there, or it hides the one being raised.
    bases = (Exception,) if name.endswith(("Error", "Exception")) else ()
    return _PlaceholderType(name.rpartition(".")[2], bases, body)


class _AbsentModule(types.ModuleType):
    """A module whose every public name is a placeholder."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        full_name = f"{self.__name__}.{name}"
        found = sys.modules.get(full_name) or _placeholder(full_name)
        setattr(self, name, found)
        return found


class _SentryProcessor:
    """The one absent class that Rasa really calls: a step of its log pipeline."""

    def __init__(self, **_: Any) -> None:
        pass

    def __call__(self, _: Any, __: str, event: dict[str, Any]) -> dict[str, Any]:
        return event


class AbsentModules(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds and loads placeholder modules for the names in ABSENT and everything below them."""

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,
        target: types.ModuleType | None = None,
    ) -> importlib.machinery.ModuleSpec | None:
        """Answer for absent packages only. Other names stay unfound."""
        if fullname.partition(".")[0] not in ABSENT:
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        """Make the placeholder module."""
        return _AbsentModule(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """Give the module the attributes that Rasa reads while it is imported."""
        module.__path__ = []
        module.__version__ = "0"  # type: ignore[attr-defined]
        if module.__name__ == "structlog_sentry":
            module.SentryProcessor = _SentryProcessor  # type: ignore[attr-defined]


def answer_absent_modules() -> None:
    """Put the finder last on the import path, once. Call it before the first import of Rasa."""
    if not any(isinstance(finder, AbsentModules) for finder in sys.meta_path):
        sys.meta_path.append(AbsentModules())
