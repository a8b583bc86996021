"""`select`: columns, aliases, casts, embedded records at any depth."""

from tests.server.routes.client import Client
from tests.server.routes.sales import fill


async def test_columns_aliases_and_casts(shop: Client) -> None:
    await fill(shop)
    assert shop.principal

    [row] = await shop.get("customer?select=company:name,code,created_by::text&code=eq.ALFKI")

    assert row == {"company": "Alfreds", "code": "ALFKI", "created_by": str(shop.principal.user_id)}


async def test_a_lookup_is_embedded_by_its_name_its_column_or_its_constraint(shop: Client) -> None:
    await fill(shop)

    for name in ("customer", "customer_id", "sales_order_customer_fkey"):
        rows = await shop.get(f"sales_order?select=number,{name}(name)&order=number")
        assert rows[0] == {"number": 1, name: {"name": "Alfreds"}}, name


async def test_an_empty_lookup_is_null(shop: Client) -> None:
    await fill(shop)

    rows = await shop.get("sales_order?select=bill_to(name)&number=eq.1")

    assert rows == [{"bill_to": None}]


async def test_children_and_their_lookups_are_embedded_to_any_depth(shop: Client) -> None:
    await fill(shop)

    rows = await shop.get(
        "customer?select=code,orders:sales_order!customer(number,order_line(quantity,product(name)))"
        "&orders.order=number.desc&orders.limit=1&order=code&limit=1"
    )

    assert rows == [
        {
            "code": "ALFKI",
            "orders": [{"number": 2, "order_line": [{"quantity": 5, "product": {"name": "Chai"}}]}],
        }
    ]


async def test_many_to_many_is_embedded_by_the_target_and_the_relation_is_a_resource(shop: Client) -> None:
    await fill(shop)

    [ann] = await shop.get("employee?select=name,territory(name)&name=eq.Ann&territory.order=name")
    relations = await shop.get("employee_territory?select=employee(name),territory(name)")

    assert ann == {"name": "Ann", "territory": [{"name": "Boston"}, {"name": "Salem"}]}
    assert len(relations) == 3


async def test_in_a_self_reference_the_lookup_and_the_children_are_told_apart(shop: Client) -> None:
    await fill(shop)

    [bob] = await shop.get("employee?select=name,reports_to(name)&name=eq.Bob")
    [ann] = await shop.get("employee?select=name,employee!reports_to(name)&name=eq.Ann")

    assert bob == {"name": "Bob", "reports_to": {"name": "Ann"}}
    assert ann == {"name": "Ann", "employee": [{"name": "Bob"}]}


async def test_a_unique_lookup_embeds_as_an_object_from_both_sides(shop: Client) -> None:
    sales = await fill(shop)
    await shop.add("passport", number="P1", employee_id=sales.ann)

    assert await shop.get("passport?select=number,employee(name)") == [
        {"number": "P1", "employee": {"name": "Ann"}}
    ]
    assert await shop.get("employee?select=passport(number)&name=eq.Ann") == [{"passport": {"number": "P1"}}]


async def test_an_ambiguous_embed_is_refused_and_names_the_hints(shop: Client) -> None:
    response = await shop.ask("GET", "customer?select=sales_order(number)")

    assert response.status_code == 300
    assert response.json()["code"] == "PGRST201"
    assert "sales_order!bill_to" in response.json()["message"]


async def test_an_unknown_embed_is_refused(shop: Client) -> None:
    response = await shop.ask("GET", "customer?select=nonsense(number)")

    assert response.status_code == 400
    assert response.json()["code"] == "PGRST200"


async def test_inner_leaves_out_records_without_a_match(shop: Client) -> None:
    await fill(shop)

    rows = await shop.get(
        "customer?select=code,sales_order!customer!inner(number)&sales_order.status=eq.shipped"
    )

    assert rows == [{"code": "ALFKI", "sales_order": [{"number": 2}]}]


async def test_a_filter_on_an_embed_restricts_the_embed_only(shop: Client) -> None:
    await fill(shop)

    rows = await shop.get("sales_order?select=number,customer(name)&customer.country=eq.Germany&order=number")

    assert [row["customer"] for row in rows] == [{"name": "Alfreds"}, {"name": "Alfreds"}, None]


async def test_an_embed_can_be_asked_for_absence(shop: Client) -> None:
    await fill(shop)

    rows = await shop.get("sales_order?select=number,order_line()&order_line=is.null&order=number")

    assert rows == [{"number": 1}, {"number": 3}]


async def test_a_to_one_embed_can_be_spread_and_sorted_by(shop: Client) -> None:
    await fill(shop)

    rows = await shop.get(
        "sales_order?select=number,...customer(company:name),customer(name)&order=customer(name).desc,number"
    )

    assert [(row["number"], row["company"]) for row in rows] == [
        (3, "Zorbas"),
        (1, "Alfreds"),
        (2, "Alfreds"),
    ]


async def test_people_are_embedded(shop: Client) -> None:
    await fill(shop)

    rows = await shop.get("customer?select=created_by(name)&code=eq.ALFKI")

    assert rows == [{"created_by": {"name": "ann@example.org"}}]


async def test_aggregates_group_by_the_other_columns(shop: Client) -> None:
    await fill(shop)

    rows = await shop.get("sales_order?select=status,count(),freight.sum()&order=status")

    assert rows == [
        {"status": "open", "count": 2, "sum": 12.5},
        {"status": "shipped", "count": 1, "sum": 7.25},
    ]


async def test_places_inside_json_can_be_selected_filtered_and_sorted_by(shop: Client) -> None:
    sales = await fill(shop)
    await shop.add(
        "sales_order", number=9, customer_id=sales.alfki, details={"box": {"size": 3}, "notes": ["a", "b"]}
    )

    rows = await shop.get(
        "sales_order?select=details->box->>size,details->notes->1,x:details->box"
        "&details->box->>size=eq.3&order=details->>box"
    )

    assert rows == [{"size": "3", "1": "b", "x": {"size": 3}}]
