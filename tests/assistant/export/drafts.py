"""A small invented draft with a doubt, gaps, notes for the author and two sources."""

from dataclasses import replace

from assistant.cite.citation import Citation
from assistant.cite.markdown import parse
from assistant.cite.structure import Check, Line
from assistant.drafting.models import Draft, Request, Section


def source(mark: int, title: str, status: str = "现行有效") -> Citation:
    return Citation(
        mark=mark, document_id="a" * 64, source_path="", title=title, issuer="青禾市人民政府",
        document_number="青政发〔2021〕3号", region="青禾市", status=status,
        heading_path=("二、目标",), quote="建成助餐点120个。", start=0, end=9, page=None,
        date="2021-05-06", passage_id="p1",
    )  # fmt: skip


def doubtful(section: Section, reason: str) -> Section:
    """The section, its first sentence found wanting."""
    first, *others = section.body
    assert isinstance(first, Line)
    sentence = first.sentences[0]
    check = Check(sentence.plain, sentence.marks, "unsupported", (reason,))
    line = Line((replace(sentence, check=check), *first.sentences[1:]))
    return replace(section, body=(line, *others), state="有存疑")


SECTIONS = (
    Section("s1", "", 1, "opening", state="已核对", origin="extract",
            body=parse("根据《青禾市助餐办法》[1][2]，制定本方案。")),
    Section("s2", "一、重点任务", state="已写", origin="extract", body=parse(
        "建设老年助餐点[1]（参考文件规划期2021—2025年，已届满）。\n"
        "新增床位[本地数据][2]。\n（以下为起草建议，不是文件原文，请结合实际修改。）")),
    Section("s3", "二、责任分工", purpose="table", state="已核对", origin="extract", body=parse(
        "| 类别 | 任务 |\n| --- | --- |\n| 助餐 | 建点[1] |\n\n说明：参照《青禾市助餐办法》[1]"
        "（参考文件已废止）。部门名称按本级改写，名称和职能请逐一核对；空白的类别与上一行相同，导出时合并。")),
    Section("s4", "三、附则"),
)  # fmt: skip
DRAFT = Draft(
    "d1", "甲", Request("起草", "通知", "关于做好老年助餐工作的通知", "老年助餐", unit="松湖县民政局"),
    SECTIONS, (source(1, "青禾市助餐办法", "已届满"), source(2, "青禾市床位规划")), 3,
)  # fmt: skip
