"""python -m assistant proofread: the slips of a text, as lines or JSON."""

import json
from collections.abc import Sequence
from dataclasses import asdict

from assistant.proofreading.rule import Slip


def tell(text: str, slips: Sequence[Slip], *, as_json: bool) -> None:
    """Prints what was found, with the line that each stands in."""
    if as_json:
        print(json.dumps([asdict(slip) for slip in slips], ensure_ascii=False))
        return
    mended = sum(slip.right is not None for slip in slips)
    print(f"找到 {len(slips)} 处，其中 {mended} 处有改法。" if slips else "没有找到需要改的地方。")
    for slip in slips:
        line = text.count("\n", 0, slip.start) + 1
        right = "需要人工确认" if slip.right is None else f"“{slip.right}”"
        print(f"第 {line} 行 {slip.rule}：“{slip.wrong}” → {right}\n   {slip.why}")
