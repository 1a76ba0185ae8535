"""An invented office: three departments, sixty documents of four classes, nine people who see
different parts of them. Each document holds words, numbers and figures that stand in no other."""

import itertools
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from assistant.chat import Assistant
from assistant.drafting.desk import DraftingDesk
from assistant.drafting.store import DraftStore
from assistant.find.reading import LexicalReader
from assistant.office.curated import Curated, Source
from assistant.office.gaps import Near
from assistant.office.office import Office as Kept
from assistant.office.sight import ALL, told_of
from assistant.people.person import Person, Role
from assistant.services import Services
from assistant.settings import AnswerSettings, DraftSettings
from ingest.pipeline import ingest
from tests.conftest import MODELS, HashEmbedder
from vectorstore.index import PolicyIndex
from vectorstore.library import Library
from vectorstore.models import PUBLIC, Audience, Viewer
from vectorstore.settings import IndexSettings

# 政务处 and 水务处 stand side by side; 渠道科 is below 水务处.
DEPARTMENTS = {"d1": "", "d2": "", "d3": "d2"}
AUDIENCES = (
    PUBLIC, PUBLIC, Audience("部门", ("d1",)), Audience("部门", ("d2",)), Audience("部门", ("d3",)),
    Audience("部门", ("d1", "d3")), Audience("群体", ("g1",)), Audience("群体", ("g2",)),
    Audience("个人", ("user:1",)), Audience("个人", ("user:8",)),
)  # fmt: skip
COUNT = 60
_FIRST, _SECOND = "蓝赤紫墨岚霁皓黛", "鹭枫檀鲤鸢藤鹿鹤"
_WORDS = ["".join(pair) for pair in itertools.product(_FIRST, _SECOND)][:COUNT]

TEXT = """{word}县人民政府关于印发《{word}县节水行动方案（2023—{end}年）》的通知
{word}政发〔2024〕{number}号
各乡镇人民政府：
为推进节水工作，制定本方案。
一、工作目标
到2025年，再生水利用量达到{figure}万吨，{word}工程全部建成。
二、重点任务
（一）推广再生水利用
鼓励企业使用再生水，建设{inner}管网。（县{word}局牵头，县财政局配合）
{inner}管护制，是指由{inner}员负责巡查的制度。
（二）开展宣传教育
县财政局安排{inner}专项资金，每年{sum}万元。
{repeals}
三、保障措施
成立{word}领导小组，统筹协调，对进展缓慢的予以通报。
本方案自2024年5月1日起施行。
{word}县人民政府
2024年4月5日
"""
_INNER = "甑笏簪釭縠镡罍"


@dataclass(frozen=True)
class Made:
    """A document: `said` are what only its text, title, number and file hold, `inside` what only
    its text holds."""

    number: int
    word: str
    inner: str
    figure: str
    sum: str
    code: str
    audience: Audience
    repeals: int | None = None  # another one

    @property
    def said(self) -> tuple[str, ...]:
        return (self.word, self.code, *self.inside)

    @property
    def inside(self) -> tuple[str, ...]:
        return (self.inner, self.figure, self.sum)

    def text(self) -> str:
        other = f"《节水旧规（{self.repeals}）》"
        if self.repeals is not None:
            made = documents()[self.repeals]
            other = f"《{made.word}县节水行动方案》（{made.word}政发〔2024〕{made.code}号）"
        return TEXT.format(
            word=self.word, inner=self.inner, figure=self.figure, sum=self.sum, number=self.code,
            end=2025 + self.number % 4,
            repeals="" if self.repeals is None else f"自本方案施行之日起，{other}同时废止。",
        )  # fmt: skip


def documents() -> list[Made]:
    """Every fourth may not be quoted, every fifth not be downloaded. Some that few see repeal one
    that all see: who does not see the act must not learn of it."""
    made = []
    inner = itertools.product(_INNER, _INNER[::-1] + "缶瓴")
    for n, (word, pair) in enumerate(zip(_WORDS, inner, strict=False)):
        audience = replace(
            AUDIENCES[n % len(AUDIENCES)], may_quote=n % 4 != 3, may_download=n % 5 != 4
        )
        repeals = n - n % 10 if n % 10 in (2, 8) and n % 20 >= 10 else None
        made.append(
            Made(n, word, "".join(pair), f"{41003 + 137 * n}", f"{70001 + 211 * n}", f"{9100 + n}",
                 audience, repeals)
        )  # fmt: skip
    return made


