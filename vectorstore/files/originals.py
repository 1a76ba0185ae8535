"""The file that a document was read from, as it was read."""

import hashlib
from pathlib import Path

from vectorstore.models import DocumentSummary


def as_read(document: DocumentSummary, most: int) -> tuple[str, bytes] | None:
    """Name and content of the first file of `document` that still holds what was read, at most
    `most` bytes of it; None where none does. Whatever was put in its place since (a newer text,
    a link to something else) was never cleared for whoever may have the document."""
    for source in map(Path, document.source_paths):
        try:
            if not source.is_file():  # a member of an archive is none, nor is a pipe
                continue
            with source.open("rb") as file:
                content = file.read(most + 1)
        except OSError:
            continue
        if len(content) <= most and hashlib.sha256(content).hexdigest() == document.sha256:
            return source.name, content
    return None
