"""A publisher was killed, and then somebody wants something else."""

from tests.command import qryvanta
from tests.workers import long_plan, seen
from tests.workers.staging import Base, went_well


async def test_another_draft_after_the_kill_takes_the_place_of_the_first(base: Base) -> None:
    async with base.copy() as calm:
        await long_plan.draw_up(calm.watcher, long_plan.OTHERWISE, "'O' || number")
        await calm.publish()
        went_well(await calm.end())
        wanted = await seen.look(calm.watcher)

    async with base.copy() as killing:
        await killing.kill_at("begin_step: insert step validate")
        await long_plan.draw_up(killing.watcher, long_plan.OTHERWISE, "'O' || number")
        await killing.publish()
        went_well(await killing.end())

        await seen.complete(killing.watcher, wanted)
        states = await killing.watcher.fetch("select state from publish.publication order by requested_at")
        assert [row["state"] for row in states] == ["live", "superseded", "live"]


async def test_a_draft_that_comes_back_does_not_take_the_values_of_another(base: Base) -> None:
    async with base.copy() as killing:
        await killing.kill_at("end_step: update step fill")
        await long_plan.draw_up(killing.watcher, code="'O' || number")
        await killing.kill_at("end_step: update step fill")
        await long_plan.draw_up(killing.watcher)
        await killing.publish()
        went_well(await killing.end())

        await seen.complete(killing.watcher, base.unused)


async def test_who_gives_up_after_the_kill_rolls_back(base: Base) -> None:
    async with base.copy() as killing:
        before = await seen.look(killing.watcher)
        await killing.kill_at("create: end of create index")
        went_well(await qryvanta(killing.database, "app", "rollback", "load", "1", "--yes", "--json"))

        await seen.complete(killing.watcher, before)


async def test_a_repair_after_the_kill_takes_away_what_was_prepared(base: Base) -> None:
    async with base.copy() as killing:
        before = await seen.look(killing.watcher)
        await killing.kill_at("begin_step: insert step validate")
        went_well(await qryvanta(killing.database, "drift", "load", "--repair", "--json"))
        await seen.undisturbed(killing.watcher, before)
        await killing.publish()
        went_well(await killing.end())

        await seen.complete(killing.watcher, base.unused)
