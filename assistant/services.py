"""Builds the parts of the program once, from settings. Plain factories; nothing at import."""

import logging
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from assistant.chat import Assistant
from assistant.drafting.desk import DraftingDesk
from assistant.drafting.store import DraftStore
from assistant.find.neural.reader import USUAL_LENGTH, WEIGHTS_FOLDER, NeuralReader
from assistant.find.reading import LexicalReader, Reader, Weigher
from assistant.find.rerank import CrossEncoderScorer, MaxSimScorer, ScoredReader, Scorer
from assistant.history.history import History
from assistant.llm import build_model
from assistant.meters import Meters
from assistant.office.backups import Backup, BackupDesk, Tools
from assistant.office.office import Office
from assistant.people.audit_log import KeptLog, open_log
from assistant.people.log import AuditLog, NoLog, Who, recorded
from assistant.people.store import People
from assistant.recording import Recording
from assistant.settings import (
    AnswerSettings,
    DraftSettings,
    LlmSettings,
    OfficeSettings,
    WebSettings,
)
from assistant.understand.learned import build_classifier
from assistant.understand.requested import build_request_model
from vectorstore import stores
from vectorstore.arrivals.arrivals import Arrivals
from vectorstore.backups.backup import MANIFEST, create_backup, read
from vectorstore.backups.verify import verify
from vectorstore.database.opening import exists
from vectorstore.embedding.embedder import Embedder, SentenceEmbedder, build_embedder
from vectorstore.errors import PolicyError
from vectorstore.library import Library, open_library
from vectorstore.settings import IndexSettings, LogSettings, load_settings
from vectorstore.stores import place

log = logging.getLogger(__name__)

# Below this share of the question's words a passage is no evidence; chosen on the committed
# questions (docs/benchmarks.md).
LEXICAL_THRESHOLD = 0.3
# Of a scorer beside the reader, both in deviations. Not tuned: MaxSim brought nothing on the
# committed questions and is off by default; no CrossEncoder was at hand to measure.
MAXSIM_WEIGHT = 0.4
CROSS_ENCODER_WEIGHT = 1.0


@dataclass(frozen=True)
class Services:
    """What the web app and the command line share."""

    library: Library
    embedder: SentenceEmbedder
    assistant: Assistant
    desk: DraftingDesk
    log: KeptLog | NoLog = field(default_factory=NoLog)
    people: People | None = None  # None where nobody logs in
    office: Office | None = None  # its terms, questions without an answer, counts; None in tests
    backups: BackupDesk | None = None
    # Whose keys programs come with: the people; where nobody logs in and the site is reached from
    # elsewhere, the accounts that the command line made, if there are any.
    callers: People | None = None
    meters: Meters = field(default_factory=Meters)

    @cached_property
    def history(self) -> History:
        """Its file is opened when somebody first asks on a page."""
        days = load_settings(WebSettings).history_days
        return History(self.library.settings.home, days)

    @cached_property
    def arrivals(self) -> Arrivals:
        """Its file is opened when the first thing comes in, or somebody asks."""
        return Arrivals(self.library.settings.home)

    @cached_property
    def recording(self) -> Recording:
        """The assistant for whoever asks: the log keeps what they ask and are told."""
        return Recording(self.assistant, self.log, self.meters)

    def erase(self, person: str, by: Who) -> dict[str, int]:
        """Erases what is kept of somebody, by id, in every store, and their account: how many of
        what. The log does its part with the entry that says so. Drafts that others are to keep
        are handed over before (DraftStore.leaving).

        Raises PolicyError, before anything is gone, for an account that must stay; and when a
        store cannot be written: the log says then that it failed, and it can be done again.
        """
        account = self.people.account(person) if self.people else None
        if self.people and account:
            self.people.require_dispensable(person)
        with self._any_log() as log, recorded(log, by.did("erase person", person)):
            if self.people and account:
                self.people.disable(person)  # nothing new comes while the rest goes
            conversations, saved = self.history.erase(person)
            gone = {
                "次对话": conversations,
                "条收藏": saved,
                "份稿子": self.desk.store.leaving.forget(person),
                "个没有回答的问题里的姓名": self.office.gaps.forget(person) if self.office else 0,
                "个资料夹": self.office.collections.forget(person) if self.office else 0,
            }
            if self.arrivals.is_there:
                gone["份入库报告里的姓名"] = self.arrivals.forget(person)
            if self.people and account:
                self.people.remove(person)
                gone["个账号"] = 1
        return gone

    @contextmanager
    def _any_log(self) -> Iterator[AuditLog]:
        """The log; where none is kept any more, the one of before: it names people too."""
        home = self.library.settings.home
        if isinstance(self.log, KeptLog) or not exists(place(home, stores.LOG)):
            yield self.log
            return
        with closing(KeptLog(home, load_settings(LogSettings))) as kept:
            yield kept

    def tidy(self) -> None:
        """Removes for good what is past its period: deleted conversations, answers and drafts,
        old conversations, old entries of the log. What cannot be now is tried the next time."""
        for step in (self.history.tidy, self.desk.store.purge, self.log.tidy):
            try:
                step()
            except Exception:  # the edge: one store must not stop the others
                log.exception("tidying failed")

    def close(self) -> None:
        for accounts in {id(p): p for p in (self.people, self.callers) if p}.values():
            accounts.close()
        if self.office:
            self.office.close()
        self.history.close()
        self.arrivals.close()
        self.library.close()
        self.desk.store.close()
        self.log.close()


