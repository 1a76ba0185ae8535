"""Assistant.ask: from what a user said to a checked answer. The whole flow on one screen."""

import logging
import re
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from langchain_core.runnables import Runnable, RunnableLambda

from assistant.answers.answer import Answer, Mode, compose
from assistant.answers.by_model import BY_RECORD, Writer, condense
from assistant.answers.content import Reply, items_of
from assistant.answers.curated import given
from assistant.answers.examples import draw_examples, drawn_from
from assistant.answers.quotes.passage import quoted_first
from assistant.answers.refusing import beside_filter, with_nearest
from assistant.answers.route import answer_part
from assistant.cite.punctuation import put_right
from assistant.events import Progress
from assistant.find.evidence import Evidence
from assistant.find.leaning import focused, in_its_own_words
from assistant.find.reading import Reader, Reading
from assistant.llm import LanguageModel, ModelFailure
from assistant.office.office import Office
from assistant.office.terms import NO_TERMS, Terms
from assistant.people.viewer import LOCAL
from assistant.remembering import Asked, Remembered, reference
from assistant.settings import AnswerSettings
from assistant.understand.corpus import Path
from assistant.understand.kinds import Kind
from assistant.understand.learned import QuestionModel
from assistant.understand.lexicon import lexicon_of
from assistant.understand.question import Question
from assistant.understand.requested import RequestModel
from assistant.understand.swaps import corrected
from assistant.understand.threads import only_goes_on
from assistant.understand.turns import parts_of, understand
from vectorstore.embedding.embedder import release_memory
from vectorstore.errors import PolicyError
from vectorstore.files.surrogates import whole
from vectorstore.language.regions import region_of_name
from vectorstore.library import Library, View
from vectorstore.models import SearchFilter, Viewer

QUOTED_IN_CHINESE = (
    "The documents are in Chinese and are quoted as they stand; what answers is marked. "
    "（文件为中文，按原文引用。）"
)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Request:
    """What is asked of the assistant: the user's messages so far, of which the last is answered;
    who asks, which documents they narrowed the search to, on which day, and how.

    `mode` None is the assistant's own; `progress` hears what is being done, and stops it; `anew`
    works the answer out whatever was answered before.
    """

    turns: tuple[str, ...]
    viewer: Viewer
    as_of: date
    scope: SearchFilter = SearchFilter()
    mode: Mode | None = None
    progress: Progress = field(default_factory=Progress)
    anew: bool = False


@dataclass(frozen=True)
class Understood:
    """A request once its question stands alone, with what its answer is looked up in."""

    request: Request
    question: Question
    mode: Mode
    evidence: Evidence
    began: float  # time.perf_counter()


