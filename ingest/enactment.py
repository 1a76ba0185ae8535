"""题注: the lines below a law's title that say who passed, published and put it in force, when.

2021年8月27日 某市人民代表大会常务委员会第三十次会议通过; 1996年10月3日 交通部令第8号发布; 施行 …
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.mapped import MappedText
from vectorstore.language.dates import DATE
from vectorstore.language.names import ORDER_NUMBER
from vectorstore.language.numbering import ENUMERATOR
from vectorstore.language.sentences import SENTENCE_MARK
from vectorstore.language.text import says

_MAX_LINES = 40
_PASSED = re.compile(
    r"^(?P<organ>[\u4e00-\u9fff]{2,40}?(?:代表大会(?:常务委员会)?|委员会|国务院|院|部|署|局|厅))"
)
# A whole revision stands for the enactment; amendments of single articles do not.
_REVISED = re.compile(r"会议(?:第[一二三四五六七八九]次)?修订\s*[）)]?$")
_HOUR = re.compile(r"\d[:：]\d\d")  # a page's stamp, no enactment
_AMENDED = ("修正", "修订", "修改", "废止", "补充")
_PUBLISHED = ("公布", "发布", "颁布")
_IN_FORCE = ("施行", "实施", "执行", "生效")


@dataclass(frozen=True, slots=True)
class Enactment:
    """One fact of a 题注: `field` as in Metadata, with the text it was read from."""

    field: str
    value: str
    place: MappedText


def read_enactment(lines: Sequence[MappedText]) -> Iterator[Enactment]:
    """Facts of the first enactment, or of the last whole revision; later amendments are passed
    over. Dates as written."""
    found: dict[str, Enactment] = {}
    for line in lines[:_MAX_LINES]:
        text = line.text.strip("（）() ")
        if ENUMERATOR.match(text) or "。" in text[:-1]:
            break
        if (SENTENCE_MARK.search(text) and not DATE.match(text)) or _HOUR.search(text):
            break
        revised = bool(_REVISED.search(text))
        for fact in _facts(line):
            if revised or fact.field not in found:
                found[fact.field] = fact
    yield from found.values()


def _facts(line: MappedText) -> Iterator[Enactment]:
    """Facts of one line; several dates may stand in it one after the other."""
    dates = list(DATE.finditer(line.text))
    for i, date in enumerate(dates):
        end = dates[i + 1].start() if i + 1 < len(dates) else len(line.text)
        said = line.text[date.end() : end].strip()
        place = line[date.start() : date.end()]
        revised = bool(_REVISED.search(said))
        if says(said, _AMENDED) and not revised:
            continue
        order = ORDER_NUMBER.search(said)
        if order and says(said, (*_PUBLISHED, "令", "公告")):
            number = line[date.end() : end].drop(re.compile(r"\s+"))
            whole = order[0].replace(" ", "")
            at = number.text.find(whole)
            place_of_number = number[at : at + len(whole)] if at >= 0 else place
            yield Enactment("document_number", whole, place_of_number)
            organ = order["organ"].strip()
            yield Enactment("issuer", organ, place_of_number[: len(organ)])
        elif ("通过" in said or revised) and (organ_match := _PASSED.match(said)):
            start = line.text.index(organ_match["organ"], date.end())
            stretch = line[start : start + len(organ_match["organ"])]
            yield Enactment("issuer", organ_match["organ"], stretch)
        if "通过" in said or revised:
            yield Enactment("date_written", place.text, place)
        if says(said, _PUBLISHED):
            yield Enactment("date_published", place.text, place)
        if says(said, _IN_FORCE):
            yield Enactment("date_effective", place.text, place)
