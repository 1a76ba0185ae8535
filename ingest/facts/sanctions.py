"""In which case somebody is punished otherwise than by a fine: the deed, and what follows."""

from collections.abc import Iterator
from itertools import zip_longest

from ingest.facts.articles import Articles
from ingest.facts.deeds import Case, cases, quoted_with, statements
from ingest.facts.lists import Listing, listings
from ingest.facts.material import Material, Piece
from ingest.facts.rows import row, trimmed
from vectorstore.facts import Fact
from vectorstore.language.sanctions import FIRST_STEP, HARMED, SANCTION
from vectorstore.language.sums import FINE

_SUBJECT, _TEXT = 120, 400  # characters
_EDGES = " \t\u3000，,；;。、:："


def read_sanctions(material: Material) -> Iterator[Fact]:
    """`text` the deed with its class, `subject` what follows. Fines are amounts, not these."""
    articles = Articles(material)
    leads = {(x.lead.passage.id, x.lead.start): x for x in listings(material)}
    for line in material.lines:
        for body in statements(line):
            if SANCTION.search(body.text):
                below = leads.get((body.passage.id, body.start))
                for case in _harmed(cases(body)):
                    yield from _of_case(
                        material, body, case, articles.meant(case.deed, line), below
                    )


def _harmed(found: list[Case]) -> Iterator[Case]:
    """Without those that only ask for an end of it before a fine of the same deed."""
    for case, following in zip_longest(found, found[1:]):
        told = following and following.deed == case.deed and FINE.search(_result(following))
        if not (told and FIRST_STEP.fullmatch(_result(case))):
            yield case


def _result(case: Case) -> str:
    return "".join(part.text for part in case.results).strip(_EDGES)


def _of_case(
    material: Material, sentence: Piece, case: Case, rule: str, below: Listing | None
) -> Iterator[Fact]:  # fmt: skip
    result = _result(case)
    if not _is_case(case) or not SANCTION.search(result) or FINE.search(result):
        return
    if below and not case.classes:
        for item in below.items:
            if not FINE.search(item.text):
                yield row(
                    material, trimmed(item), "condition", subject=result[:_SUBJECT],
                    text=item.text.strip(_EDGES)[:_TEXT],
                )  # fmt: skip
        return
    items = "；".join(item.text.strip(_EDGES) for item in below.items) if below else ""
    deed = f"{case.deed}（{items}）" if items else case.deed + rule
    words = "，".join((deed, *case.classes))
    quoted = quoted_with(material, case.quoted(sentence), below)
    yield Fact(
        "condition", material.document.id, quoted.start, quoted.end, quoted.text,
        subject=result[:_SUBJECT], text=words[:_TEXT],
        heading_path=sentence.headings, passage_id=sentence.passage.id,
    )  # fmt: skip


def _is_case(case: Case) -> bool:
    last = case.trigger.rstrip(_EDGES)
    return last.endswith("的") or bool(HARMED.search(last))
