"""Who leads and who is responsible, as a text says and as the documents that it speaks of do."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from assistant.audit.alignment import pairs
from assistant.audit.claims import Claim, Confidence, Kind
from assistant.audit.scope import Scope
from assistant.cite.citation import Citation, citation_of
from assistant.find.evidence import Evidence
from vectorstore.facts import Fact, FactFilter
from vectorstore.language.aliases import organ_key
from vectorstore.language.names import HAN, ORGAN_END, TITLE
from vectorstore.language.pattern import Pattern
from vectorstore.language.sentences import clauses
from vectorstore.language.text import search_copy

_NAMES = r"(?:(?!由)[\u4e00-\u9fff（）()、])"  # of organs, and what parts them
STATED = Pattern(
    rf"(?:由|(?<![\u4e00-\u9fff]))(?P<led>{_NAMES}{{2,80}}?)(?P<lead>牵头)"
    rf"|(?P<label>(?:牵头|责任|配合|参与|主办|负责)(?:单位|部门))(?:分别|主要)?(?:[为是：:]{{1,2}}|包括|有)\s?(?P<listed>{_NAMES}{{2,200}})"
    rf"|由(?P<charged>{_NAMES}{{2,60}}?)(?:共同)?(?P<charge>负责|承担|组织实施)",
    yes=(
        "由市教育体育局牵头",
        (
            "责任单位为市教育局、市人社局、团市委、市科协等",
            "责任单位为市教育局、市人社局、团市委、市科协等",
        ),
        ("一条，由省农业农村厅负责", "由省农业农村厅负责"),
        "牵头单位：市科协",
    ),
    no=("责任单位要落实", "市科协负责"),
    why="who is said to do something; whether these are organs is asked of each",
)
_IN_SOURCE = Pattern(
    rf"由(?P<organs>{_NAMES}{{2,80}}?)(?P<verb>牵头|负责)",
    yes=("由市农牧业局牵头",),
    no=("市农牧业局牵头",),
    why="the same in a document, where no row of its own was read",
)
_AN_ORGAN = Pattern(
    rf"^(?:自治区|[省市县区州旗团]|国家|中央|各)?{HAN}{{1,20}}(?:{ORGAN_END}|领导小组|总工会|指挥部)(?<!社会)(?:[（(][^（()）]{{1,16}}[)）])?$",
    yes=("市教育局", "市委宣传部（市政府新闻办）", "省人力资源和社会保障厅"),
    no=("专人", "企业"),
    why="one name of a list",
)
_ALSO = Pattern(
    r"[（(][^（()）]{1,20}[)）]$",
    yes=(("区文联（区作协）", "（区作协）"),),
    no=("县（市、区）科协",),
    why="another name behind an organ's",
)
_AND_OTHERS = Pattern(
    r"等(?:[^、]{0,10})?$|共同$|联合$|牵头$|配合$|参与$",
    yes=(("市科协等部门", "等部门"), ("市科协联合", "联合"), ("市民政局配合", "配合")),
    no=("市科协",),
    why="behind the last name of a list",
)
_ITEM = Pattern(
    r"(?:(?:一项|一条|这一[项条]|方面|工作|任务|有关事项)[，,：:]?|[，,：:])$",
    yes=("一项，", "这一条"),
    no=("一项，由",),
    why="what stands between a task and who does it",
)
_BEHIND = Pattern(
    r"^(?!会同|联合|等|的|单位|部门)[\u4e00-\u9fff“”]{6,60}",
    yes=("组建志愿者服务队伍",),
    no=("会同有关部门落实", "、市科协"),
    why="behind 牵头: what exactly is led",
)
_POINTING = ("该", "此", "这", "上述", "以上")
_SHORT = 6  # characters of a task that only points back
_AROUND = 120  # characters of a sentence that tell of what an organ is in charge
_FITS, _CLEAR = 0.55, 0.72  # how much of a task stands in that of a document
_TIE = 0.12  # a task this much behind the best may still be the one meant

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Known:
    """What a document says of a task: organs by role, and where."""

    organs: tuple[str, ...]
    others: tuple[str, ...]
    fit: float
    source: Citation | None


def duties(sentence: str, scope: Scope, evidence: Evidence, before: str = "") -> Iterator[Claim]:
    """`before` is the sentence in front, of which 该条由…负责 speaks."""
    if not scope.ids:
        return
    for start, end in clauses(sentence):
        clause = sentence[start:end]
        for match in STATED.finditer(clause):
            group = next(g for g in ("led", "listed", "charged") if match[g])
            is_lead = group == "led" or (match["label"] or "").startswith(("牵", "主"))
            task = _task(clause, match.start(), scope, evidence)
            if before and task.startswith(_POINTING) and len(task) <= _SHORT:
                task = _task(before, len(before), scope, evidence)
            organs = _organs(match[group])
            if len(task) < 4 or not organs:
                continue
            narrower = _BEHIND.match(clause[match.end() :]) if match["led"] else None
            known = _known(narrower[0], is_lead, scope, evidence) if narrower else []
            known = known or _known(task, is_lead, scope, evidence)
            if not known and (told := _in_text(task, scope, evidence)):
                known = [told]
            if known:
                at = start + match.start(group)
                said = _AND_OTHERS.remove_from(match[group])
                yield _of_the_nearest(sentence, (at, at + len(said)), organs, known, is_lead)


_SEPARATOR = Pattern(
    r"[、]|(?<=[局委办厅部会协])[和与及]", yes=("、", ("市科协和市教育局", "和")), no=("共和",)
)


def _organs(listed: str) -> tuple[str, ...]:
    """The organs of a list; () where something else stands in it."""
    names = [n for n in _SEPARATOR.compiled.split(_AND_OTHERS.remove_from(listed)) if n]
    return tuple(names) if all(_AN_ORGAN.match(name) for name in names) else ()


def _task(clause: str, end: int, scope: Scope, evidence: Evidence) -> str:
    """What is to be done: the words in front, without places and titles."""
    text = TITLE.remove_from(clause[:end])
    for document_id in scope.ids:
        for part in evidence.summary(document_id).metadata.region:
            text = text.replace(part, "")
    return _ITEM.remove_from(text).strip("，,：:、 ")


def _known(task: str, is_lead: bool, scope: Scope, evidence: Evidence) -> list[_Known]:
    """The duties of the documents that fit a task, the best first, all nearly as well."""
    wanted = pairs(task)
    facts = evidence.view.facts(FactFilter(("duty",), document_ids=frozenset(scope.ids)))
    by_task: dict[tuple[str, str, str, tuple[str, ...]], list[Fact]] = {}
    for fact in facts:  # one heading may hold several tasks, each with organs of its own
        key = fact.document_id, fact.subject, fact.text, fact.heading_path
        by_task.setdefault(key, []).append(fact)
    scored = [(_fit(wanted, rows[0]), rows) for rows in by_task.values()]
    scored.sort(key=lambda pair: -pair[0])
    least = max(_FITS, scored[0][0] - _TIE) if scored else _FITS
    near = _narrowed([(fit, rows) for fit, rows in scored if fit >= least], wanted)
    found = [_of_rows(rows, fit, is_lead, evidence) for fit, rows in near]
    return [known for known in found if known.organs]


def _narrowed(
    scored: Sequence[tuple[float, list[Fact]]], wanted: set[str]
) -> list[tuple[float, list[Fact]]]:
    """Of several tasks under one heading those whose own words are the task's, if some are."""
    own = [len(wanted & pairs(rows[0].text)) for _, rows in scored]
    places = [(rows[0].document_id, rows[0].heading_path) for _, rows in scored]
    most = {
        place: max(n for n, p in zip(own, places, strict=True) if p == place) for place in places
    }
    return [
        one
        for one, n, place in zip(scored, own, places, strict=True)
        if 2 * n >= most[place] or 2 * most[place] < len(wanted)
    ]


