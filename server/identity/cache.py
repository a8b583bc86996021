"""Callers that were just looked up, so that a request costs no extra round trip."""

from collections.abc import Hashable
from time import monotonic

from server.identity.principal import Principal

# The database says on it that somebody's rights changed.
CHANNEL = "qryvanta_identity"


class PrincipalCache:
    """Principals by their proof, for a few seconds, and not longer than the database says.

    Who is disabled must be out within five seconds even when the notification is lost.
    """

    def __init__(self, seconds: float = 4.0, limit: int = 10_000) -> None:
        self._seconds = seconds
        self._limit = limit
        self._entries: dict[Hashable, tuple[float, Principal]] = {}
        self.generation = 0

    def get(self, proof: Hashable) -> Principal | None:
        """The principal of a proof that was looked up a moment ago."""
        entry = self._entries.get(proof)
        return entry[1] if entry and entry[0] > monotonic() else None

    def put(self, proof: Hashable, principal: Principal, generation: int) -> None:
        """Remember a principal unless rights changed since the look-up began (at `generation`)."""
        if generation != self.generation:
            return
        if len(self._entries) >= self._limit:
            self._entries.clear()
        self._entries[proof] = (monotonic() + self._seconds, principal)

    def clear(self) -> None:
        """Forget everybody."""
        self.generation += 1
        self._entries.clear()

    async def forget(self) -> None:
        """Forget everybody, as the handler of a notification on CHANNEL."""
        self.clear()
