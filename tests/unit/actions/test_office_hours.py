"""The hours that staff set hold in place of those of the settings."""

from __future__ import annotations

from datetime import date, time

from tests.unit.actions.world import World


def test_what_staff_set_last_holds(world: World) -> None:
    services = world.services
    from_settings, _ = services.office_hours()
    services.staff_hours.change("sat 10:00-11:00", "2026-11-28", "3")
    services.staff_hours.change("sun 10:00-11:00", "", "3")
    [sunday], off = services.office_hours()

    assert 5 == len(from_settings)
    assert (6, time(10), frozenset[date]()) == (sunday.weekday, sunday.opens, off)