def _of_rows(rows: Sequence[Fact], fit: float, is_lead: bool, evidence: Evidence) -> _Known:
    roles = {role: tuple(o for f in rows if f.role == role for o in f.organs) for role in _ROLES}
    own = roles["lead"] if is_lead else roles["responsible"] or roles["lead"]
    others = tuple(o for role in _ROLES for o in roles[role] if o not in own)
    document = evidence.summary(rows[0].document_id)
    source = citation_of(evidence.quoter.fact(document, rows[0]))
    return _Known(own, () if is_lead else others, fit, source)


_ROLES = ("lead", "responsible", "support")


def _fit(wanted: set[str], fact: Fact) -> float:
    """Of the task's pairs, those in the name of a duty; less for what only its text holds."""
    name = pairs(fact.subject)
    around = pairs(" ".join((*fact.heading_path[-1:], fact.text, fact.quote[:120])))
    return (len(wanted & name) + 0.8 * len((wanted & around) - name)) / max(1, len(wanted))


def _in_text(task: str, scope: Scope, evidence: Evidence) -> _Known | None:
    """A sentence that says of a task who does it, where no row was read."""
    wanted = pairs(task)
    best: _Known | None = None
    for document_id in scope.ids:
        text = evidence.quoter.source(document_id)
        for match in _IN_SOURCE.finditer(text):
            first = max(text.rfind(c, 0, match.start()) for c in "。\n") + 1
            last = min((n for c in "。\n" if (n := text.find(c, match.end())) >= 0), default=None)
            around = text[max(first, match.start() - _AROUND) : last][: 3 * _AROUND]
            fit = len(wanted & pairs(search_copy(around))) / max(1, len(wanted))
            if fit >= _FITS and (best is None or fit > best.fit):
                document = evidence.summary(document_id)
                source = citation_of(evidence.quoter.stretch(document, *match.span()))
                if names := _organs(match["organs"]):
                    best = _Known(names, (), fit, source)
    return best


