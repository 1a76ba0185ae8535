"""What stands around the text of an official document: whom it goes to, who signs it and when,
who is sent a copy."""

from dataclasses import dataclass

from assistant.cite.structure import Line
from assistant.drafting.models import Draft, Section

FRAME = ("addressee", "signature")  # purposes of sections that are set in forms of their own
UNIT, DAY = "[发文机关]", "[成文日期]"
_COPIES = "抄送："
_ADDRESSED = ("通知", "请示")  # kinds of drafts that were begun before they had such sections


@dataclass(frozen=True, slots=True)
class Frame:
    """`to` without its colon, '' where nobody is addressed; `signed` are the lines of 落款, () for
    texts that nobody signs; `copies` are who is sent a copy, ''."""

    to: str = ""
    signed: tuple[str, ...] = ()
    copies: str = ""
    organ: str = UNIT

    @property
    def day(self) -> str:
        return self.signed[-1] if self.signed else DAY


def frame_of(draft: Draft) -> Frame:
    organ = draft.request.unit or UNIT
    sections = {section.purpose: section for section in draft.sections}
    if not sections.keys() & set(FRAME):
        old = draft.request.kind in _ADDRESSED
        return Frame("[主送机关]", (organ, DAY), organ=organ) if old else Frame(organ=organ)
    to = "".join(_lines(sections.get("addressee"))).rstrip("：:")
    lines = _lines(sections.get("signature"))
    copies = [line.removeprefix(_COPIES).rstrip("。") for line in lines if line.startswith(_COPIES)]
    signed = tuple(line for line in lines if not line.startswith(_COPIES))
    return Frame(to, signed, "，".join(copies), signed[0] if signed else organ)


def _lines(section: Section | None) -> list[str]:
    """Without marks: nothing of it is quoted."""
    blocks = section.body if section else ()
    lines = ("".join(s.plain for s in b.sentences) for b in blocks if isinstance(b, Line))
    return [line.strip() for line in lines if line.strip()]
