"""A subscription is known by the codes the registry gives, also where it gives them later."""

from __future__ import annotations

import pytest

from actions.registry.notify import SUBSCRIBED
from core.tasks import close_task
from records.followers import Detail, Followers
from tests.unit.worker.workshop import Workshop


def told(shop: Workshop, correlation: str, subscription: str) -> None:
    """The registry gives codes, and the intake queues them."""
    given = {"correlation": correlation, "subscription": subscription}
    shop.notices.subscribed(close_task(shop.seal, given))


def test_the_codes_of_the_registry_take_the_place_of_its_acknowledgement(
    workshop: Workshop,
) -> None:
    followers = Followers(workshop.database)
    followers.agree("p", "n", Detail.FULL, "ack-1")

    told(workshop, "ack-1", "s-1,s-2")

    assert "s-1,s-2" == followers.end("p", "n")


def test_codes_of_a_subscription_that_is_not_kept_yet_are_told_again(workshop: Workshop) -> None:
    with pytest.raises(workshop.notices.NotYetKept):
        told(workshop, "ack-1", "s-1")


def test_more_codes_than_can_be_kept_change_nothing(workshop: Workshop) -> None:
    followers = Followers(workshop.database)
    followers.agree("p", "n", Detail.FULL, "ack-1")

    told(workshop, "ack-1", "x" * 513)

    assert "ack-1" == followers.end("p", "n")


def test_what_the_intake_queues_is_a_task_of_the_worker(workshop: Workshop) -> None:
    assert SUBSCRIBED in workshop.app.app.tasks