def build_services(web: WebSettings | None = None) -> Services:
    """Reads the settings and opens the index; repairs its vectors when they are damaged. With the
    settings of the web app, the accounts as well, when people log in.

    Raises PolicyError for wrong settings or an index that cannot be used.
    """
    settings = load_settings(IndexSettings)
    answer = load_settings(AnswerSettings)
    log = build_log(settings)
    embedder = build_embedder(settings)
    library = open_library(settings, embedder)
    reader, threshold = build_reader(answer, embedder, library.token_weights)
    model = build_model(load_settings(LlmSettings))
    classifier = build_classifier(embedder.layer_states) if embedder.is_builtin else None
    requests = build_request_model(embedder.layer_states) if embedder.is_builtin else None
    office = build_office(settings, embedder)
    assistant = Assistant(library, reader, threshold, answer, model, classifier, office, requests)
    drafting = load_settings(DraftSettings)
    drafts = DraftStore(place(settings.home, stores.DRAFTS), drafting.bin_days)
    desk = DraftingDesk(assistant, drafts, drafting)
    backups = BackupDesk(backup_tools(settings, load_settings(OfficeSettings)))
    people = open_people(settings, web) if web and web.lists_people else None
    callers = open_callers(settings, web, people) if web else None
    return Services(library, embedder, assistant, desk, log, people, office, backups, callers)


def build_office(settings: IndexSettings, embedder: Embedder) -> Office:
    """What the office tells and is told."""
    office, web = load_settings(OfficeSettings), load_settings(WebSettings)
    return Office(
        place(settings.home, stores.OFFICE),
        embedder.embed_passages,
        keeps_questions=office.gaps != "off",
        names_askers=office.gaps == "named",
        max_vote_bytes=web.feedback_mb * 2**20,
    )


def backup_tools(settings: IndexSettings, office: OfficeSettings) -> Tools:
    """Backups of the data folder, made as `python -m ingest backup` makes them."""
    folder = office.backups or settings.data_dir / "backups"

    def listed() -> list[Backup]:
        found = []
        for path in sorted(folder.glob(f"policy-backup-*/{MANIFEST}"), reverse=True):
            with suppress(PolicyError):  # one that somebody else's program wrote
                held = read(path.parent)
                size = sum(entry.bytes for entry in held.files.values())
                documents = held.counts.get("documents", 0)
                found.append(Backup(path.parent, held.made, size, documents, held.program))
        return found

    def wrong(path: Path) -> list[str]:
        return [f"{c.name}：{c.detail}" for c in verify(path) if not c.ok]

    return Tools(folder, lambda: create_backup(settings.home, folder)[0], listed, wrong)


def build_log(settings: IndexSettings) -> KeptLog | NoLog:
    """The audit log, which is on where people log in, or where the settings say so."""
    has_login = load_settings(WebSettings).lists_people
    return open_log(settings.home, load_settings(LogSettings), has_login=has_login) or NoLog()


def open_people(settings: IndexSettings, web: WebSettings) -> People:
    """The accounts of the data folder. Raises PolicyError when they cannot be used."""
    return People(
        place(settings.home, stores.PEOPLE),
        separate=web.separate,
        idle=web.idle_minutes * 60,
        life=web.session_hours * 3600,
    )


def open_callers(settings: IndexSettings, web: WebSettings, people: People | None) -> People | None:
    """Whose keys programs come with. Where only this machine's users reach the site and nobody
    logs in, programs need no key, and no file is made."""
    has_accounts = exists(place(settings.home, stores.PEOPLE))
    if people or web.is_local or not has_accounts:
        return people
    return open_people(settings, web)


def build_reader(
    settings: AnswerSettings, embedder: SentenceEmbedder, weigh: Weigher
) -> tuple[Reader, float]:
    """The reader that ships with the project, where its file is there; else reading by words,
    corrected by MaxSim on request. A CrossEncoder that the settings name corrects either.

    The second value is the relevance below which a passage is no evidence.
    """
    reader: Reader = LexicalReader(weigh)
    threshold = LEXICAL_THRESHOLD
    if settings.reader == "auto" and NeuralReader.is_shipped() and embedder.is_builtin:
        reader = neural = NeuralReader(
            embedder,
            WEIGHTS_FOLDER,
            weigh,
            budget=settings.read_tokens,
            limit=settings.passages,
        )
        threshold = neural.card.threshold
    scorer: Scorer | None = None
    weight = CROSS_ENCODER_WEIGHT
    if settings.rerank_model:
        scorer = CrossEncoderScorer(settings.rerank_model)
    elif reader.name == "lexical" and settings.late_interaction:
        scorer, weight = MaxSimScorer(embedder), MAXSIM_WEIGHT
    if scorer is None:
        return reader, threshold
    passages = min(settings.passages, settings.read_tokens // USUAL_LENGTH)
    return ScoredReader(reader, scorer, weight=weight, passages=passages), threshold
