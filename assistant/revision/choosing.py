"""Which document is meant: by id, title, 文号, or the path of a file that was taken in."""

from collections.abc import Sequence
from pathlib import Path

from assistant.revision.alignment import Comparison, compare
from assistant.understand.corpus import date_of, same_title, title_core
from vectorstore.errors import PolicyError
from vectorstore.language.names import DOCUMENT_NUMBER, written_number
from vectorstore.language.text import fold
from vectorstore.library import View
from vectorstore.models import DocumentSummary

_NAMED = 5  # documents that a sentence names
_LONGEST = 400  # characters of what names a document


class Unclear(PolicyError):
    """None or several documents are meant; `candidates` are those that may be. The text names
    them, `short` is for where they are listed below it."""

    def __init__(
        self, sentence: str, candidates: Sequence[DocumentSummary] = (), short: str | None = None
    ):
        super().__init__(sentence)
        self.candidates = tuple(candidates)
        self.short = short or sentence


def compared_in(view: View, old: DocumentSummary, new: DocumentSummary) -> Comparison:
    """Two documents of a view compared. Raises PolicyError when both are one, or one is gone."""
    if old.id == new.id:
        raise PolicyError(
            "两边是同一份文件，请选另一份来对照",
            "Both sides are the same document; choose another one",
        )
    before, after = view.document(old.id), view.document(new.id)
    if before is None or after is None:
        raise PolicyError(
            "其中一份文件刚被更新或移除，请重新选择",
            "One of the documents was just updated or removed; choose again",
        )
    return compare(before, view.passages_of(old.id), after, view.passages_of(new.id))


def find_document(view: View, said: str, *, by_path: bool = False) -> DocumentSummary:
    """The document of a view that is meant. `by_path` is for who sits at this machine: nobody
    else learns which files it holds. Raises Unclear."""
    said = said.strip()
    if not said or len(said) > _LONGEST:
        raise Unclear("请给出文件的标题、文号或编号")
    if found := view.summary(said):
        return found
    at_path = _at_path(view, said) if by_path else []
    for candidates in (at_path, _numbered(view, said), _titled(view, said)):
        if len(candidates) == 1:
            return candidates[0]
        if candidates:
            listed = "；".join(described(d) for d in candidates[:_NAMED])
            more = f"等 {len(candidates)} 份" if len(candidates) > _NAMED else ""
            short = f"“{said}”指的可能是几份文件"
            raise Unclear(
                f"{short}，请用编号指明：{listed}{more}", candidates, f"{short}，请选一份："
            )
    like = suggested(view, said, _NAMED)
    near = "；相近的有：" + "；".join(map(described, like)) if like else ""
    if by_path and Path(said).is_file():
        raise Unclear(f"{said} 还没有入库，请先运行 python -m ingest {said}", like)
    short = f"资料库里没有“{said}”这份文件"
    raise Unclear(short + near, like, f"{short}，相近的有：" if like else short)


def described(document: DocumentSummary) -> str:
    """A document in a list of some that share a name, with the id that tells them apart."""
    metadata = document.metadata
    known = "，".join(filter(None, (metadata.document_number, date_of(document))))
    return f"《{metadata.title}》（{known + '，' if known else ''}编号 {document.id}）"


def suggested(view: View, words: str, limit: int) -> list[DocumentSummary]:
    """Documents whose title or 文号 holds all of some words, those that begin with them first."""
    parts = [fold(word) for word in words[:_LONGEST].split()]
    first: list[DocumentSummary] = []
    others: list[DocumentSummary] = []
    for document in view.documents():
        title = fold(document.metadata.title)
        held = f"{title}\n{fold(document.metadata.document_number or '')}"
        if all(part in held for part in parts):
            begins = bool(parts) and title.startswith(parts[0])
            (first if begins else others).append(document)
    return [*first, *others][:limit]


def editions(view: View, document: DocumentSummary, limit: int) -> list[DocumentSummary]:
    """Other documents of a like title, the latest first: most often another edition of it."""
    core = title_core(document.metadata.title)
    found = [
        d
        for d in view.documents()
        if d.id != document.id
        and ((own := title_core(d.metadata.title)) == core or same_title(core, own))
    ]
    return sorted(found, key=lambda d: date_of(d) or "", reverse=True)[:limit]


def _at_path(view: View, said: str) -> list[DocumentSummary]:
    try:
        path = str(Path(said).resolve())
    except (OSError, ValueError):
        return []
    return [d for d in view.documents() if said in d.source_paths or path in d.source_paths]


def _numbered(view: View, said: str) -> list[DocumentSummary]:
    match = DOCUMENT_NUMBER.fullmatch(said)
    wanted = fold(written_number(match) if match else said)
    return [d for d in view.documents() if fold(d.metadata.document_number or "") == wanted]


def _titled(view: View, said: str) -> list[DocumentSummary]:
    wanted = fold(said.removeprefix("《").removesuffix("》"))
    return [d for d in view.documents() if fold(d.metadata.title) == wanted]
