"""Answers and conversations made by hand."""

from assistant.answers.answer import Answer
from assistant.answers.content import Refusal
from assistant.cite.citation import Citation, CitedSpan
from assistant.cite.structure import Check, Line, Sentence, Table
from assistant.understand.slips import Slip
from vectorstore.models import DocumentSummary


def citation(
    mark: int, document: DocumentSummary | str, quote: str = "到2025年建成120个"
) -> Citation:
    if isinstance(document, str):
        return Citation(mark, document, f"files/{document}.txt", f"关于{document}的通知", "某局",
                        None, None, "未标注", ("一、目标",), quote, 3, 3 + len(quote), None)  # fmt: skip
    m = document.metadata
    return Citation(mark, document.id, document.source_paths[0], m.title, m.issuer,
                    m.document_number, "/".join(m.region), document.state, (), quote, 0, 4, 2,
                    passage_id="p")  # fmt: skip


def sentence(words: str, *marks: int) -> Sentence:
    check = Check(words, marks, "supported") if marks else None
    return Sentence((words, *marks), check, ((0, 1),) if marks else ())


def answer_of(*citations: Citation, lead: str = "经查，有两处：") -> Answer:
    """A line without a source, a sentence for each citation, and a table of them."""
    lines = [Line((sentence(lead),)), Line()]
    lines += [Line((sentence(f"第{c.mark}句写明{c.quote}。", c.mark),)) for c in citations]
    rows = tuple((sentence(c.title), sentence(f"值{c.mark}", c.mark)) for c in citations)
    table = Table((sentence("文件"), sentence("内容")), rows)
    spans = tuple(CitedSpan(c.mark, c.document_id, c.start, c.end, c.quote) for c in citations)
    return Answer(
        "多少个？", "青禾市多少个？", (*lines, table), "extractive", "fact", citations, ("注意：另有一份",),
        spans, (("青禾市", "青禾市"),), (Slip("青河", "青禾"),), ("助餐点",), {"total": 12.5}, 7,
    )  # fmt: skip


def refusal_of(*near: Citation) -> Answer:
    return Answer("问", "问", Refusal("在 5 份文件中没有读到“火星”。", near), "extractive", "fact")
