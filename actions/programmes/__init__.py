"""The programmes as data: one TOML file each. Adding a programme is adding a file here."""

from __future__ import annotations

from actions.programmes.catalogue import load_programmes
from actions.programmes.model import Programme, Threshold
from actions.programmes.questions import Choice, Question

__all__ = ["Choice", "Programme", "Question", "Threshold", "load_programmes"]
