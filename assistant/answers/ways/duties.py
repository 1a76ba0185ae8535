"""Who leads, who supports — and the other way round, what a named organ has to do."""

import re
from collections.abc import Sequence

from assistant.answers.content import Content, Statement, refused
from assistant.answers.quotes.assignments import Assignment, assignments, role_quote
from assistant.answers.ways.documents import in_question, meant
from assistant.answers.ways.sections import whole_count
from assistant.find.evidence import Evidence, topic_only
from assistant.find.stated import facts_about, of_documents
from assistant.understand.corpus import full_name
from assistant.understand.question import Question
from vectorstore.facts import DutyRole, Fact
from vectorstore.language.aliases import organ_key, shortened
from vectorstore.language.names import ORGAN
from vectorstore.language.roles import LEAD, RESPONSIBLE, SUPPORT

_ASKED = re.compile(
    r"(?:的)?(?:牵头|责任|主管|配合|承办|协办|负责|参与)(?:单位|部门|机构|方)?|由谁|谁来?|哪[一]?[个些几]?家?(?:单位|部门|机构)?|分工|来?(?:承担|组织)|单位|部门"
)

_SURE = 0.7  # of the task that is asked about, in the name of a fact's
_AS_GOOD = 0.02  # how much worse than the best another task may fit
_MOST_TASKS = 6


def answer_department(question: Question, evidence: Evidence) -> Content | None:
    """Lead and supporting organs told apart; 责任单位 where nobody is said to lead;
    None where neither a fact nor a passage says it."""
    topic = _topic(question)
    if stated := _stated(question, topic, evidence):
        return Content(tuple(stated))
    found = assignments(question, evidence, topic)
    if not found:
        return None
    statements: list[Statement] = []
    for assignment in found:
        statements += _statements(assignment, evidence, named=len(found) > 1)
    return Content(tuple(statements))


def _stated(question: Question, topic: str, evidence: Evidence) -> list[Statement]:
    """The roles of the task that is asked about, or of all that fit as well, from the facts."""
    documents = meant(question, evidence) or in_question(question, evidence)
    matches = facts_about(topic, evidence, ("duty",), documents, least=_SURE)
    tasks: dict[tuple[str, str], list[Fact]] = {}
    for match in matches:
        if match.fit >= matches[0].fit - _AS_GOOD:
            fact = match.fact
            tasks.setdefault((fact.document_id, fact.subject), []).append(fact)
    several = len(tasks) > 1
    return [
        _role(fact, evidence, named=several)
        for facts in list(tasks.values())[:_MOST_TASKS]
        for fact in _distinct(facts)
    ]


def _distinct(facts: Sequence[Fact]) -> list[Fact]:
    """Each role once, those who lead first."""
    once = {(fact.role, fact.organs): fact for fact in reversed(facts)}
    return sorted(once.values(), key=lambda f: (list(_NAMES).index(f.role or "responsible"), f.start))


def _role(fact: Fact, evidence: Evidence, *, named: bool) -> Statement:
    """牵头单位：…, with the words that say so."""
    lead = f"{fact.subject.rstrip('。：: ')}，" if named else ""
    quote = evidence.quoter.fact(evidence.summary(fact.document_id), fact)
    name = _NAMES[fact.role or "responsible"]
    return Statement(f"{lead}{name}：{'、'.join(fact.organs)}", (quote,))


_WORDS = {LEAD: "牵头单位", SUPPORT: "配合单位", RESPONSIBLE: "责任单位"}


def _statements(assignment: Assignment, evidence: Evidence, *, named: bool) -> list[Statement]:
    """牵头单位：… 配合单位：…, each with the place it stands in."""
    lead = f"{assignment.task}，" if named else ""
    statements = []
    for role in assignment.roles:
        quote = role_quote(assignment, role, evidence)
        organs = role.organs or quote.text
        statements.append(Statement(f"{lead}{_WORDS[role.role]}：{organs}", (quote,)))
    return statements


def _topic(question: Question) -> str:
    topic = _ASKED.sub(" ", topic_only(question))
    return " ".join(topic.split()).strip(" 的是有由，,")


# --- what an organ has to do ------------------------------------------------------------------

_ROLES: tuple[tuple[str, tuple[DutyRole, ...]], ...] = (
    ("牵头", ("lead",)),
    ("主管", ("lead", "responsible")),
    ("配合", ("support",)),
    ("协办", ("support",)),
    ("责任单位", ("responsible",)),
    ("责任部门", ("responsible",)),
)
_NAMES = {"lead": "牵头单位", "responsible": "责任单位", "support": "配合单位"}


def answer_duty(question: Question, evidence: Evidence) -> Content | None:
    """Every task in which a named organ leads, supports or is responsible, by section, counted;
    None where there is none."""
    documents = meant(question, evidence) or in_question(question, evidence)
    duties = of_documents(documents, evidence, "duty")
    if not duties:
        return None
    organ = _organ_meant(question, duties)
    own = [f for f in duties if organ and any(_is(listed, organ) for listed in f.organs)]
    if not own:
        named = organ_of(question)
        if named is None or not question.places:
            return None
        return refused(f"在 {len(documents)} 份文件中没有读到{named}承担的任务。")
    asked = next((roles for word, roles in _ROLES if word in question.standalone), ())
    facts = [f for f in own if f.role in asked] if asked else own
    if not facts:
        held = "、".join(dict.fromkeys(_NAMES[f.role or "responsible"] for f in own))
        return refused(f"没有读到{organ}是{_NAMES[asked[0]]}的任务；它在 {len(own)} 处是{held}。")
    several = len({fact.document_id for fact in facts}) > 1
    statements = tuple(_task(fact, organ, evidence, named=several) for fact in facts)
    return Content(statements, notes=(whole_count(len(facts), "项"),))


def _organ_meant(question: Question, duties: Sequence[Fact]) -> str:
    """Of the organs that have duties here the one that a question names, in full or short."""
    text = question.standalone
    for place in question.places:
        text = text.replace(place.text, " ", 1)
    said = shortened(text)
    known = {key for fact in duties for organ in fact.organs for key in _keys(organ)}
    return max((key for key in known if len(key) >= 2 and key in said), key=len, default="")


def _is(listed: str, organ: str) -> bool:
    return organ in _keys(listed)


def _keys(listed: str) -> set[str]:
    """An organ's name; of 公安、民政等部门 also that of each: 公安部门, 民政部门."""
    fields = listed.removesuffix("等部门") if listed.endswith("等部门") else ""
    fields = fields[fields.rfind("政府") + len("政府") :] if "政府" in fields else fields
    return {organ_key(listed), *(organ_key(f"{f}部门") for f in re.split("[、和]", fields) if f)}


def organ_of(question: Question) -> str | None:
    """The organ that a question names, without the place in front of it."""
    text = question.standalone
    for place in question.places:
        text = text.replace(
            place.text, place.text[-1] if place.text[-1] in "省市区县州旗" else "", 1
        )
    match = ORGAN.search(text)
    return match[0] if match else None


def _task(fact: Fact, organ: str, evidence: Evidence, *, named: bool) -> Statement:
    """区块的任务：市教育局是牵头单位, with the words that say so."""
    document = evidence.summary(fact.document_id)
    lead = f"{full_name(document)}，" if named else ""
    own = next(listed for listed in fact.organs if _is(listed, organ))
    task = fact.subject.rstrip("。：: ")
    quote = evidence.quoter.fact(document, fact)
    return Statement(f"{lead}{task}：{own}是{_NAMES[fact.role or 'responsible']}。", (quote,))
