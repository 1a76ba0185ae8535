"""Builds the parts of the program once, from settings. Plain factories; nothing at import."""

from dataclasses import dataclass

from assistant.chat import Assistant
from assistant.drafting.desk import DraftingDesk
from assistant.drafting.store import DraftStore
from assistant.llm import build_model
from assistant.reader.reader import WEIGHTS_FOLDER, NeuralReader
from assistant.reading import LexicalReader, Reader
from assistant.settings import AnswerSettings, DraftSettings, LlmSettings
from vectorstore.embedding import SentenceEmbedder, build_embedder
from vectorstore.index import PolicyIndex
from vectorstore.settings import IndexSettings, load_settings

# Below this share of the question's words a passage is no evidence; chosen on the committed
# questions (docs/benchmarks.md).
LEXICAL_THRESHOLD = 0.3


@dataclass(frozen=True)
class Services:
    """What the web app and the command line share."""

    index: PolicyIndex
    embedder: SentenceEmbedder
    assistant: Assistant
    desk: DraftingDesk

    def close(self) -> None:
        self.index.close()


def build_services() -> Services:
    """Reads the settings and opens the index; repairs its vectors when they are damaged.

    Raises PolicyError for wrong settings or an index that cannot be used.
    """
    settings = load_settings(IndexSettings)
    answer = load_settings(AnswerSettings)
    embedder = build_embedder(settings)
    index = PolicyIndex(settings, embedder)
    index.require_same_model()
    index.repair()
    reader, threshold = build_reader(answer, embedder, index)
    model = build_model(load_settings(LlmSettings))
    assistant = Assistant(index, reader, threshold, answer, model)
    drafts = DraftStore(settings.data_dir / "drafts.sqlite3")
    desk = DraftingDesk(assistant, drafts, load_settings(DraftSettings))
    return Services(index, embedder, assistant, desk)


def build_reader(
    settings: AnswerSettings, embedder: SentenceEmbedder, index: PolicyIndex
) -> tuple[Reader, float]:
    """The reader that ships with the project, where its file is there; else reading by words.

    The second value is the relevance below which a passage is no evidence.
    """
    if settings.reader == "auto" and NeuralReader.is_shipped() and embedder.is_builtin:
        neural = NeuralReader(
            embedder.folder,
            WEIGHTS_FOLDER,
            bfloat16=embedder.uses_bfloat16,
            budget_seconds=settings.read_seconds,
            limit=settings.passages,
        )
        return neural, neural.card["threshold"]
    return LexicalReader(index.token_weights), LEXICAL_THRESHOLD