class Blind(Person):
    """Somebody who may see nothing at all."""

    @property
    def viewer(self) -> Viewer:
        return Viewer(self.id, frozenset(), frozenset())


def _person(number: int, departments: tuple[str, ...], groups: str, *roles: Role) -> Person:
    name = f"user:{number}"
    given = frozenset(roles or ("查阅",))
    return Person(name, name, name, departments, given, frozenset(groups.split()))


READ: tuple[Role, ...] = ("查阅", "起草", "资料管理")
PEOPLE = (
    _person(1, ("d1",), "", *READ),
    _person(2, ("d2",), "", *READ),
    _person(3, ("d3", "d2"), "", *READ),  # in 渠道科, so for them is what is for 水务处 too
    _person(4, ("d1",), "g1", *READ),
    _person(5, (), "g1 g2", "查阅", "起草"),
    _person(6, (), ""),
    _person(7, ("d2",), "g2", "系统管理", "安全管理", "审计"),
    _person(8, ("d3", "d2"), "g2", *READ),
    Blind("user:9", "user:9", "user:9", (), frozenset(READ)),
)


@dataclass(frozen=True)
class Office:
    """The documents as the library holds them, and who sees which."""

    services: Services
    folder: Path
    ids: tuple[str, ...]  # in the order of documents()

    @cached_property
    def made(self) -> list[Made]:
        return documents()

    def seen(self, person: Person) -> frozenset[int]:
        """By the rule itself, not by the program's own words for it."""
        if isinstance(person, Blind):
            return frozenset()
        own = {"公开": {""}, "部门": set(person.departments), "群体": set(person.groups),
               "个人": {person.id}}  # fmt: skip
        return frozenset(
            m.number for m in self.made if own[m.audience.kind] & set(m.audience.of or ("",))
        )


@contextmanager
def office(folder: Path) -> Iterator[Office]:
    """Its services, over a folder that is empty yet."""
    files = folder / "文件"
    files.mkdir(parents=True)
    made = documents()
    for each in made:
        (files / f"{each.word}.txt").write_text(each.text(), encoding="utf-8")
    settings = IndexSettings(data_dir=folder / "data", model_dir=MODELS)
    index = PolicyIndex(settings, HashEmbedder())
    ingest(index, [files])
    by_name = {Path(d.source_paths[0]).stem: d.id for d in index.documents()}
    ids = tuple(by_name[each.word] for each in made)
    for identifier, each in zip(ids, made, strict=True):
        index.put_audience(identifier, each.audience)
    library = Library(index)
    own = looked_after(settings.data_dir, library, ids)
    reader = LexicalReader(index.token_weights)
    assistant = Assistant(library, reader, 0.2, AnswerSettings(), office=own)
    store = DraftStore(settings.data_dir / "drafts.sqlite3")
    desk = DraftingDesk(assistant, store, DraftSettings())
    services = Services(library, index.embedder, assistant, desk, office=own)  # type: ignore[arg-type]
    with closing(library), closing(store), closing(own):
        yield Office(services, folder, ids)


def looked_after(data: Path, library: Library, ids: tuple[str, ...]) -> Kept:
    """What 管理 shows, over every document: a question whose nearest passage stands in it, another
    that asks for a document, one of which nobody knows what answered it, an approved answer that
    rests on it, and that it was cited."""
    kept = Kept(data / "office.sqlite3", HashEmbedder().embed_passages)
    view = library.seen_by(Viewer("all"), as_of=date(2026, 1, 1))
    for number, identifier in enumerate(ids):
        passage, document = view.passages_of(identifier)[-1], view.summary(identifier)
        assert document
        title, at = document.metadata.title, (passage.start, passage.end)
        near, told = Near(identifier, title, passage.text, *at), (told_of(document),)
        word = documents()[number].word
        kept.gaps.add([f"{word}县问题"], "没有回答", near=near, sources=told)
        kept.gaps.add([f"{word}县问题", "方案呢？"], "不满意", why=word, sources=told)
        *_, waiting = kept.gaps.these([3 * number + 1, 3 * number + 2], ALL)
        kept.gaps.want(f"{word}县的文件", [waiting], "")
        kept.gaps.add([f"{word}县无处可查的问题"], "不满意", why=word)
        source = Source(1, identifier, document.sha256, passage.id, *at, passage.text, title)
        kept.curated.put(Curated(f"{word}县核定", f"{passage.text}[1]", (source,)), "", ALL)
        kept.counts.asked("", refused=False, documents=[identifier])
    return kept
