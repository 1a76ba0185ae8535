"""Which documents somebody saw, kept beside what they were told from them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b

from vectorstore.models import DocumentSummary


@dataclass(frozen=True, slots=True)
class Sight:
    """`names` holds by document id what it goes by (its file, title and number), hashed: a file
    that is read anew has another id and is known by its name."""

    names: Mapping[str, str]

    def is_within(self, now: "Sight") -> bool:
        """Whether nothing of it is out of sight now. A document that is gone is: nobody can say
        for whom it would be."""
        gone = self.names.keys() - now.names.keys()
        return not gone or {self.names[i] for i in gone} <= set(now.names.values())


def sight_of(documents: Iterable[DocumentSummary]) -> Sight:
    return Sight({d.id: _name(d) for d in documents})


def _name(document: DocumentSummary) -> str:
    m, path = document.metadata, min(document.source_paths, default="")
    text = "\n".join((path, m.title, m.document_number or ""))
    return blake2b(text.encode(errors="surrogatepass"), digest_size=8).hexdigest()
