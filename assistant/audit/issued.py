"""When a document was issued and whether it holds, as a text says and as the catalogue knows."""

import re
from collections.abc import Iterator
from datetime import date

from assistant.audit.claims import Claim
from assistant.audit.naming import card_of, number_of
from assistant.audit.scope import Scope
from assistant.cite.citation import Citation
from assistant.find.evidence import Evidence
from vectorstore.language.dates import A_YEAR
from vectorstore.language.names import TITLE
from vectorstore.language.pattern import Pattern
from vectorstore.models import DocumentSummary

_ON = rf"(?P<y>{A_YEAR})\s?年(?:度|(?P<m>\d{{1,2}})\s?月(?:份|(?P<d>\d{{1,2}})\s?日)?)?"
_ON_2 = rf"(?P<y2>{A_YEAR})\s?年(?:度|(?P<m2>\d{{1,2}})\s?月(?:份|(?P<d2>\d{{1,2}})\s?日)?)?"
_DEED = r"印发|发布|公布|出台|颁布|下发|制定|成文|登载|刊登|实施|施行|执行"
ISSUED_ON = Pattern(
    rf"(?P<when>{_ON})(?:就|已|才|即|正式|由[^，。；《》]{{2,30}})?(?P<deed>{_DEED})(?!方案|意见|细则|办法)"
    rf"|(?P<label>落款|成文|印发|发布|公布|登载|施行|实施)(?:日期|时间|年份|日)?(?:是|为|：|:|标为|标明为|于|在)\s?(?P<on>{_ON_2})",
    yes=(
        "2023年发布",
        "2022年3月14日印发",
        "2021年就印发",
        "落款日期为2022年5月11日",
        ("落款时间为2020年2月12日", "落款时间为2020年2月12日"),
    ),
    no=("到2025年达到", "2020年实施方案", "2025年公民"),
    why="the day, month or year in which a document came out",
)
_IN_FORCE = Pattern(
    r"现行有效|(?:仍|仍然|继续|依然|目前)有效|仍(?:在|可)(?:执行|实施|适用)|正在(?:执行|实施)|现行依据|尚未(?:到期|届满|废止)",
    yes=("现行有效", ("仍在执行", "仍在执行"), "现行依据"),
    no=("行之有效", "有效措施"),
    why="says that a document holds",
)
_NOT_IN_FORCE = Pattern(
    r"(?:已经?|早已|现已|均已|业已)?(?:废止|失效|届满|期满|到期|过期)(?!后|前|时)|不再(?:有效|执行|适用)|停止执行",
    yes=("已废止", "期满", "不再执行"),
    no=("废止前", "有效"),
    why="says that a document holds no more",
)
_DENIED = Pattern(
    r"(?:不能|不得|不可|不再|不宜|不是|并非|未|没有|尚未|是否)[^，。；]{0,10}$",
    yes=("不能再当作",),
    no=("可以直接当作",),
    why="in front of what is denied",
)
_PLANNED = ("将", "拟", "届时", "后废止", "同时废止", "予以废止")


def issued(sentence: str, scope: Scope, evidence: Evidence) -> Iterator[Claim]:
    """Dates of issue and what is said of validity."""
    yield from _dates(sentence, scope, evidence)
    if past := _ended_by_itself(sentence, evidence.view.as_of):
        yield past
    elif document := evidence.corpus.by_id.get(scope.title):
        yield from _state(sentence, document, evidence)


ENDS = Pattern(
    rf"(?:执行期|有效期|实施期|期限|政策)[^，。；]{{0,8}}?(?:截至|至|到|截止到?)\s?(?P<y>{A_YEAR})\s?年\s?(?P<m>\d{{1,2}})\s?月\s?(?P<d>\d{{1,2}})\s?日"
    rf"|(?P<y2>{A_YEAR})\s?年\s?(?P<m2>\d{{1,2}})\s?月\s?(?P<d2>\d{{1,2}})\s?日(?:止|到期|届满)",
    yes=(
        "执行期截至2020年6月30日",
        ("有效期至2021年12月31日", "有效期至2021年12月31日"),
        "2020年6月30日止",
    ),
    no=("自2020年6月30日起", "2020年6月30日印发"),
    why="the last day of what a sentence speaks of, in its own words",
)


def _ended_by_itself(sentence: str, today: date) -> Claim | None:
    """仍在执行 of what, by the same sentence, ended before today."""
    found, said = ENDS.search(sentence), _IN_FORCE.search(sentence)
    if found is None or said is None or _DENIED.search(sentence[: said.start()]):
        return None
    parts = [found[f"{k}"] or found[f"{k}2"] for k in "ymd"]
    try:
        last = date(*map(int, parts))
    except ValueError:
        return None
    if last >= today:
        return None
    message = f"按本句所写，期限到{_written(last, '1', '1')}已经届满"
    return Claim("效力", said[0], *said.span(), "已失效", message)


def spans(sentence: str) -> list[tuple[int, int]]:
    """Where dates of issue stand: they are never held against the years of targets."""
    return [match.span() for match in ISSUED_ON.finditer(sentence)]


