"""Plans of queries that were asked before."""

from collections import OrderedDict
from collections.abc import Callable, Hashable

from server.query.caller import Caller
from server.query.plan import Plan


class PlanMemory:
    """The plans most recently used. The same words are asked again and again; building costs more."""

    def __init__(self, limit: int = 2000) -> None:
        self._limit = limit
        self._plans: OrderedDict[Hashable, Plan] = OrderedDict()

    async def plan(self, caller: Caller, asked: Hashable, builder: Callable[[], Plan]) -> Plan:
        """The plan for what is `asked` of the caller's entity, with the caller's rights."""
        # The rights stand for role and version: they are loaded anew for another of either.
        key = (caller.entity.id, caller.app.version, caller.actor.role, asked)
        plan = self._plans.get(key)
        if plan is None:
            plan = await caller.build(builder)
            self._plans[key] = plan
            if len(self._plans) > self._limit:
                self._plans.popitem(last=False)
        else:
            self._plans.move_to_end(key)
        return plan
