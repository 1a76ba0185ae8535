"""All evaluations, into docs/benchmarks.md: python -m tests.evals (make eval)

About forty minutes on two cores the first time, half of that with the indexes in .cache/.
"""

import json
import os
import platform
import sys
from datetime import date
from pathlib import Path

from assistant.find.neural.reader import WEIGHTS_FOLDER
from tests.evals import bench, drafts, ingest, ncp, own, seeds
from tests.evals.baselines import bm25_alone, langchain_tutorial, llamaindex_default
from tests.evals.common import CACHE, ROOT, data_missing, table
from tests.evals.curves import chart

DOCS = ROOT / "docs"


def main() -> int:
    if data_missing():
        return 0
    parts = [HEAD.format(date=date.today().isoformat(), machine=machine())]
    for part in (retrieval, questions, own_questions, drafting, speed, taking_in, training):
        print(f"{part.__name__} …", file=sys.stderr, flush=True)
        parts.append(part())
        print(parts[-1], flush=True)
    (DOCS / "benchmarks.md").write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    return 0


HEAD = """# 评测

由 `make eval` 写成（{date}；{machine}）。数据在检出目录旁的 `../shared/eval`，不随项目分发；没有时各项跳过。时间只在同一次运行内可比。

The figures are written by `make eval`; the data lies beside the checkout and is not part of the project."""


def machine() -> str:
    model = next(
        (line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
         if line.startswith("model name")),
        platform.machine(),
    )  # fmt: skip
    return f"{len(os.sched_getaffinity(0))} 核 {model}"


def retrieval() -> str:
    """ncp: 312 questions over 599 documents, beside what people use today."""
    hybrid = ncp.ours(reader="off")
    late = ncp.ours(reader="off", late_interaction=True, answers=False)
    reader = ncp.ours()
    baselines = {
        "BM25（字对，400/50 分块）": bm25_alone(),
        "LangChain 教程（400/50，Chroma，同一向量模型）": langchain_tutorial(),
        "LlamaIndex 默认（1024/200，同一向量模型）": llamaindex_default(),
    }
    lines = [ncp.measure_retrieval(search).line(name) for name, search in baselines.items()]
    lines += [
        hybrid.retrieval.line("本项目：混合检索 + 词面细读"),
        late.retrieval.line("　+ MaxSim"),
        reader.retrieval.line("本项目：混合检索 + 阅读模型"),
    ]
    answers = [
        (name, a["ROUGE-L"], a["refused"], round(a["median_ms"]), round(a["p95_ms"]), round(a["read_ms"]))
        for name, a in (("词面细读", hybrid.answers), ("阅读模型", reader.answers))
    ]  # fmt: skip
    chart(
        DOCS / "risk-coverage.svg", "拒答：风险与覆盖率（ncp）",
        ("作答的份额", "首段有误的份额"),
        [("阅读模型", ncp.risk_and_coverage(reader.judged)), ("词面细读", ncp.risk_and_coverage(hybrid.judged))],
    )  # fmt: skip
    size = sum(f.stat().st_size for f in (CACHE / "evals" / "ncp").rglob("*") if f.is_file())
    return "\n\n".join([
        "## 检索和回答：ncp，599 份文件，312 个真实问题，均未用于训练",
        table(ncp.HEADER, lines),
        table(("摘录作答", "ROUGE-L", "误拒", "回答中位 ms", "回答 p95 ms", "检索加细读中位 ms"), answers),
        ncp.by_kind(hybrid, reader),
        f"MaxSim 一行只量检索（每问约 {round(late.answers['read_ms'])} ms）。CrossEncoder 需要自备模型（POLICY_ANSWER_RERANK_MODEL），这里没有可用的离线模型，未测。索引 {size / 2**20:.0f} MB。",
        "![风险与覆盖率](risk-coverage.svg)",
    ])  # fmt: skip


def questions() -> str:
    found = seeds.measure()
    wrong = "\n".join(f"- {i} {question}" for i, question, _ in found["wrong"])  # type: ignore[attr-defined]
    plain = seeds.measure(reader="off")
    return "\n\n".join([
        "## 五份真实文件上的 25 个问题（seeds_dev）", seeds.report(found),
        f"不用阅读模型时答对 {plain['right']}/{plain['questions']}。", f"没有答对的：\n\n{wrong}",
    ])  # fmt: skip


def own_questions() -> str:
    found = own.measure()
    wrong = "\n".join(f"- {i} {question}" for i, question, _ in found["wrong"])
    return "\n\n".join([
        f"## 自拟的 {found['total'].total()} 个问题（311 部法规、ncp、五份真实文件）",
        own.report(found), f"没有答对的：\n\n{wrong}",
    ])  # fmt: skip


def drafting() -> str:
    return "\n\n".join([
        "## 起草（drafts_dev 的四个要求）",
        "不用语言模型：", drafts.report(drafts.run("extractive")),
        "按脚本作答的模型（每段复述两句，另加一句资料里没有的）：", drafts.report(drafts.run("model")),
    ])  # fmt: skip


def speed() -> str:
    return f"## 速度和内存（五份文件）\n\n{table(('项目', '值'), bench.measure())}"


def taking_in() -> str:
    return f"## 导入\n\n{ingest.compare()}\n\n“字每秒”按原文字数计。两种做法的段落长短不同，只有它可以直接比。"


def training() -> str:
    """The curves of the training run whose weights ship, and of one from another seed."""
    files = {
        "随项目提供（种子 7）": WEIGHTS_FOLDER / "training.json",
        "另一次（种子 8）": DOCS / "reader-training-8.json",
    }
    runs = {name: json.loads(file.read_text()) for name, file in files.items()}
    chart(
        DOCS / "reader-training.svg", "阅读模型的训练损失", ("步", "损失（滑动平均）"),
        [(name, [(s["step"], s["loss"]) for s in history]) for name, history in runs.items()],
    )  # fmt: skip
    told = "；".join(
        f"{name} {history[-1]['step']} 步，{history[-1]['seconds'] / 60:.0f} 分钟"
        for name, history in runs.items()
    )
    return (
        f"## 阅读模型的训练\n\n{told}（同机另有工作）。两次的结果、数据、许可和局限见 "
        "[模型卡](../assistant/find/neural/weights/MODEL_CARD.md)。\n\n"
        "![训练损失](reader-training.svg)"
    )


if __name__ == "__main__":
    sys.exit(main())
