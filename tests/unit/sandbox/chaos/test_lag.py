"""What this machine let a thread wait is told for a while."""

from __future__ import annotations

import threading

from sandbox.chaos.lag import Delay, Lag


def test_the_longest_delay_that_falls_into_a_while_is_told() -> None:
    lag = Lag(threading.Event(), [Delay(1.0, 1.1), Delay(2.0, 2.5), Delay(9.0, 9.9)])

    assert 0.5 == lag.worst(0.0, 5.0)
    assert 0.5 == lag.worst(2.4, 3.0)
    assert 0.0 == lag.worst(3.0, 8.0)
