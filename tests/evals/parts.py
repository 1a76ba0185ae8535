"""The sets that are measured, by name: each gives one or more entries of the results."""

from collections.abc import Callable

from tests.evals import drafts, ncp, office, own, seeds
from tests.evals.common import five_bench, ncp_bench
from tests.evals.results import Measured

Part = Callable[[], dict[str, Measured]]


def seeds_part() -> dict[str, Measured]:
    with five_bench() as bench:
        return {"seeds": seeds.ask(bench).measured()}


def office_part() -> dict[str, Measured]:
    with five_bench() as bench:
        return {"office": office.ask(bench).measured()}


def own_part() -> dict[str, Measured]:
    return {"own": own.ask().measured()}


def drafts_part() -> dict[str, Measured]:
    with five_bench() as bench:
        return {
            f"drafts_{mode}": drafts.measured(drafts.run(bench, mode))
            for mode in ("extractive", "model")
        }


def ncp_part() -> dict[str, Measured]:
    with ncp_bench() as bench:
        found = ncp.ask(bench, ncp.questions())
    return {"ncp": found.ranking(), "ncp_answers": found.answers()}


PARTS: dict[str, Part] = {
    "seeds": seeds_part, "office": office_part, "own": own_part, "drafts": drafts_part,
    "ncp": ncp_part,
}  # fmt: skip
