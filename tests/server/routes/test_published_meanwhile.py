"""A request that was on its way while the model changed is answered as if it had come later."""

import asyncio
from copy import deepcopy
from typing import Any

from tests.publishing import Connection, publish
from tests.server.routes.client import Client
from tests.server.routes.shop import SHOP


def with_field(entity: str, name: str, /, **parameters: Any) -> dict[str, Any]:
    """The shop with one of its fields altered."""
    model = deepcopy(SHOP)
    fields = next(item for item in model["entities"] if item["name"] == entity)["fields"]
    next(item for item in fields if item["name"] == name).update(parameters)
    return model


async def test_a_name_that_went_while_the_model_was_read_anew_by_another_request_is_no_mistake(
    shop: Client, connection: Connection
) -> None:
    await shop.ask("POST", "customer", json={"code": "ALFKI", "name": "Alfreds"})
    smaller = with_field("customer", "country", name="land")
    await publish(connection, smaller, allow_data_loss=True)

    # The first one to meet the change reads the model anew for all.
    answers = await asyncio.gather(*(shop.ask("GET", "customer") for _ in range(4)))

    assert [answer.status_code for answer in answers] == [200] * 4
