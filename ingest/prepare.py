"""One file → documents ready to be embedded. Runs in worker processes."""

import hashlib
import logging
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.chunk import make_passages
from ingest.clean import clean
from ingest.metadata import read_metadata
from ingest.parse import Part, parse_file
from ingest.structure import Block, outline
from vectorstore.embedding import CountTokens
from vectorstore.errors import FileRejected
from vectorstore.models import Document, Heading, Passage

log = logging.getLogger(__name__)

MEMBER = "!"  # between a container's path and the path inside it


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a worker needs to know to prepare a file."""

    count_tokens: CountTokens
    passage_tokens: int
    max_bytes: int


@dataclass(frozen=True, slots=True)
class PreparedDocument:
    """A document and its passages, not yet embedded."""

    document: Document
    passages: tuple[Passage, ...]

    def embedding_texts(self) -> list[str]:
        title = self.document.metadata.title
        return [p.embedding_text(title) for p in self.passages if p.is_searched]


@dataclass(frozen=True, slots=True)
class PreparedFile:
    """All documents of one file, or the sentence that says why there are none."""

    path: str
    size: int
    modified_ns: int
    documents: tuple[PreparedDocument, ...] = ()
    error: str = ""


def prepare_file(path: Path, recipe: Recipe) -> PreparedFile:
    """Reads, cleans and cuts one file. Never raises for what the file holds."""
    try:
        stat = path.stat()
        parts = parse_file(path, recipe.max_bytes)
        documents = tuple(prepare_document(path, part, recipe) for part in parts)
        return PreparedFile(str(path), stat.st_size, stat.st_mtime_ns, documents)
    except FileRejected as error:
        return PreparedFile(str(path), 0, 0, error=str(error))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return PreparedFile(str(path), 0, 0, error=f"文件读不了（{reason}）；请检查权限和磁盘")
    except Exception:  # the edge: one broken file must not stop the others
        ticket = hashlib.sha256(str(path).encode("utf-8", "replace")).hexdigest()[:8]
        log.error("[%s] %r failed:\n%s", ticket, str(path), traceback.format_exc())
        return PreparedFile(str(path), 0, 0, error=f"读取时出错，日志编号 {ticket}")


def prepare_document(path: Path, part: Part, recipe: Recipe) -> PreparedDocument:
    """One parsed document → metadata, outline and passages."""
    parsed = part.document
    digest = hashlib.sha256(part.content).hexdigest()
    cleaned = clean(parsed)
    stem = Path(part.name).stem if part.name else path.stem
    metadata = read_metadata(parsed, cleaned, fallback_title=_printable(stem))
    blocks = outline(cleaned)
    name = f"{path}{MEMBER}{part.name}" if part.name else str(path)
    document = Document(
        id=digest[:16],
        sha256=digest,
        source_paths=(_printable(name),),
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
    if not passages:
        raise FileRejected("去掉网页导航等内容后没有正文")
    return PreparedDocument(document, tuple(passages))


def _headings(blocks: list[Block]) -> Iterator[Heading]:
    seen: set[int] = set()
    for block in blocks:
        section = block.section
        if section.heading and id(section) not in seen and not block.is_item:
            seen.add(id(section))
            yield Heading(section.level, section.heading, section.start)


def _printable(name: str) -> str:
    """File names may hold control characters and broken encodings."""
    safe = name.encode("utf-8", "replace").decode("utf-8")
    return "".join(c if c.isprintable() else "\ufffd" for c in safe)
