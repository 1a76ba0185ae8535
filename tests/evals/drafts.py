"""Drafts for the committed requests, without a model and with a scripted one:
python -m tests.evals.drafts"""

import sys
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from assistant.audit.alignment import pairs
from assistant.drafting.desk import DraftingDesk
from assistant.drafting.models import Draft
from assistant.drafting.store import DraftStore
from assistant.llm import LanguageModel
from assistant.settings import DraftSettings, LlmSettings
from tests.assistant.scripted import Script, passages_in, serve
from tests.evals.common import EVAL, Bench, data_missing, five_bench, rows
from tests.evals.render import table
from tests.evals.results import Measured
from vectorstore.language.text import fold, squeeze

FIGURES = ("cited", "wanted", "exact", "sources", "doubtful", "foreign", "sentences")
HEADER = ("稿子", "引用到的应引段落", "引文逐字一致", "存疑句", "其中外地数字", "句数")


def parroting(body: dict[str, Any]) -> str:
    """A model that repeats, of each passage, the two sentences nearest to what it is asked to
    write, and adds one that no passage holds."""
    heading = body["messages"][-1]["content"].partition("资料：")[0]
    said = [
        f"{sentence.strip()}[{number}]。"
        for number, passage in passages_in(body).items()
        for sentence in sorted(passage.split("。"), key=lambda s: -nearness(s, heading))[:2]
        if sentence.strip()
    ]
    return "".join([*said, "全县新增投入8888万元[1]。"])


def nearness(sentence: str, heading: str) -> float:
    return len(pairs(sentence) & pairs(heading)) / (len(pairs(sentence)) + 10) ** 0.5


def measure(bench: Bench, desk: DraftingDesk, row: dict[str, Any], mode: str) -> dict[str, Any]:
    draft = desk.begin(row["request"])
    for step in desk.write(draft, "model" if mode == "model" else "extractive"):
        draft = step.draft
    draft, findings = desk.check(draft)
    return {
        "cited": sum(is_cited(wanted["quote"], draft) for wanted in row["cite"]),
        "wanted": len(row["cite"]),
        "exact": sum(is_exact(draft, i, bench) for i in range(len(draft.sources))),
        "sources": len(draft.sources),
        "doubtful": sum(f.is_doubtful for f in findings),
        "foreign": sum(f.is_foreign for f in findings),
        "sentences": len(findings),
    }


def is_cited(quote: str, draft: Draft) -> bool:
    """Whether a source holds the wanted passage, or lies within it."""
    wanted = fold(quote)
    return any(wanted in fold(s.quote) or fold(s.quote) in wanted for s in draft.sources)


def is_exact(draft: Draft, at: int, bench: Bench) -> bool:
    source = draft.sources[at]
    document = bench.index.document(source.document_id)
    held = document.text[source.start : source.end] if document else ""
    return squeeze(held) == squeeze(source.quote)


def run(bench: Bench, mode: str) -> dict[str, dict[str, Any]]:
    """Figures of each request by its id."""
    with TemporaryDirectory() as folder, serve(Script(parroting)) as server:
        assistant = bench.assistant()
        if mode == "model":
            assistant.model = LanguageModel(LlmSettings(base_url=server.base_url, model="scripted"))
        with closing(DraftStore(Path(folder) / "d.sqlite3")) as store:
            desk = DraftingDesk(assistant, store, DraftSettings())
            requests = rows(EVAL / "drafts_dev.jsonl")
            return {row["id"]: measure(bench, desk, row, mode) for row in requests}


def measured(found: dict[str, dict[str, Any]]) -> Measured:
    """Sums over the requests; the score of each is the share of the wanted passages it cites."""
    figures: dict[str, float] = {
        name: sum(f[name] for f in found.values()) for name in FIGURES
    }  # fmt: skip
    return Measured(
        len(found), figures, outcomes={i: f["cited"] / f["wanted"] for i, f in found.items()}
    )


def report(found: dict[str, dict[str, Any]]) -> str:
    lines = [
        (i, f"{f['cited']}/{f['wanted']}", f"{f['exact']}/{f['sources']}",
         f["doubtful"], f["foreign"], f["sentences"])
        for i, f in found.items()
    ]  # fmt: skip
    return table(HEADER, lines)


def main() -> int:
    if data_missing():
        return 0
    with five_bench() as bench:
        for mode, name in (("extractive", "不用语言模型"), ("model", "用按脚本作答的模型")):
            print(f"{name}\n\n{report(run(bench, mode))}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
