"""Rasa's graph runner without a scheduler: the nodes of a target, one after the other."""

from __future__ import annotations

import dataclasses
from typing import Any

from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.graph import ExecutionContext, GraphNode, GraphNodeHook, GraphSchema
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.storage import ModelStorage
from rasa.graph_components.providers.domain_provider import DomainProvider

from engine.domain_provider import QuickDomainProvider
from engine.rules import QuickRulePolicy

_QUICK: dict[type, type] = {RulePolicy: QuickRulePolicy, DomainProvider: QuickDomainProvider}
Step = tuple[GraphNode, tuple[str, ...]]


class LinearGraphRunner(GraphRunner):
    """Runs a model's prediction graph in an order that is found once for each set of targets.

    The model is one that stock Rasa trained and can load; where it names a class of which there is
    a quick one, that loads what the stock one kept.
    """

    def __init__(self, schema: GraphSchema, nodes: dict[str, GraphNode]) -> None:
        """Hold a graph's nodes."""
        self._schema = schema
        self._nodes = nodes
        self._orders: dict[tuple[str, ...], list[Step]] = {}

    @classmethod
    def create(
        cls,
        graph_schema: GraphSchema,
        model_storage: ModelStorage,
        execution_context: ExecutionContext,
        hooks: list[GraphNodeHook] | None = None,
    ) -> LinearGraphRunner:
        """The runner of a model that was loaded."""
        quick = {
            name: dataclasses.replace(node, uses=_QUICK.get(node.uses, node.uses))
            for name, node in graph_schema.nodes.items()
        }
        nodes = {
            name: GraphNode.from_schema_node(name, node, model_storage, execution_context, hooks)
            for name, node in quick.items()
        }
        return cls(graph_schema, nodes)

    def run(
        self,
        inputs: dict[str, Any] | None = None,
        targets: list[str] | None = None,
    ) -> dict[str, Any]:
        """The outputs of the targets."""
        wanted = tuple(targets or self._schema.target_names)
        order = self._orders.get(wanted)
        if order is None:
            order = self._orders[wanted] = self._ordered(wanted)
        found = {name: (name, given) for name, given in (inputs or {}).items()}
        for node, needs in order:
            name, output = node(*[found[need] for need in needs])
            found[name] = (name, output)
        return {target: found[target][1] for target in wanted}

    def _ordered(self, targets: tuple[str, ...]) -> list[Step]:
        schema = self._schema.minimal_graph_schema(list(targets))
        steps: dict[str, Step] = {}

        def reach(name: str) -> None:
            if name in steps or name not in schema.nodes:
                return
            needs = tuple(schema.nodes[name].needs.values())
            for need in needs:
                reach(need)
            steps[name] = (self._nodes[name], needs)

        for target in targets:
            reach(target)
        return list(steps.values())