def _of_the_nearest(
    sentence: str, at: Span, organs: Sequence[str], known: Sequence[_Known], is_lead: bool
) -> Claim:
    """By the task that agrees, if one of those that may be meant does; a correction only where
    no other may be."""
    claims = [_judged(sentence, at, organs, one, is_lead) for one in known]
    claim = next((c for c in claims if not c.is_fault), claims[0])
    if len({one.organs for one in known}) > 1 and claim.is_fault:
        return replace(claim, right=None, sure="低")
    return claim


def _judged(sentence: str, at: Span, organs: Sequence[str], known: _Known, is_lead: bool) -> Claim:
    kind: Kind = "牵头单位" if is_lead else "责任单位"
    own = [organ_key(name) for name in known.organs]
    names = (*known.organs, *known.others)
    allowed = {*own, *map(organ_key, names), *(organ_key(_ALSO.remove_from(n)) for n in names)}
    said = sentence[at[0] : at[1]]
    foreign = [name for name in organs if not _is_among(organ_key(name), allowed)]
    if not foreign:
        return Claim(kind, said, *at, "相符", "与文件所载一致", known.source)
    full = "、".join(known.organs)
    message = f"{kind}与原文不同：这里是“{'、'.join(foreign)}”，原文是“{full}”"
    theirs = [_as_written(name, sentence) for name in known.organs]
    right = _right(organs, theirs, own) if known.fit >= _CLEAR else None
    sure: Confidence = "高" if known.fit >= _CLEAR else "中"
    return Claim(kind, said, *at, "不符", message, known.source, right, sure)


_PART = re.compile(r"[，、。；：,;:由]")


def _as_written(name: str, sentence: str) -> str:
    """An organ as the text itself calls it, if it does: 市委老干部局 for 市委老干局."""
    for part in map(_AND_OTHERS.remove_from, _PART.split(sentence)):
        if part[:1] == name[:1] and _AN_ORGAN.match(part) and organ_key(part) == organ_key(name):
            return part
    return name


def _is_among(key: str, keys: set[str]) -> bool:
    return any(
        key == k or (len(key) > 2 and (k.endswith(key) or key.endswith(k))) for k in keys if k
    )


def _right(ours: Sequence[str], theirs: Sequence[str], keys: Sequence[str]) -> str | None:
    """The list with the organs that stand in the place of those that do not belong."""
    if len(ours) == 1:
        return theirs[0] if len(theirs) == 1 else None
    own = [organ_key(name) for name in ours]
    result: list[str] = []
    for tag, a, b, c, d in SequenceMatcher(None, own, list(keys), autojunk=False).get_opcodes():
        if tag == "equal" or (tag == "replace" and b - a == d - c):
            result += ours[a:b] if tag == "equal" else theirs[c:d]
        elif tag != "insert":
            return None
    return "、".join(result)