def _dates(sentence: str, scope: Scope, evidence: Evidence) -> Iterator[Claim]:
    titles = list(TITLE.finditer(sentence))
    for match in ISSUED_ON.finditer(sentence):
        before = [t for t in titles if t.end() <= match.start()]
        behind = [t for t in titles if t.start() >= match.end()]
        named = (before or behind)[-1 if before else 0][1] if titles else ""
        document = _document(named, scope, evidence)
        suffix = "" if match["when"] else "2"
        year, month, day = (match[f"{k}{suffix}"] for k in "ymd")
        at = match.span("when") if match["when"] else match.span("on")
        said = match["when"] or match["on"]
        deed = match["deed"] or match["label"]
        if document is None:
            yield from _by_number(named, year, said, at, evidence)
            continue
        known = _known(document, deed)
        if not known:
            continue
        if any(_agrees(k, year, month, day) for k in known.values()):
            yield Claim(
                "日期", said, *at, "相符", "与文件所载一致", _card(document, known, evidence)
            )
            continue
        field, right = next(iter(known.items()))
        right_text = _written(right, month, day)
        message = f"《{document.metadata.title}》{_FIELDS[field]}是{_written(right, '1', '1')}"
        card = card_of(document, field, evidence)
        yield Claim("日期", said, *at, "不符", message, card, right_text)


def _document(named: str, scope: Scope, evidence: Evidence) -> DocumentSummary | None:
    corpus = evidence.corpus
    if named:
        ids = corpus.titled(named)
        return corpus.by_id[ids[0]] if len(ids) == 1 else None
    return corpus.by_id.get(scope.title)


_FIELDS = {
    "date_written": "的成文日期",
    "date_printed": "的印发日期",
    "date_published": "的发布日期",
    "date_effective": "的施行日期",
    "document_number": "按文号，印发年份",
}


def _known(document: DocumentSummary, deed: str) -> dict[str, date]:
    """The days that may be meant by a deed, the likeliest first."""
    m = document.metadata
    days = {
        "date_written": m.date_written,
        "date_printed": m.date_printed,
        "date_published": m.date_published,
        "date_effective": m.date_effective,
    }
    if deed in ("实施", "施行", "执行"):
        order = ["date_effective", "date_published", "date_written", "date_printed"]
    elif deed in ("发布", "公布", "登载", "刊登", "颁布"):
        order = ["date_published", "date_written", "date_printed"]
    else:
        order = ["date_written", "date_printed", "date_published"]
        if (days["date_written"] or days["date_printed"]) is None and deed not in ("出台", "颁布"):
            order = []  # the day on which a site published it says nothing of its issue
    found = {name: day for name in order if (day := days[name])}
    if m.document_number and (year := _YEAR_OF_NUMBER.search(m.document_number)):
        if not any(day.year == int(year[1]) for day in found.values()):
            found["document_number"] = date(int(year[1]), 1, 1)
    return found


_YEAR_OF_NUMBER = re.compile(r"〔((?:19|20)\d\d)〕")


def _agrees(known: date, year: str, month: str | None, day: str | None) -> bool:
    return (
        known.year == int(year)
        and (month is None or known.month == int(month))
        and (day is None or known.day == int(day))
    )


def _written(day: date, month: str | None, day_: str | None) -> str:
    """As exact as what it stands for."""
    text = f"{day.year}年"
    if month is not None:
        text += f"{day.month}月"
    return text + (f"{day.day}日" if day_ is not None else "")


def _card(document: DocumentSummary, known: dict[str, date], evidence: Evidence) -> Citation | None:
    return card_of(document, next(iter(known)), evidence)


def _by_number(
    title: str, year: str, said: str, at: tuple[int, int], evidence: Evidence
) -> Iterator[Claim]:
    """A document that is only cited: its number tells the year."""
    number = number_of(title, evidence) if title else None
    if number and (known := _YEAR_OF_NUMBER.search(number)):
        if known[1] == year:
            yield Claim("日期", said, *at, "相符", f"《{title}》的文号是{number}")
        else:
            message = f"《{title}》的文号是{number}，应为{known[1]}年"
            yield Claim("日期", said, *at, "不符", message, right=f"{known[1]}年")


def _state(sentence: str, document: DocumentSummary, evidence: Evidence) -> Iterator[Claim]:
    """该方案现行有效, 已废止 …, against what the library knows of the document."""
    stated = document.metadata.status or ""
    name = f"《{document.metadata.title}》"
    card = card_of(document, "status", evidence) or card_of(document, "title", evidence)
    for pattern, holds in ((_IN_FORCE, True), (_NOT_IN_FORCE, False)):
        for match in pattern.finditer(sentence):
            if _DENIED.search(sentence[: match.start()]) or any(
                word in sentence[max(0, match.start() - 4) : match.end() + 2] for word in _PLANNED
            ):
                continue
            at = match.span()
            if holds and document.is_over and "有效" not in stated:
                message = f"{name}{document.state}，不是现行文件"
                yield Claim("效力", match[0], *at, "已失效", message, card, _over(document))
            elif not holds and not document.is_over and "有效" in (stated or document.state):
                message = f"{name}现行有效"
                yield Claim("效力", match[0], *at, "不符", message, card, "现行有效")
            elif document.state == "未标注" and not stated:
                yield Claim(
                    "效力", match[0], *at, "未收录", f"{name}没有标注时效，无法判断", sure="低"
                )
            else:
                said = stated or document.state
                yield Claim("效力", match[0], *at, "相符", f"{name}{said}", card)


def _over(document: DocumentSummary) -> str | None:
    return None if document.state == "已届满" else document.state
