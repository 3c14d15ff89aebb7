"""The registry in memory: the promises of the port with no wire, for tests and demonstrations."""

from actions.registry.pretend.codes import PretendMessage
from actions.registry.pretend.records import PretendOffice, PretendRecord
from actions.registry.pretend.registry import PretendRegistry

__all__ = ["PretendMessage", "PretendOffice", "PretendRecord", "PretendRegistry"]
