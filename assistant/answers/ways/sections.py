"""Facts shown as a list, in the order of their document and under its headings."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from assistant.answers.content import Statement
from assistant.find.evidence import Evidence
from assistant.understand.corpus import full_name
from vectorstore.facts import Fact

_ITEM = 60  # characters of an item that leaves its matter to the words above it


def by_section(facts: Sequence[Fact], evidence: Evidence) -> Iterator[Statement]:
    """One statement for each fact: its heading where the fact does not name it, then its words.
    The document stands in front where there are several."""
    several = len({fact.document_id for fact in facts}) > 1
    for document_id, own in groupby(facts, key=lambda fact: fact.document_id):
        document = evidence.summary(document_id)
        for fact in own:
            lead = full_name(document) + "，" if several else ""
            heading = _named(fact) or section_of(fact)
            lead += f"{heading}：" if heading and heading not in fact.quote else ""
            quote = evidence.quoter.fact(document, fact)
            yield Statement(f"{lead}{fact.quote}", (quote,))


def _named(fact: Fact) -> str:
    """What an item of a list is about, where it does not say so itself: 砍伐 of what is forbidden."""
    is_item = fact.kind == "condition" and len(fact.quote) <= _ITEM
    return fact.subject.strip("。：: ") if is_item and len(fact.subject) <= 40 else ""


def section_of(fact: Fact) -> str:
    """The nearest heading that is short enough to name a section."""
    near = (heading.strip("。：: ") for heading in reversed(fact.heading_path))
    return next((heading for heading in near if 2 <= len(heading) <= 40), "")


def whole_count(count: int, of: str) -> str:
    """Says that a list is whole."""
    return f"共 {count} {of}，以上为全部。"
