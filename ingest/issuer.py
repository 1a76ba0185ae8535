"""发文机关: who issued a document, by its label, head, 题注, signature or title.

Never who is talked about: a report has an issuer only when it gives a signed document in full.
"""

from collections.abc import Iterator, Sequence

from ingest.clean import Line
from ingest.paper import HAN_SPACE, Found, Paper, found
from ingest.signature import Signature
from vectorstore.language.names import (
    KIND_AT_END,
    ORDER_HEAD,
    RED_HEAD,
    STANDARD_NUMBER,
    TITLE,
)
from vectorstore.language.organs import MEDIA, joined, organs_in
from vectorstore.language.pattern import Pattern
from vectorstore.models import Span

_BEFORE_WHAT = Pattern(
    r"^(?P<organs>.{3,200}?)(?:关于|印发|转发|令第|公告|(?:专题|常务|党组|办公)?会议纪要)",
    yes=(
        ("青禾市教育局关于考试的通知", "青禾市教育局关于"),
        ("云岭省人民政府令第3号", "云岭省人民政府令第"),
    ),
    no=("关于考试的通知", "考试管理办法"),
    why="who speaks in a title",
)
_OFFICE = Pattern(
    r"^[—\-\s]{0,4}(?P<organ>[\u4e00-\u9fff]{2,20}(?:人民政府|法院|检察院|委员会))"
    r"代?(?:省长|市长|州长|盟长|县长|区长|旗长|主席|主任|院长|检察长)\s*[\u4e00-\u9fff·\s]{2,12}$",
    yes=("青禾市人民政府市长　某某", "青禾县人民法院院长 某某某"),
    no=("青禾市人民政府", "市长某某讲话精神"),
    why="who gives a report to a congress",
)
_ISSUES = Pattern(
    r"(?<!\s)\s{0,9}(?:联合)?(?:发布|颁布|批准)$",
    yes=(" 发布", "联合发布"),
    no=("发布会",),
    why="what follows the organs on the cover of a standard",
)


def read_issuer(paper: Paper, signature: Signature | None) -> Found | None:
    """The issuers, joined by “、”, with the place that names them."""
    if noted := paper.notes.get("issuer"):
        names = organs_in(noted.value)
        return Found(joined(names), noted.span) if names else noted
    first = next(_stated(paper, signature), None)
    if first is None:
        return None
    for other in (_signed(signature), _in_title(paper)):
        if other and _is_longer(other.value, first.value):  # the head may name the first alone
            return other
    return first


def _stated(paper: Paper, signature: Signature | None) -> Iterator[Found]:
    yield from _red_head(paper)
    if enacted := paper.enacted.get("issuer"):
        yield enacted
    yield from _standard(paper)
    yield from _order(paper)
    if signed := _signed(signature):
        yield signed
    if titled := _in_title(paper):
        yield titled
    yield from _speaker(paper)


def _is_longer(longer: str, shorter: str) -> bool:
    names, fewer = longer.split("、"), shorter.split("、")
    return len(names) > len(fewer) and bool(set(names) & set(fewer))


def _red_head(paper: Paper) -> Iterator[Found]:
    """某市民政局文件: the red head carries full names, the last of them with 文件 behind it."""
    for index, line in enumerate(paper.head):
        text = HAN_SPACE.remove_from(line.text.text)
        if RED_HEAD.fullmatch(text) and text.endswith("文件") and len(text) > 6:
            first = index
            while first > 0 and organs_in(paper.head[first - 1].text.text):
                first -= 1
            lines = paper.head[first : index + 1]
            yield Found(_names_of(lines), Span(lines[0].text.start, lines[-1].text.end))


def _names_of(lines: Sequence[Line]) -> str:
    text = " ".join(line.text.text for line in lines)
    text = text.rstrip().removesuffix("件").rstrip().removesuffix("文").rstrip()
    names = organs_in(text)
    return joined(names) if names else HAN_SPACE.remove_from(text)


def _order(paper: Paper) -> Iterator[Found]:
    for line in paper.head:
        head = ORDER_HEAD.match(line.text.text)
        if head and (names := organs_in(head["organ"])):
            yield found(joined(names), line.text)


def _standard(paper: Paper) -> Iterator[Found]:
    """The last lines of a standard's cover: its organs, and 发布 behind or below them."""
    head = paper.lines[: paper.after_title + 8]
    if not any(STANDARD_NUMBER.search(line.text.text) for line in head):
        return
    for line in head:
        text = line.text.text
        if _ISSUES.search(text) and (names := organs_in(_ISSUES.remove_from(text))):
            yield found(joined(names), line.text)


def _signed(signature: Signature | None) -> Found | None:
    return Found(joined(signature.names), signature.place) if signature else None


def _in_title(paper: Paper) -> Found | None:
    """某局关于…的通知; 某局印发《…》 alone is what a report says of it."""
    title = paper.raw_title
    said = _BEFORE_WHAT.match(title)
    if not said or not paper.title or paper.is_news:
        return None
    names = organs_in(said["organs"])
    own = TITLE.remove_from(title)  # what stands in 《》 may be what a report is about
    is_document = KIND_AT_END.search(own) or "关于" in own
    if not names or MEDIA.search(names[-1]) or not is_document:
        return None
    lines = paper.lines[slice(*paper.title)]
    return Found(joined(names), Span(lines[0].text.start, lines[-1].text.end))


def _speaker(paper: Paper) -> Iterator[Found]:
    for line in paper.lines[paper.after_title : paper.body]:
        if match := _OFFICE.match(line.text.text):
            yield found(match["organ"], line.text[match.start("organ") : match.end("organ")])
