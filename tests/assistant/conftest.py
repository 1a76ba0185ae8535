"""A drafting desk over the sample corpus, without a model and with a scripted one."""

from pathlib import Path

import pytest

from assistant.chat import Assistant
from assistant.drafting.desk import DraftingDesk
from assistant.drafting.models import Draft
from assistant.drafting.store import DraftStore
from assistant.find.reading import LexicalReader
from assistant.llm import LanguageModel
from assistant.people.person import alone
from assistant.settings import AnswerSettings, DraftSettings, LlmSettings
from vectorstore.index import PolicyIndex
from vectorstore.library import Library

JIA = alone("甲")
REQUEST = "起草《××县社区养老服务实施方案》，参考现有文件并注明出处。"


def desk_over(index: PolicyIndex, folder: Path, base_url: str = "") -> DraftingDesk:
    model = None
    if base_url:
        limits = {"connect_seconds": 20, "first_token_seconds": 60, "token_seconds": 60}
        model = LanguageModel(LlmSettings(base_url=base_url, model="scripted", **limits))
    assistant = Assistant(
        Library(index), LexicalReader(index.token_weights), 0.2, AnswerSettings(), model
    )
    return DraftingDesk(assistant, DraftStore(folder / "drafts.sqlite3"), DraftSettings(), JIA)


@pytest.fixture
def desk(filled: PolicyIndex, tmp_path: Path) -> DraftingDesk:
    return desk_over(filled, tmp_path)


@pytest.fixture
def written(desk: DraftingDesk) -> Draft:
    """A draft with all its sections, assembled without a model."""
    draft = desk.begin(REQUEST)
    for step in desk.write(draft):
        draft = step.draft
    return draft
