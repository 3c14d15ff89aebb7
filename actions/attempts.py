"""How often an identity or a draft may be tried: per number, per person, and in all."""

from __future__ import annotations

import redis

from actions.settings import ActionsSettings
from core.stores import ask


class Attempts:
    """Counts failures over `tries_window_minutes` from the first one; then counting begins anew.

    With an empty `person_key`, where nobody was named, only the number and all together count.
    Tries of different `purpose` are counted apart.
    """

    def __init__(
        self, store: redis.Redis, settings: ActionsSettings, purpose: str = "tries"
    ) -> None:
        self._store = store
        self._purpose = purpose
        self._window = settings.tries_window_minutes * 60
        self._limits = {
            "number": settings.tries_per_number,
            "person": settings.tries_per_person,
            "all": settings.tries_in_all,
        }

    def are_spent(self, number_key: str, person_key: str) -> bool:
        """True where any of the three limits is reached."""
        keys = self._keys(number_key, person_key)
        counts: list[bytes | None] = ask(self._store, ("MGET", *keys.values()))[0]
        return any(
            int(count or 0) >= self._limits[name] for name, count in zip(keys, counts, strict=True)
        )

    def failed(self, number_key: str, person_key: str) -> None:
        """Count one failed try."""
        pipeline = self._store.pipeline()
        for key in self._keys(number_key, person_key).values():
            # Further failures lengthen nothing: a country's few a minute would never be forgotten.
            pipeline.set(key, 0, ex=self._window, nx=True)
            pipeline.incr(key)
        pipeline.execute()

    def passed(self, number_key: str, person_key: str) -> None:
        """Forget the failures of a number and a person that have now been verified."""
        ask(self._store, self.forgetting(number_key, person_key))

    def forgetting(self, number_key: str, person_key: str) -> tuple[str, ...]:
        """The command of Redis by which `passed` forgets, to be sent with others."""
        keys = self._keys(number_key, person_key)
        del keys["all"]
        return ("DEL", *keys.values())

    def _keys(self, number_key: str, person_key: str) -> dict[str, str]:
        keys = {"number": f"{self._purpose}:number:{number_key}", "all": f"{self._purpose}:all"}
        if person_key:
            keys["person"] = f"{self._purpose}:person:{person_key}"
        return keys
