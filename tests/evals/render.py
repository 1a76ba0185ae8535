"""docs/benchmarks.md from the results: the figures come from JSON, the prose from a template."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from string import Template
from typing import Any

from tests.evals.results import ROOT, Results

DOCS = ROOT / "docs"
TEMPLATE = Path(__file__).parent / "benchmarks.template.md"
QUESTIONS = ROOT / "tests" / "data" / "own_questions.jsonl"
WEIGHTS = ROOT / "assistant" / "find" / "neural" / "weights"
RANKS = ("doc@1", "doc@10", "MRR", "answer@1", "answer@5", "answer@10")
TYPES = {
    "fact": "单个事实", "department": "部门职责", "list": "列举", "definition": "定义",
    "temporal": "时间和时效", "none": "库中没有", "comparison": "比较", "follow_up": "追问",
    "aggregation": "全库", "false_premise": "前提有误", "injection": "指令注入",
    "region_alias": "地区简称", "paraphrase": "换个说法",
}  # fmt: skip
DRAFT_HEADER = ("", "引用到的应引段落", "引文逐字一致", "存疑句", "其中外地数字", "句数")


def write(sets: Results) -> None:
    """The page and its charts."""
    from tests.evals.curves import chart

    (DOCS / "benchmarks.md").write_text(render(sets), encoding="utf-8")
    axes_of_risk = ("作答的份额", "首段有误的份额")
    curves = (("阅读模型", "ncp"), ("词面细读", "ncp_lexical"))
    series = [(label, sets[name]["curve"]) for label, name in curves if sets[name].get("curve")]
    if series:
        chart(DOCS / "risk-coverage.svg", "拒答：风险与覆盖率（ncp）", axes_of_risk, series)
    styles = (("直问", "direct"), ("口语", "everyday"), ("英文", "english"))
    lines = [
        (label, sets[f"written_{n}"]["curve"]) for label, n in styles if f"written_{n}" in sets
    ]
    if lines:
        chart(
            DOCS / "risk-coverage-styles.svg",
            "拒答：风险与覆盖率（留出的书面训练题）",
            axes_of_risk,
            lines,
        )
    losses = [(n, [(s["step"], s["loss"]) for s in history]) for n, history in _trainings()]
    axes = ("步", "损失（滑动平均）")
    chart(DOCS / "reader-training.svg", "阅读模型的训练损失", axes, losses)


def render(sets: Results) -> str:
    template = Template(TEMPLATE.read_text(encoding="utf-8"))
    return template.substitute(
        measured=_measured(sets), retrieval=_retrieval(sets), answers=_answers(sets),
        kinds=_kinds(sets), seeds=_types(sets["seeds"]), seeds_checks=_checks(sets["seeds"]),
        seeds_lexical=_right(sets["seeds_lexical"]), seeds_wrong=_wrong(sets["seeds"]),
        office=_types(sets["office"]), office_checks=_checks(sets["office"]),
        office_covered=f"{sets['office']['figures']['covered']:.0%}",
        office_wrong=_wrong(sets["office"]), own=_types(sets["own"]),
        own_checks=_checks(sets["own"]), own_wrong=_own_wrong(sets["own"]),
        drafts=_drafts(sets), speed=_speed(sets["speed"]), intake=_intake(sets),
        training=_training(), written=_written(sets),
    )  # fmt: skip


def table(header: Sequence[str], lines: Sequence[Sequence[Any]]) -> str:
    """A Markdown table; floats with three digits."""

    def cell(value: Any) -> str:
        return f"{value:.3f}" if isinstance(value, float) else str(value)

    body = [[cell(value) for value in line] for line in lines]
    return "\n".join(
        ["| " + " | ".join(header) + " |", "|" + " --- |" * len(header)]
        + ["| " + " | ".join(line) + " |" for line in body]
    )


STYLES = {
    "direct": "文件里的说法", "everyday": "口语", "english": "英文", "typo": "错别字", "long": "长信",
    "near_miss": "相近而无答案（拒答才对）",
}  # fmt: skip


# --- one slot each ----------------------------------------------------------------------------


def _measured(sets: Results) -> str:
    """When and on which commit each set was measured."""
    stamps: dict[tuple[str, str, str], list[str]] = {}
    for name, found in sorted(sets.items()):
        stamps.setdefault((found["date"], found["commit"], found["machine"]), []).append(name)
    lines = [(date, f"`{commit}`", machine, "、".join(names))
             for (date, commit, machine), names in sorted(stamps.items(), reverse=True)]  # fmt: skip
    return table(("日期", "提交", "机器", "各项"), lines)


def _written(sets: Results) -> str:
    """Right and refused of each style of the held-out written questions."""
    if "written" not in sets:
        return "未测。"
    found = sets["written"]
    lines = [
        (label, asked, right, round(found["figures"][f"{style} refused"] * asked))
        for style, label in STYLES.items()
        for right, asked in [found["types"][style]]
    ]
    chart = "![各种问法的风险与覆盖率](risk-coverage-styles.svg)"
    return f"{table(('', '题数', '答对', '拒答'), lines)}\n\n{chart}"


def _retrieval(sets: Results) -> str:
    labels = {
        "ncp_bm25": "BM25（字对，400/50 分块）",
        "ncp_langchain": "LangChain 教程（400/50，Chroma，同一向量模型）",
        "ncp_llamaindex": "LlamaIndex 默认（1024/200，同一向量模型）",
        "ncp_lexical": "本项目：混合检索 + 词面细读",
        "ncp_maxsim": "　+ MaxSim",
        "ncp": "本项目：混合检索 + 阅读模型",
    }
    lines = [[label, *(float(sets[n]["figures"][rank]) for rank in RANKS)]
             for n, label in labels.items()]  # fmt: skip
    return table(("", *RANKS), lines)


def _answers(sets: Results) -> str:
    names = (("词面细读", "ncp_lexical_answers"), ("阅读模型", "ncp_answers"))
    lines = [
        (label, sets[name]["figures"]["ROUGE-L"], f"{sets[name]['figures']['refused']}/{sets[name]['n']}")
        for label, name in names
    ]  # fmt: skip
    return table(("摘录作答", "ROUGE-L", "误拒"), lines)


def _kinds(sets: Results) -> str:
    """answer@1 and ROUGE-L of each kind of question that occurs at least ten times."""
    lines = []
    asked = sorted(sets["ncp"]["types"].items(), key=lambda item: -item[1][1])
    for kind, (_, n) in asked:
        if n >= 10:
            firsts = [_share(sets[name]["types"][kind]) for name in ("ncp_lexical", "ncp")]
            said = [sets[f"{name}_answers"]["figures"][f"ROUGE-L {kind}"]
                    for name in ("ncp_lexical", "ncp")]  # fmt: skip
            lines.append((kind, n, *firsts, *said))
    header = ("问题种类", "题数", "answer@1 词面", "answer@1 阅读", "ROUGE-L 词面", "ROUGE-L 阅读")
    return table(header, lines)


def _share(counts: Sequence[int]) -> float:
    return counts[0] / counts[1]


def _types(found: dict[str, Any]) -> str:
    lines = [(TYPES.get(kind, kind), f"{right}/{total}")
             for kind, (right, total) in found["types"].items()]  # fmt: skip
    return table(("问题类型", "答对"), [*lines, ("全部", _right(found))])


def _right(found: dict[str, Any]) -> str:
    return f"{found['figures']['right']}/{found['n']}"


def _checks(found: dict[str, Any]) -> str:
    f = found["figures"]
    return (
        f"引文不准确的回答 {f['inexact']}，存疑的句子 {f['unsupported']}，"
        f"不能回答的拒答 {f['declined']}/{f['unanswerable']}。"
    )


def _wrong_ids(found: dict[str, Any]) -> list[str]:
    return [i for i, score in found["outcomes"].items() if score < 1]


def _wrong(found: dict[str, Any]) -> str:
    """Ids alone: the texts are not the project's."""
    return "、".join(_wrong_ids(found)) or "无"


