"""One file → documents ready to be embedded. Runs in worker processes."""

import hashlib
import logging
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.chunk import make_passages
from ingest.clean import clean
from ingest.facts.reading import read_stated
from ingest.metadata import read_metadata
from ingest.parse import Part, leaves, parse_leaf, read_bytes
from ingest.parse.document import printable
from ingest.parse.kinds import Leaf, Problem
from ingest.parse.limits import MAX_PASSAGES, Limits
from ingest.structure import Block, outline
from vectorstore.embedding.embedder import CountTokens
from vectorstore.errors import FileRejected
from vectorstore.facts import Stated
from vectorstore.files.members import MEMBER
from vectorstore.models import Document, Heading, Passage

log = logging.getLogger(__name__)

# Passages of a document that say the same, to the letter, in the same place of its outline. Where
# thousands of vectors are equal, the graph of the index leads from one to the other and past all
# others: more than these are kept, and not found.
_MOST_EQUAL = 20
_NAMED = 5  # problems that a sentence names; it counts the others


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a worker needs to know to prepare a file."""

    count_tokens: CountTokens
    passage_tokens: int
    max_bytes: int
    limits: Limits = Limits()


@dataclass(frozen=True, slots=True)
class PreparedDocument:
    """A document with its passages, not yet embedded, and what it states."""

    document: Document
    passages: tuple[Passage, ...]
    stated: Stated = Stated()

    def embedding_texts(self) -> list[str]:
        title = self.document.metadata.title
        return [p.embedding_text(title) for p in self.passages if p.is_searched]


@dataclass(frozen=True, slots=True)
class PreparedFile:
    """All documents of one file, or the sentence that says why there are none.

    `problems` are the members of a container that could not be read beside the others.
    """

    path: str
    size: int
    modified_ns: int
    documents: tuple[PreparedDocument, ...] = ()
    error: str = ""
    problems: tuple[Problem, ...] = ()

    @property
    def warning(self) -> str:
        """A sentence that names the members that are missing; '' when none is."""
        if not self.problems:
            return ""
        more = f"等 {len(self.problems)} 处" if len(self.problems) > _NAMED else ""
        return f"收入 {len(self.documents)} 份；没有读取：{_listed(self.problems)}{more}"

    def lost(self, source_path: str) -> bool:
        """Whether that member may still be in the file, only that it could not be read now."""
        names = {problem.name for problem in self.problems}
        return "" in names or source_path in {f"{self.path}{MEMBER}{name}" for name in names}


@dataclass(frozen=True, slots=True)
class Source:
    """A file's content and what the disk said of it, before the content was read."""

    path: Path
    content: bytes
    size: int
    modified_ns: int


def open_source(path: Path, max_bytes: int) -> Source:
    """Raises FileRejected with a sentence for a file that cannot be read."""
    try:
        stat = path.stat()
        return Source(path, read_bytes(path, max_bytes), stat.st_size, stat.st_mtime_ns)
    except OSError as error:
        raise FileRejected(unreadable(error)) from error


def prepare_file(path: Path, recipe: Recipe) -> PreparedFile:
    """Reads, cleans and cuts one file in this process. Never raises for what the file holds."""
    documents: list[PreparedDocument] = []
    problems: list[Problem] = []
    try:
        source = open_source(path, recipe.max_bytes)
        for found in leaves(path.name, source.content):
            result = found if isinstance(found, Problem) else prepare_leaf(path, found, recipe)
            if isinstance(result, Problem):
                problems.append(result)
            else:
                documents.append(result)
    except FileRejected as error:
        return PreparedFile(printable(str(path)), 0, 0, error=str(error))
    return assemble(path, source.size, source.modified_ns, documents, problems)


def assemble(
    path: Path,
    size: int,
    modified_ns: int,
    documents: list[PreparedDocument],
    problems: list[Problem],
) -> PreparedFile:
    """What became of a file, given what became of its members."""
    name = printable(str(path))
    if not documents:
        return PreparedFile(name, 0, 0, error=_listed(problems) or "文件里没有读到文字")
    return PreparedFile(name, size, modified_ns, tuple(documents), problems=tuple(problems))


def _listed(problems: list[Problem] | tuple[Problem, ...]) -> str:
    return "；".join(
        f"{problem.name}（{problem.reason}）" if problem.name else problem.reason
        for problem in problems[:_NAMED]
    )


def prepare_leaf(path: Path, leaf: Leaf, recipe: Recipe) -> PreparedDocument | Problem:
    """One document, or why it could not be read."""
    try:
        document = parse_leaf(leaf, path.name)
        return prepare_document(path, Part(leaf.name, leaf.content, document), recipe)
    except FileRejected as error:
        return Problem(leaf.name, str(error))
    except MemoryError:
        raise
    except Exception:  # the edge: one broken document must not stop the others
        return Problem(leaf.name, failure(f"{path}{MEMBER}{leaf.name}"))


def failure(name: str) -> str:
    """Logs the exception that is being handled, and gives the sentence that leads to it."""
    ticket = hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:8]
    log.error("[%s] %r failed:\n%s", ticket, name, traceback.format_exc())
    return f"读取时出错，日志编号 {ticket}"


def unreadable(error: OSError) -> str:
    return f"文件读不了（{error.strerror or type(error).__name__}）；请检查权限和磁盘"


def prepare_document(path: Path, part: Part, recipe: Recipe) -> PreparedDocument:
    """One parsed document → metadata, outline and passages."""
    parsed = part.document
    digest = hashlib.sha256(part.content).hexdigest()
    cleaned = clean(parsed)
    stem = Path(part.name).stem if part.name else path.stem
    metadata = read_metadata(parsed, cleaned, fallback_title=printable(stem))
    blocks = outline(cleaned)
    name = f"{path}{MEMBER}{part.name}" if part.name else str(path)
    document = Document(
        id=digest[:16],
        sha256=digest,
        source_paths=(printable(name),),
        format=parsed.format,
        text=parsed.text,
        metadata=metadata,
        outline=tuple(_headings(blocks)),
        page_starts=parsed.page_starts,
    )
    passages = make_passages(
        blocks,
        parsed.text,
        document.id,
        recipe.count_tokens,
        recipe.passage_tokens,
        document.page_at,
    )
    passages = list(_without_crowds(passages))
    if not any(passage.is_searched for passage in passages):
        raise FileRejected("去掉网页导航等内容后没有正文")
    if len(passages) > MAX_PASSAGES:
        raise FileRejected(f"正文有 {len(passages)} 段，超过上限 {MAX_PASSAGES}；请拆分后再导入")
    return PreparedDocument(document, tuple(passages), read_stated(document, passages))


def _without_crowds(passages: list[Passage]) -> Iterator[Passage]:
    counts: Counter[str] = Counter()
    for passage in passages:
        said = passage.embedding_text("")
        counts[said] += 1
        yield passage if counts[said] <= _MOST_EQUAL else replace(passage, kind="filler")


def _headings(blocks: list[Block]) -> Iterator[Heading]:
    seen: set[int] = set()
    for block in blocks:
        section = block.section
        if section.heading and id(section) not in seen and not block.is_item:
            seen.add(id(section))
            yield Heading(section.level, section.heading, section.start)
