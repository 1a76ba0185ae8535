"""All readers over one document: spans are exact, and a reader that fails loses no document."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.facts import reading
from ingest.facts.material import Material
from ingest.facts.reading import read_stated
from vectorstore.facts import Fact
from vectorstore.models import Document, Metadata, Passage

PIECES = (
    "到2027年，全市农村自来水普及率达到95%以上", "（市水利局牵头，市财政局配合）", "处2000元以上1万元以下罚款",
    "自2026年3月1日起施行，有效期5年", "《某市供水办法》（某政发〔2014〕3号）同时废止", "（一）", "；", "。", "：", "\n",
    "联系电话：0999-5550123", "本办法所称管网，是指管道", "申请人应当具备下列条件", "（", "）", "第三条 ", "不得", "由",
    "的，", "和", "、", "年", "%", "0", "12", "-", "“", "”", "《", "》", "A", " ",
)  # fmt: skip


def document(text: str) -> tuple[Document, list[Passage]]:
    passage = Passage("a-0000", "a", 0, 0, len(text), text, ("一、目标",))
    return Document("a", "a", (), "txt", text, Metadata("某市供水方案", region=("某市",))), [
        passage
    ]


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=40))
@settings(max_examples=150, deadline=None)
def test_rows_quote_their_source(pieces: list[str]) -> None:
    made, passages = document("".join(pieces) or "。")
    material = Material(made, passages)
    rows = [row for read in reading._READERS for row in read(material)]
    for row in (*rows, *reading.read_relations(material)):
        assert " ".join(made.text[row.start : row.end].split()) == row.quote


def test_a_reader_that_fails_loses_its_own_rows_only(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(material: Material) -> Iterator[Fact]:
        raise IndexError
        yield

    made, passages = document("到2027年，全市农村自来水普及率达到95%以上。")
    monkeypatch.setattr(reading, "_READERS", (fail, reading.read_figures))
    assert [fact.value for fact in read_stated(made, passages).facts] == [95.0]
