"""Commands are coroutines; click is not."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def coroutine(function: Callable[P, Coroutine[Any, Any, R]]) -> Callable[P, R]:
    """Let click call `function`, which is written with `async def`."""

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        return asyncio.run(function(*args, **kwargs))

    return call
