"""The parts of the evaluation, by name; each measures one or more sets of the results."""

from collections.abc import Callable
from dataclasses import replace

from tests.evals import bench as speed
from tests.evals import drafts, ingest, ncp, own, written
from tests.evals.common import Bench, five_bench, ncp_bench
from tests.evals.results import Measured
from tests.evals.shared_sets import ask_office, ask_seeds

Part = Callable[[], dict[str, Measured]]


def seeds_part() -> dict[str, Measured]:
    with five_bench() as bench:
        return {
            "seeds": ask_seeds(bench).measured(),
            "seeds_lexical": ask_seeds(bench, reader="off").measured(),
        }


def office_part() -> dict[str, Measured]:
    with five_bench() as bench:
        return {"office": ask_office(bench).measured()}


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
        return {**_ncp(bench, "ncp"), **_ncp(bench, "ncp_lexical", reader="off")}


def _ncp(bench: Bench, name: str, **options: object) -> dict[str, Measured]:
    found = ncp.ask(bench, ncp.questions(), **options)
    curve = ncp.risk_and_coverage(found.judged)
    return {name: replace(found.ranking(), curve=curve), f"{name}_answers": found.answers()}


def written_part() -> dict[str, Measured]:
    with written.written_bench() as bench:
        found = written.ask(bench)
    curves = {
        f"written_{style}": Measured(len(judged), {}, curve=ncp.risk_and_coverage(judged))
        for style, judged in found.judged.items()
    }
    return {"written": found.measured(), **curves}


def maxsim_part() -> dict[str, Measured]:
    with ncp_bench() as bench:
        options = {"reader": "off", "late_interaction": True}
        found = ncp.ask(bench, ncp.questions(), answers=False, **options)
    return {"ncp_maxsim": found.ranking()}


def others_part() -> dict[str, Measured]:
    """What people use today, on the same documents with the same encoder."""
    from tests.evals.baselines import bm25_alone, langchain_tutorial, llamaindex_default

    searches = {
        "bm25": bm25_alone, "langchain": langchain_tutorial, "llamaindex": llamaindex_default,
    }  # fmt: skip
    return {
        f"ncp_{name}": ncp.measure_retrieval(search()).measured()
        for name, search in searches.items()
    }


def speed_part() -> dict[str, Measured]:
    return {"speed": Measured(1, speed.measure())}


def intake_part() -> dict[str, Measured]:
    return ingest.compare()


# In the order in which they are measured; `own` embeds 311 laws the first time.
PARTS: dict[str, Part] = {
    "seeds": seeds_part, "office": office_part, "drafts": drafts_part, "own": own_part,
    "written": written_part, "ncp": ncp_part, "maxsim": maxsim_part, "others": others_part, "speed": speed_part,
    "intake": intake_part,
}  # fmt: skip
