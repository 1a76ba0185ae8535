"""Who leads, who supports — and the other way round, what a named organ has to do."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from assistant.answers.content import Content, Refusal, Statement, refused, table
from assistant.answers.fit import fit
from assistant.answers.quotes.assignments import Assignment, assignments, role_quote
from assistant.answers.refusing import as_near
from assistant.answers.ways.documents import in_question, meant
from assistant.answers.ways.figures import in_sentence
from assistant.answers.ways.sections import whole_count
from assistant.cite.citation import named
from assistant.find.evidence import Evidence
from assistant.find.stated import Match, facts_about, of_documents
from assistant.understand.asked import (
    asks_how,
    asks_who,
    organ_in,
    organ_known,
    plain_department,
    roles_asked,
    task_asked,
    task_named,
)
from assistant.understand.corpus import full_name
from assistant.understand.demands import Demand
from assistant.understand.kinds import Kind, describes
from assistant.understand.question import Question
from assistant.understand.wording import without
from vectorstore.facts import Fact
from vectorstore.language.aliases import organ_key
from vectorstore.language.names import ORGAN
from vectorstore.language.numbering import unnumbered
from vectorstore.language.pattern import Pattern
from vectorstore.language.roles import LEAD, RESPONSIBLE, SAYS_WHO, SUPPORT
from vectorstore.language.text import says

_SURE = 0.7  # of the task that is asked about, in the name of a fact's
_AS_GOOD = 0.02  # how much worse than the best another task may fit
_MOST_TASKS = 6
_ORGANS = ("部门", "机关", "机构", "单位", "银行", "法院", "公司")
_NO_ORGANS = ("社会", "机会", "大会", "干部", "全部", "内部", "外部", "医院")  # end like one
_NEAR = 0.25  # of the task that is asked about, in the name of one that is told as near
_FEW = 3


def answer_department(question: Question, evidence: Evidence) -> Content | None:
    """Lead and supporting organs told apart; 责任单位 where nobody is said to lead;
    None where neither a fact nor a passage says it, or they tell another role."""
    topic = task_asked(question)
    if stated := _stated(question, topic, evidence):
        return Content(tuple(stated)) if _tell_it(question, stated, evidence) else None
    found = assignments(question, evidence, topic)
    if not found:
        return None
    statements: list[Statement] = []
    for assignment in found:
        statements += _statements(assignment, evidence, named=len(found) > 1)
    return Content(tuple(statements)) if _tell_it(question, statements, evidence) else None


def _tell_it(question: Question, statements: Sequence[Statement], evidence: Evidence) -> bool:
    """Whether one of them tells what is asked, and not another role alone (牵头 for 验收)."""
    return any(fit(question, statement, evidence).fits for statement in statements)


def _stated(question: Question, topic: str, evidence: Evidence) -> list[Statement]:
    """The roles of the task that is asked about, or of all that fit as well, from the facts."""
    documents = meant(question, evidence) or in_question(question, evidence)
    matches = facts_about(topic, evidence, ("duty",), documents, least=_SURE)
    tasks: dict[tuple[str, str], list[Fact]] = {}
    for match in matches:
        if match.fit >= matches[0].fit - _AS_GOOD:
            fact = match.fact
            tasks.setdefault((fact.document_id, fact.subject), []).append(fact)
    if "support" in roles_asked(question) and not any(
        fact.role == "support" for facts in tasks.values() for fact in facts
    ):
        return []
    several = len(tasks) > 1
    return [
        _role(fact, evidence, named=several)
        for facts in list(tasks.values())[:_MOST_TASKS]
        for fact in _distinct(facts)
    ]


def _distinct(facts: Sequence[Fact]) -> list[Fact]:
    """Each role once, those who lead first."""
    once = {(fact.role, fact.organs): fact for fact in reversed(facts)}
    return sorted(
        once.values(), key=lambda f: (list(_NAMES).index(f.role or "responsible"), f.start)
    )


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


def names_who(question: Question, content: Content) -> bool:
    """Whether what is said names an organ, or says that somebody is in charge, where one is asked
    for; a table does."""
    if question.kind.plain is not Kind.DEPARTMENT:
        return True
    said = "\n".join(statement.text for statement in content.statements)
    if isinstance(content.said, tuple) and not content.is_prose:
        return True
    organs = (match[0] for match in ORGAN.finditer(said))
    named = SAYS_WHO.search(said) or says(said, _ORGANS)
    return bool(named) or any(not o.endswith(_NO_ORGANS) for o in organs)


def without_lead(question: Question, content: Content, evidence: Evidence) -> Content:
    """In so many words that nobody is said to lead, where only the task itself was read: with the
    tasks of the same documents that come nearest and who leads them."""
    documents = meant(question, evidence) or in_question(question, evidence)
    quoted = {q.document_id for s in content.statements for q in s.quotes}
    own = [d for d in documents if d.id in quoted] or documents
    task = task_asked(question)
    if not task or not 0 < len(own) <= _FEW:
        return content
    titles = "、".join(named(d.metadata.title) for d in own)
    beside: dict[str, list[Fact]] = {}
    for match in facts_about(task, evidence, ("duty",), own, _NEAR):
        beside.setdefault(match.fact.subject, []).append(match.fact)
    told = [
        f"{name.rstrip('。：: ')}（{_NAMES[f.role or 'responsible']}：{'、'.join(f.organs)}）"
        for name, facts in list(beside.items())[:_FEW]
        for f in _distinct(facts)[:1]
    ]
    near = [
        as_near(evidence.quoter.fact(evidence.summary(facts[0].document_id), facts[0]), evidence)
        for facts in list(beside.values())[:_FEW]
    ]
    read = [as_near(q, evidence) for s in content.statements for q in s.quotes]
    nearest = f"相近的任务是：{'；'.join(told)}。" if told else ""
    said = f"{titles}没有写明“{task}”由谁牵头或负责。{nearest}"
    refusal = content.said.near if isinstance(content.said, Refusal) else ()
    return refused(said, [*near, *(read or refusal)][:_FEW])


def answer_leads(question: Question, evidence: Evidence) -> Content | None:
    """Who leads the task in each of several documents; None where one is asked about, or fewer
    than two say it."""
    if not (question.asks(Demand.EVERYWHERE) and asks_who(question)):
        return None
    documents = evidence.view.documents()
    topic = task_asked(question, everywhere=True)
    best: dict[str, list[Match]] = {}
    for match in facts_about(topic, evidence, ("duty",), documents, _LEADS):
        best.setdefault(match.fact.document_id, []).append(match)
    if len(best) < _SEVERAL:
        return None
    order = sorted(documents, key=lambda d: d.id not in best)[:_ROWS]  # a cut leaves out silence
    rows = [(Statement(full_name(d)), _organs(best.get(d.id, []), topic, evidence)) for d in order]
    cut = f"以上列出前 {_ROWS} 份。" if len(documents) > _ROWS else ""
    told = f"在 {len(documents)} 份文件中，{len(best)} 份写明。{cut}"
    return Content((table(("文件", "牵头或责任单位"), rows),), notes=(told,))


def leads_of(topic: str, ids: Sequence[str], evidence: Evidence) -> Statement | None:
    """Who leads a task in some documents, from rows; None where no row is about it."""
    documents = [evidence.summary(i) for i in ids]
    matches = facts_about(topic, evidence, ("duty",), documents, _LEADS)
    return _organs(matches, topic, evidence) if matches else None


def _organs(matches: Sequence[Match], topic: str, evidence: Evidence) -> Statement:
    """The organs of the task that fits best, in their roles; of all tasks below a heading where
    that is what is asked about."""
    if not matches:
        return Statement("未载明")
    own = _below_heading(matches[0].fact, topic, evidence) or [
        m.fact for m in matches if m.fact.subject == matches[0].fact.subject
    ]
    tasks: dict[str, list[Fact]] = {}
    for fact in own:
        tasks.setdefault(fact.subject, []).append(fact)
    told = []
    for task, facts in tasks.items():
        words = (f"{_NAMES[f.role or 'responsible']}：{'、'.join(f.organs)}" for f in facts)
        told.append(f"{task.rstrip('。：: ')}，{'；'.join(dict.fromkeys(words))}")
    document = evidence.summary(matches[0].fact.document_id)
    quotes = tuple(dict.fromkeys(evidence.quoter.fact(document, fact) for fact in own))
    return Statement("。".join(told), quotes)


def _below_heading(fact: Fact, topic: str, evidence: Evidence) -> list[Fact]:
    """All roles that stand below a heading of a task's that says what is asked about better than
    the task does; [] where none does, or they are too many to be one thing."""
    said = evidence.coverage(topic, fact.subject)
    held = {h: evidence.coverage(topic, h) for h in fact.heading_path if h != fact.subject}
    heading = max(held, key=lambda h: held[h], default="")
    if not heading or held[heading] <= said:
        return []
    document = evidence.summary(fact.document_id)
    below = [f for f in of_documents([document], evidence, "duty") if heading in f.heading_path]
    return below if len({f.subject for f in below}) <= _MOST_TASKS else []


# --- what an organ has to do ------------------------------------------------------------------

_ALSO_CALLED = Pattern(
    r"[（(][^（()）]{1,20}[)）]$",
    yes=(("区文联（区作协）", "（区作协）"),),
    no=("县（市、区）科协",),
    why="another name behind an organ's",
)
_LEADS = 0.5  # of what is asked, in the task of a row
_SEVERAL = 2
_ROWS = 60
_TAILS = ("责任", "分工", "牵头", "配合", "主办", "协办", "承办")
_SORTS = ("部门", "机关", "机构")
_CLAUSE = 12  # characters beside the organs
_OF_MATTER = 0.4  # of the matter's weight, around a task
_NAMES = {"lead": "牵头单位", "responsible": "责任单位", "support": "配合单位"}


def answer_duty(question: Question, evidence: Evidence) -> Content | None:
    """Every task in which a named organ leads, supports or is responsible, by section, counted;
    None where there is none, and where no organ is named or another asks it."""
    if describes(question.standalone) or question.asks(Demand.DEFINITION):
        return None
    if question.kind is Kind.DEFINITION:
        return None
    if asks_how(question) and not question.words(Demand.DUTIES):
        return None  # what somebody does in a case, whichever organ says it
    documents = meant(question, evidence) or in_question(question, evidence)
    duties = of_documents(documents, evidence, "duty")
    if not duties:
        return None
    organ = _organ_meant(question, duties)
    named = organ_in(question) or (organ if organ.endswith(_SORTS) else None)
    if named is None:
        return None  # 旅游经营者, 收货人: a party, which rules bind in other ways
    own = [f for f in duties if organ and any(_is(listed, organ) for listed in f.organs)]
    own = _on_matter(question, own, organ, evidence)
    if own and _asks_narrower(question, own, organ, evidence):
        return None
    if not own:
        if question.kind is not Kind.DUTY or not question.places:
            return None
        return refused(f"在 {len(documents)} 份文件中没有读到{named}承担的任务。")
    asked = roles_asked(question)
    facts = [f for f in own if f.role in asked] if asked else own
    notes: tuple[str, ...] = ()
    if not facts and all(f.role == "responsible" for f in own):  # 牵头 and 配合 are not told apart
        notes = (f"文件只写明责任单位，没有分别写明牵头和配合；以下是{organ}作为责任单位的任务。",)
        facts = own
    if not facts:
        held = "、".join(dict.fromkeys(_NAMES[f.role or "responsible"] for f in own))
        return refused(f"没有读到{organ}是{_NAMES[asked[0]]}的任务；它在 {len(own)} 处是{held}。")
    several = len({fact.document_id for fact in facts}) > 1
    repeated = Counter((fact.document_id, fact.subject) for fact in facts)
    statements = tuple(
        _task(
            fact, organ, evidence, named=several, told=repeated[fact.document_id, fact.subject] > 1
        )
        for fact in facts
    )
    statements = tuple(dict.fromkeys(statements))
    return Content(statements, notes=(whole_count(len(facts), "项"), *notes))


def _on_matter(question: Question, facts: list[Fact], organ: str, evidence: Evidence) -> list[Fact]:
    """Of tasks in many documents those of the matter; all where a document is named, or nothing
    but the organ and the document."""
    matter = without(question.matter, [organ]).strip() if question.is_marked else ""
    if not matter or question.named or question.places:
        return facts
    titles = {f.document_id: evidence.summary(f.document_id).metadata.title for f in facts}
    return [
        f
        for f in facts
        if evidence.coverage(matter, titles[f.document_id], f.subject, f.text, *f.heading_path)
        >= _OF_MATTER
    ]


def _asks_narrower(
    question: Question, facts: Sequence[Fact], organ: str, evidence: Evidence
) -> bool:
    """Whether what is asked of an organ is something that none of its tasks speaks of: 行使哪些
    土地监察职权."""
    thing = task_named(question, organ)
    return bool(thing) and all(
        evidence.coverage(thing, f.subject, f.text, f.quote, *f.heading_path) < _OF_MATTER
        for f in facts
    )


def _organ_meant(question: Question, duties: Sequence[Fact]) -> str:
    """Of the organs that have duties here the one that a question names, in full or short."""
    known = {key for fact in duties for organ in fact.organs for key in _keys(organ)}
    return organ_known(question, sorted(known))


def _is(listed: str, organ: str) -> bool:
    return organ in _keys(listed)


def _keys(listed: str) -> set[str]:
    """An organ's name; of 公安、民政等部门 also that of each: 公安部门, 民政部门."""
    fields = listed.removesuffix("等部门") if listed.endswith("等部门") else ""
    fields = fields[fields.rfind("政府") + len("政府") :] if "政府" in fields else fields
    plain = organ_key(plain_department(listed))
    return {
        organ_key(listed),
        organ_key(_ALSO_CALLED.remove_from(listed)),
        plain,
        *(organ_key(f"{f}部门") for f in re.split("[、和]", fields) if f),
    }


def _is_clause(fact: Fact) -> bool:
    """Whether the words that put an organ in charge say what it has to do: a rule's clause, no
    （责任单位：…） behind a task."""
    if fact.quote.startswith(("（", "(", *_TAILS)):
        return False
    return len(fact.quote) >= _CLAUSE + sum(map(len, fact.organs))


def _task(fact: Fact, organ: str, evidence: Evidence, *, named: bool, told: bool) -> Statement:
    """某项任务：市教育局是牵头单位, with the words that say so. `told`: the task's first sentence
    stands beside its name, which others share."""
    document = evidence.summary(fact.document_id)
    lead = f"{full_name(document)}，" if named else ""
    own = next(listed for listed in fact.organs if _is(listed, organ))
    task = fact.subject.rstrip("。：: ")
    if told and fact.text and fact.text != fact.subject:
        task += f"，{unnumbered(fact.text).rstrip('。；')}"
    quote = evidence.quoter.fact(document, fact)
    if _is_clause(fact):
        whole = in_sentence(fact, evidence)
        return replace(whole, text=f"{lead}{whole.text}")
    return Statement(f"{lead}{task}：{own}是{_NAMES[fact.role or 'responsible']}。", (quote,))
