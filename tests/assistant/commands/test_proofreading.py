"""python -m assistant proofread, from the slips on."""

import json
from typing import Any

from assistant.commands.proofreading import tell
from assistant.proofreading.proofread import proofread

TEXT = "一、要求\n要认真布署，落实各项任务。\n于2023年2月30日前报送。"


def test_lines_say_where_and_what(capsys: Any) -> None:
    tell(TEXT, proofread(TEXT), as_json=False)
    out = capsys.readouterr().out
    assert "找到 2 处，其中 1 处有改法。" in out
    assert "第 2 行 错别字：“布署” → “部署”" in out
    assert "需要人工确认" in out


def test_json_holds_each_slip(capsys: Any) -> None:
    tell(TEXT, proofread(TEXT), as_json=True)
    first, second = json.loads(capsys.readouterr().out)
    assert TEXT[first["start"] : first["end"]] == first["wrong"] == "布署"
    assert (first["right"], second["right"]) == ("部署", None)


def test_a_text_without_slips(capsys: Any) -> None:
    tell("一、要求", (), as_json=False)
    assert capsys.readouterr().out == "没有找到需要改的地方。\n"