def _own_wrong(found: dict[str, Any]) -> str:
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
    asked = {row["id"]: row["turns"][-1] for row in map(json.loads, lines)}
    return "\n".join(f"- {i} {asked[i]}" for i in _wrong_ids(found) if i in asked)


def _drafts(sets: Results) -> str:
    lines = []
    for name, label in (("extractive", "不用语言模型"), ("model", "按脚本作答的模型")):
        f = sets[f"drafts_{name}"]["figures"]
        lines.append((label, f"{f['cited']}/{f['wanted']}", f"{f['exact']}/{f['sources']}",
                      f["doubtful"], f["foreign"], f["sentences"]))  # fmt: skip
    return table(DRAFT_HEADER, lines)


def _speed(found: dict[str, Any]) -> str:
    return table(("项目", "值"), list(found["figures"].items()))


def _intake(sets: Results) -> str:
    labels = {
        "intake_plain": "普通做法：逐份解析、400/50 切块、float32 逐份编码", "intake": "本项目",
    }  # fmt: skip
    lines = []
    for name, label in labels.items():
        f = sets[name]["figures"]
        lines.append((label, f["passages"], f["seconds"], f"{f['passages_per_second']:.0f}",
                      f"{f['characters_per_second']:.0f}"))  # fmt: skip
    return table(("200 份法规", "段落", "秒", "段落每秒", "字每秒"), lines)


def _trainings() -> Iterator[tuple[str, list[dict[str, float]]]]:
    """The training run whose weights ship, and one from another seed."""
    yield "随项目提供（种子 7）", json.loads((WEIGHTS / "training.json").read_text())
    yield "另一次（种子 8）", json.loads((DOCS / "reader-training-8.json").read_text())


def _training() -> str:
    return "；".join(
        f"{name} {history[-1]['step']} 步，{history[-1]['seconds'] / 60:.0f} 分钟"
        for name, history in _trainings()
    )
