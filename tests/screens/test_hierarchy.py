"""The employees of Northwind as a hierarchy on the screens."""

from tests.screens.conftest import SignIn
from tests.screens.reading import form_values, problem_at, record_form, titles


async def test_a_filter_finds_a_whole_branch(sign_in: SignIn) -> None:
    mara = await sign_in()
    steven = await mara.open("employee", "Steven Buchanan")
    key = form_values(record_form(await mara.open("employee", "Anne Dodsworth")))["reports_to"]

    grid = await mara.see(f"/a/northwind/employee?filter=reports_to.under.{key}&sort=number")
    chosen = await mara.see("/a/northwind/employee?add=reports_to")

    assert "Steven Buchanan" in steven.text
    assert titles(grid) == ["Michael Suyama", "Robert King", "Anne Dodsworth"]
    assert "is or is below Steven Buchanan" in " ".join(grid.text.split())
    assert "is or is below" in chosen.text


async def test_a_boss_below_oneself_is_refused_at_the_lookup(sign_in: SignIn) -> None:
    mara = await sign_in()
    andrew = await mara.open("employee", "Andrew Fuller")
    anne = await mara.open("employee", "Anne Dodsworth")
    boss = form_values(record_form(anne))["reports_to"]

    page = await mara.save(andrew, reports_to=boss)

    assert mara.status == 422
    assert problem_at(page, "reports_to") == "Employee cannot be below itself"
