"""Labels come from closed sets: nobody's data and no endless row of names becomes one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import REGISTRY, Counter
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from core.meters import Family, Meters, Names, counters, page, watch

_NEXT = count()


def a_counter(*known: str) -> tuple[Meters[Counter], str]:
    """A counter with one label of these values, and its name."""
    name = f"twiza_test_{next(_NEXT)}_total"
    return counters(name, "A test", what=Names(*known)), name


def told(name: str) -> dict[str, float]:
    """What is counted under each value of the label."""
    found = re.findall(rf'^{name}{{what="([^"]*)"}} ([\d.]+)$', page().decode(), re.MULTILINE)
    return {what: float(value) for what, value in found}


@given(st.lists(st.text(max_size=30), max_size=20))
def test_whatever_comes_is_counted_under_known_names_alone(values: list[str]) -> None:
    meters, name = a_counter("a", "b")
    for value in ["a", *values]:
        meters.labels(value).inc()

    assert {"a", "b", "none", "other"} >= set(told(name))
    assert 1 + len(values) == sum(told(name).values())


@pytest.mark.parametrize("private", ["+212612345678", "2111111116", "Fatima", "[[idcs:x:16]]"])
def test_nothing_of_a_person_becomes_a_label(private: str) -> None:
    meters, name = a_counter("a")
    meters.labels(private).inc()

    assert {"other": 1} == told(name)
    assert private not in page().decode()


def test_a_thousand_unknown_names_make_one_row() -> None:
    meters, name = a_counter()
    for number in range(1000):
        meters.labels(f"name{number}").inc()

    assert {"other": 1000} == told(name)


def test_a_name_that_is_learnt_is_counted_as_itself_from_then_on() -> None:
    names = Names()
    name = f"twiza_test_{next(_NEXT)}_total"
    meters = counters(name, "A test", what=names)
    meters.labels("ussd").inc()
    names.learn(["ussd"])
    meters.labels("ussd").inc()

    assert {"other": 1, "ussd": 1} == told(name)


def test_a_label_too_many_or_too_few_is_a_fault() -> None:
    meters, _ = a_counter("a")

    for values in ((), ("a", "a")):
        with pytest.raises(ValueError, match="zip"):
            meters.labels(*values)


class Looked(Collector):
    """Two values under names that are not known."""

    def describe(self) -> list[Metric]:
        return []

    def collect(self) -> Iterator[Metric]:
        family = Family("twiza_test_looked", "A test", what=Names("a"))
        family.set(1, "a")
        family.set(2, "x")
        family.set(3, "y")
        yield family.metric


def test_what_is_looked_at_keeps_to_its_names_and_sums_the_others() -> None:
    looked = Looked()
    watch(looked)
    try:
        assert {"a": 1, "other": 5} == told("twiza_test_looked")
    finally:
        REGISTRY.unregister(looked)