class Assistant:
    """Answers questions over one library. Safe to call from several threads.

    `threshold` is the relevance below which the reader's passages are no evidence. `classifier`
    says what kind of answer is asked for; without it patterns do. `chain` is
    LangChain's: Request → Understood → Answer; the page, the command line and whoever else has
    a question invoke it. `office` gives its terms and the answers that it approved; `requests`
    says which kind of text a request for a draft asks for.
    """

    def __init__(
        self,
        library: Library,
        reader: Reader,
        threshold: float,
        settings: AnswerSettings,
        model: LanguageModel | None = None,
        classifier: QuestionModel | None = None,
        office: Office | None = None,
        requests: RequestModel | None = None,
    ):
        self.library = library
        self.reader = reader
        self.settings = settings
        self.model = model
        self.classifier = classifier
        self.office = office
        self.requests = requests
        self.home: Path = region_of_name(settings.home_region)
        self._threshold = threshold
        self._writer = Writer(model) if model else None
        self._examples: dict[tuple[int, tuple[str, ...]], list[str]] = {}
        self._lock = threading.Lock()
        self._remembered = Remembered(settings.remembered)
        self.chain: Runnable[Request, Answer] = RunnableLambda(self._understood) | RunnableLambda(
            self._answered
        )

    @property
    def mode(self) -> Mode:
        """How questions are answered when the caller does not say."""
        return "model" if self.model and self.settings.mode != "extractive" else "extractive"

    def ask(
        self,
        turns: Sequence[str],
        mode: Mode | None = None,
        progress: Progress | None = None,
        scope: SearchFilter = SearchFilter(),
        *,
        viewer: Viewer = LOCAL,
        as_of: date | None = None,
    ) -> Answer:
        """Answers the last of `turns` today, for whoever sits at this machine if nobody is named.

        Raises PolicyError for a question that is empty or too long, and Stopped when the
        progress's event is set.
        """
        day = as_of or date.today()
        return self.chain.invoke(
            Request(tuple(turns), viewer, day, scope, mode, progress or Progress())
        )

    def view(
        self, viewer: Viewer, scope: SearchFilter = SearchFilter(), as_of: date | None = None
    ) -> View:
        """What `viewer` sees, today if no day is named."""
        return self.library.seen_by(viewer, scope, as_of=as_of or date.today())

    def evidence(
        self, view: View, progress: Progress | None = None, terms: Terms | None = None
    ) -> Evidence:
        """What answering, drafting and audits look things up in: what may be quoted. With other
        `terms` than the office's, for a preview."""
        limit, progress = 2 * self.settings.passages, progress or Progress()
        if terms is None:
            terms = self.office.terms.now() if self.office else NO_TERMS
        lexicon = lexicon_of(terms.on(view.as_of))
        return Evidence(view.quotable, self.reader, self._threshold, limit, progress, lexicon)

    def question_of(self, turns: Sequence[str], evidence: Evidence) -> Question:
        """The last of `turns` as this assistant understands it, and where it looks."""

        def told(before: Question) -> list[str]:
            return items_of(answer_part(focused(before, evidence), evidence))

        def understood(said: Sequence[str]) -> Question:
            corpus, today = evidence.corpus, evidence.view.as_of
            known = self.classifier, evidence.support, evidence.lexicon
            return understand(said, corpus, self.home, *known, today, told)

        question = focused(understood(turns), evidence)
        if not (question.leans_on and question.is_completed) or only_goes_on(corrected(turns[-1])):
            return question
        places = "、".join(place.text for place in question.places)
        return in_its_own_words(question, understood([f"{places}{turns[-1]}"]), evidence)

    # --- the steps ------------------------------------------------------------------------

    def _understood(self, request: Request) -> Understood:
        began = time.perf_counter()
        turns = [whole(turn) for turn in request.turns]
        check_turns(turns, self.settings.max_question)
        view = self.view(request.viewer, request.scope, request.as_of)
        evidence = self.evidence(view, request.progress)
        mode = request.mode or self.mode
        question = self.question_of(turns, evidence)
        if mode == "model" and self.model and (text := condense(turns, question, self.model)):
            alone = self.question_of([text], evidence)
            question = replace(alone, asked=question.asked)
        return Understood(request, question, mode, evidence, began)

    def _answered(self, understood: Understood) -> Answer:
        """The answer of before, while nothing that it rests on has changed, or a new one. What a
        model writes is not kept: asked again, it may find better words."""
        asked = self._asked(understood)
        keeps = understood.mode == "extractive" and self.library.is_current
        known = self._remembered.find(asked) if keeps and not understood.request.anew else None
        if known:
            understood.evidence.progress.stage("核对")  # done before; whoever stopped it is heard
        answer = known or self._worked_out(understood)
        # Else something came in while it was made, and it may be of either state.
        if keeps and not known and self.library.is_current and self._asked(understood) == asked:
            self._remembered.keep(asked, answer)
        total, retrieve = (
            1000 * (time.perf_counter() - understood.began),
            understood.evidence.search_ms,
        )
        timings = {"retrieve": retrieve, "answer": total - retrieve, "total": total}
        return replace(answer, timings_ms={k: round(v, 1) for k, v in timings.items()})

    def _asked(self, understood: Understood) -> Asked:
        request, office = understood.request, self.office
        return Asked(
            reference(self.view(request.viewer, request.scope, request.as_of)),
            understood.question,
            office.terms.now().version if office else 0,
            office.curated.all() if office else (),
            request.turns if request.scope else (),
        )

    def _worked_out(self, understood: Understood) -> Answer:
        question, evidence = understood.question, understood.evidence
        if self.office and (approved := given(question, evidence, self.office)):
            answer = approved
        elif understood.mode == "model" and question.kind not in BY_RECORD:
            answer = self._written(question, evidence)
        else:
            answer = self._extracted(question, evidence)
        answer = self._helped(answer, understood)
        release_memory()  # 10 ms; readings of ever different lengths leave holes in the heap
        if question.is_english and not answer.refused and question.kind is not Kind.CHAT:
            answer = replace(answer, notes=(QUOTED_IN_CHINESE, *answer.notes))
        if question.renamings and not isinstance(answer.said, Reply):
            answer = replace(answer, notes=(*answer.notes, *question.renamings))
        if isinstance(answer.said, tuple):
            answer = replace(answer, said=put_right(answer.said, answer.citations))
        return replace(
            answer,
            scope=question.scope,
            slips=question.slips,
            added=() if isinstance(answer.said, Reply) else question.added,
            sight=None if evidence.view.sees_all else evidence.view.sight,
            generation=evidence.view.generation,
        )

    def _helped(self, answer: Answer, understood: Understood) -> Answer:
        """A refusal with what the asker's own filter shuts out, and with what comes nearest."""
        request, evidence = understood.request, understood.evidence
        if not answer.refused:
            return answer
        if request.scope:
            whole_view = self.view(request.viewer, as_of=request.as_of)
            all_seen = self.evidence(whole_view, request.progress)
            question = self.question_of([whole(turn) for turn in request.turns], all_seen)
            answer = beside_filter(answer, question, all_seen.corpus, request.scope)
        return with_nearest(answer, understood.question, evidence)

    def _extracted(self, question: Question, evidence: Evidence) -> Answer:
        """Quoted sentences; each part of the question in its own way."""
        parts = parts_of(question, evidence.corpus, self.home, self.classifier)
        contents = [answer_part(part, evidence) for part in parts]
        evidence.progress.stage("核对")
        return compose(question, contents, evidence.view)

    def _written(self, question: Question, evidence: Evidence) -> Answer:
        """By the model; when it fails, quoted sentences and one line that says why."""
        if self._writer is None:
            answer = self._extracted(question, evidence)
            return replace(answer, notes=("没有设置语言模型，以下为摘录作答。", *answer.notes))
        try:
            written = self._writer.write(question, evidence, evidence.progress)
        except ModelFailure as failure:
            log.info("extractive instead: %s", failure)
            answer = self._extracted(question, evidence)
            return replace(answer, notes=(f"{failure}，以下为摘录作答。", *answer.notes))
        return written or self._extracted(question, evidence)

    # --- around it ------------------------------------------------------------------------

    def read(self, question: Question, view: View) -> list[Reading]:
        """The passages for a question as answering sees them, the best first."""
        evidence = self.evidence(view)
        readings = evidence.read(question)
        return quoted_first(question, evidence, readings)

    def examples(self, viewer: Viewer) -> list[str]:
        """Three questions, drawn from what `viewer` sees, that do have answers. Shared by all
        from whose documents they would be drawn alike, whatever else these see."""
        view = self.view(viewer).quotable
        key = (view.generation, tuple(d.id for d in drawn_from(view)))
        with self._lock:
            known = self._examples.get(key)
        if known is None:
            known = draw_examples(view, lambda t: self.ask(t, "extractive", viewer=viewer))
            with self._lock:
                fresh = {k: v for k, v in self._examples.items() if k[0] == view.generation}
                self._examples = {**fresh, key: known}
        return known


def check_turns(turns: Sequence[str], limit: int) -> None:
    """Raises PolicyError for a question that cannot be asked."""
    if not turns or not re.search(r"\w", turns[-1]):
        raise PolicyError("问题是空的，请输入要问的内容", "The question is empty")
    if len(turns[-1]) > limit:
        raise PolicyError(
            f"问题有 {len(turns[-1])} 字，超过上限 {limit} 字；请把要问的内容缩短",
            f"The question has {len(turns[-1])} characters, at most {limit}; please shorten it",
        )
