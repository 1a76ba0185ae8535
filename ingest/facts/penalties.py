"""Fines: the deed, the class of it, and how much."""

from collections.abc import Iterator

from ingest.facts.articles import Articles
from ingest.facts.deeds import Case, cases, quoted_with, statements
from ingest.facts.lists import Listing, listings
from ingest.facts.material import Material, Piece
from ingest.facts.parts import unnumbered
from ingest.facts.sums import Sum, sums, written_end
from vectorstore.facts import Fact
from vectorstore.language.sums import AGAINST, CONDITIONAL, FINE, TO_WHOM

_SUBJECT = 500  # characters
_UNITS = ("元", "倍", "%", "‰", "月工资")


def read_penalties(material: Material) -> Iterator[Fact]:
    """One row for each sum that a deed or a class of it is fined with."""
    articles = Articles(material)
    found = listings(material)
    leads = {(x.lead.passage.id, x.lead.start): x for x in found}
    above = {(i.passage.id, i.start): x for x in found for i in x.items}
    for line in material.lines:
        for body in statements(line):
            if FINE.search(body.text):
                key = body.passage.id, body.start
                for case in cases(body):
                    rule = articles.meant(case.deed, line)
                    subject = _subject(case.deed, leads.get(key), above.get(key)) + rule
                    yield from _of_case(material, body, case, subject, leads.get(key))


def _of_case(
    material: Material, sentence: Piece, case: Case, subject: str, below: Listing | None
) -> Iterator[Fact]:  # fmt: skip
    fines = [(part, found) for part in case.results for found in _fines(part.text)]
    last = fines[-1][0] if fines else None
    for part, found in fines:
        upto = None if part == last or below else part
        quoted = quoted_with(material, case.quoted(sentence, upto), below)
        yield Fact(
                "amount", material.document.id, quoted.start, quoted.end, quoted.text,
                subject=subject[:_SUBJECT], group=_classes(case, part.text, found),
                value=found.value, high=found.high, unit=found.unit,
                comparator=found.comparator, text=part.text[found.start : written_end(part.text, found)],
                heading_path=sentence.headings, passage_id=sentence.passage.id,
            )  # fmt: skip


def _fines(text: str) -> Iterator[Sum]:
    for found in sums(text):
        after = text[found.end :]
        is_fine = FINE.search(after) or FINE.search(text[: found.start])
        if found.unit.split("/")[0] in _UNITS and is_fine and not CONDITIONAL.search(after):
            yield found


def _classes(case: Case, part: str, found: Sum) -> str:
    whom = TO_WHOM.search(part[: found.start + 1])
    inside = [part[: found.start]] if CONDITIONAL.search(part[found.end :]) else []
    return "，".join((*case.classes, *inside, *([f"对{whom['who']}"] if whom else [])))


def _own_words(deed: str) -> str:
    """A deed without the rule that it breaks, but with whose it is: 供水站违反本办法规定，…"""
    rest = AGAINST.remove_from(deed)
    who = deed[: len(deed) - len(rest)].partition("违反")[0]
    return f"{who}{rest}" if rest != deed and rest else rest


def _deed_of(lead: Piece) -> str:
    """供水站有下列情形之一的，按以下规定处罚：, without what follows."""
    text = unnumbered(lead).text.strip("：: ")
    return f"{text.split('的，')[0]}的" if "的，" in text else ""


def _subject(deed: str, below: Listing | None, above: Listing | None) -> str:
    """罚款： and the deed; deeds that stand below as items take the place of 有下列行为之一, and
    an item with a fine of its own takes what its lead says in front of them."""
    said = _own_words(deed) if not below else deed
    said = deed if said.startswith(("或者", "以及", "并")) else said
    items = "；".join(item.text.strip("。；; ") for item in below.items) if below else ""
    led = _own_words(_deed_of(above.lead)) if above else ""
    return f"罚款：{'：'.join(filter(None, (led, said or deed, items)))}"
