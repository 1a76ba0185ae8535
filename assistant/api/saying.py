"""An answer as one Markdown text for chat tools: marks in it, what each stands for below it and
as annotations. Together the pieces that are sent one after the other are this text.

What documents and models wrote must not become an image that a browser fetches, a link or HTML
on somebody else's page: where Markdown would see one, a backslash stands in between.
"""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from assistant.answers.answer import Answer
from assistant.cite.citation import Citation, address, reference
from assistant.export.markdown import plain, to_markdown_text
from assistant.labelling import MODEL
from vectorstore.language.sentences import sentences

# Where an image, a link, what a link refers to, or a tag of HTML would begin.
_MARKUP = re.compile(r"!(?=\[)|(?<=\])[(:]|<(?=[A-Za-z/!?])")
_SENT = {"!": "!\\", "(": "\\(", ":": "\\:", "<": "&lt;"}  # no backslash before it undoes &lt;


@dataclass(frozen=True, slots=True)
class Said:
    """The text, and the places in it where sources are cited."""

    text: str
    annotations: tuple[dict[str, Any], ...]
    citations: tuple[dict[str, Any], ...]  # as `ask --json` has them

    def pieces(self) -> Iterator[str]:
        """The text sentence by sentence."""
        at = 0
        for _, end in sentences(self.text):
            yield self.text[at:end]
            at = end
        if at < len(self.text):
            yield self.text[at:]


def said(answer: Answer, site: str, *, with_label: bool) -> Said:
    """`site` is the address of this site, for links; `with_label` says in the text that a model
    wrote it."""
    body = harmless(to_markdown_text(answer.body, lambda mark: f"[{mark}]"))
    parts = []
    if answer.standalone_question != answer.question:
        parts.append(f"（理解为：{plain(answer.standalone_question)}）")
    if with_label and answer.label == MODEL:
        parts.append(f"（{MODEL[0]}）")
    parts += [body, *map(plain, answer.notes)]
    parts.append("\n".join(f"[{c.mark}] {_link(c, site)}  " for c in answer.citations))
    parts += [f"相近：{_link(near, site)}" for near in answer.near]
    text = "\n\n".join(part for part in parts if part.strip())
    return Said(
        text,
        tuple(_annotation(citation, site, text) for citation in answer.citations),
        tuple(asdict(citation) for citation in answer.citations),
    )


def harmless(text: str) -> str:
    """Markdown that fetches nothing, links nowhere, and holds no HTML."""
    return _MARKUP.sub(lambda found: _SENT[found[0]], text)


def _link(citation: Citation, site: str) -> str:
    place = address(citation.document_id, citation.start, citation.end)
    return f"[{plain(reference(citation))}]({site}{place})"


def _annotation(citation: Citation, site: str, text: str) -> dict[str, Any]:
    """OpenAI's url_citation: where the mark stands first. In the order of the marks, so that the
    n-th is that of mark n: chat tools number their sources so."""
    mark = f"[{citation.mark}]"
    start = text.find(mark)
    return {
        "type": "url_citation",
        "url_citation": {
            "url": site + address(citation.document_id, citation.start, citation.end),
            "title": reference(citation),
            "start_index": start,
            "end_index": start + len(mark),
        },
    }
