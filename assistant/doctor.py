"""python -m assistant doctor: what works here, and what to do about what does not."""

import importlib.util
import json
import shutil
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import httpx
from langchain_core.messages import HumanMessage

from assistant.find.neural.reader import NeuralReader
from assistant.llm import LanguageModel, ModelFailure
from assistant.services import Services
from assistant.tokens import count_tokens


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `ok` None: not set up, and not needed."""

    name: str
    ok: bool | None
    detail: str


def examine(services: Services) -> Iterator[Finding]:
    """Looks at index, embedder, reader, model, text recognition and LibreOffice."""
    yield from _index(services)
    yield _embedder(services)
    yield _reader(services)
    yield from _model(services.assistant.model)
    yield _module("文字识别（扫描件）", "rapidocr", "pip install rapidocr onnxruntime")
    office = shutil.which("soffice") or shutil.which("libreoffice")
    hint = "旧版 Word、WPS、RTF 读不了；sudo apt-get install -y libreoffice-writer-nogui"
    yield Finding("LibreOffice", bool(office) or None, office or hint)


def _index(services: Services) -> Iterator[Finding]:
    index = services.library.index
    documents, passages = index.catalog.count_documents(), index.catalog.count_passages()
    yield Finding(
        "目录库", True, f"{documents} 份文件，{passages} 个段落，{index.settings.data_dir}"
    )
    if documents:
        healthy = index.vectors.is_healthy() and index.vectors.is_current()
        hint = "与目录库一致" if healthy else "与目录库不一致；运行 python -m ingest --rebuild"
        yield Finding("向量", healthy, hint)


def _embedder(services: Services) -> Finding:
    embedder = services.embedder
    began = time.perf_counter()
    embedder.embed_query("自检")
    first = time.perf_counter() - began
    began = time.perf_counter()
    embedder.embed_query("自检")
    each = 1000 * (time.perf_counter() - began)
    precision = "bfloat16" if embedder.uses_bfloat16 else "float32"
    return Finding(
        "向量模型", True, f"{embedder.name}，{precision}，载入 {first:.1f} 秒，每问 {each:.0f} 毫秒"
    )


def _reader(services: Services) -> Finding:
    reader = services.assistant.reader
    if reader.name == "reader":  # itself, or corrected by a CrossEncoder
        count = (
            f"每问细读 {reader.passages} 个段落" if isinstance(reader, NeuralReader) else "已启用"
        )
        return Finding("阅读模型", True, count)
    return Finding("阅读模型", None, "没有启用：按检索分数和词面匹配作答（POLICY_ANSWER_READER）")


def _module(name: str, module: str, install: str) -> Finding:
    found = importlib.util.find_spec(module) is not None
    return Finding(name, found or None, "已安装" if found else f"未安装；{install}")


def _model(model: LanguageModel | None) -> Iterator[Finding]:
    """Reachable, model present, streaming, tokens a second, context size."""
    if model is None:
        yield Finding(
            "语言模型", None, "没有设置（POLICY_LLM_BASE_URL、POLICY_LLM_MODEL）：摘录作答"
        )
        return
    settings = model.settings
    listed = _listed(model)
    if isinstance(listed, str):
        yield Finding("语言模型", False, f"{settings.base_url}：{listed}")
        return
    entry = listed.get(settings.model)
    names = "、".join(list(listed)[:5]) or "无"
    detail = (
        f"{settings.model} 在服务的列表里"
        if entry is not None
        else f"列表里没有 {settings.model}（有：{names}）"
    )
    yield Finding("语言模型", entry is not None, detail)
    if (size := _context_size(entry or {})) is not None:
        fits = size >= settings.context_tokens
        yield Finding("上下文长度", fits, f"服务 {size}，设置 {settings.context_tokens}")
    yield _speed(model)


def _context_size(entry: dict[str, Any]) -> int | None:
    """What vLLM (max_model_len), llama.cpp (meta.n_ctx) and others say in the list of models."""
    said = {**entry, **(entry.get("meta") or {})}
    names = ("max_model_len", "context_length", "n_ctx")
    return next((int(said[name]) for name in names if said.get(name)), None)


def _listed(model: LanguageModel) -> dict[str, dict[str, Any]] | str:
    """Models by name, or why they cannot be listed."""
    settings = model.settings
    headers = {"Authorization": f"Bearer {settings.api_key.get_secret_value()}"}
    try:
        answer = httpx.get(
            f"{settings.base_url.rstrip('/')}/models",
            headers=headers,
            timeout=settings.connect_seconds,
        )
        answer.raise_for_status()
        return {entry["id"]: entry for entry in answer.json()["data"]}
    except httpx.HTTPStatusError as error:
        return f"返回 {error.response.status_code}"
    except httpx.TransportError:
        return "连不上"
    except (json.JSONDecodeError, KeyError, TypeError):
        return "返回的模型列表读不懂"


def _speed(model: LanguageModel) -> Finding:
    began = time.perf_counter()
    first, text, pieces = 0.0, "", 0
    try:
        for piece in model.stream([HumanMessage("用一句话说明什么是通知。")]):
            first = first or time.perf_counter() - began
            text += piece
            pieces += 1
    except ModelFailure as failure:
        return Finding("生成", False, str(failure))
    seconds = max(1e-6, time.perf_counter() - began - first)
    speed = count_tokens(text) / seconds
    way = "流式" if pieces > 1 else "非流式"
    return Finding("生成", True, f"{way}，首字 {first:.1f} 秒，每秒约 {speed:.0f} 词元")


def as_text(findings: list[Finding]) -> str:
    signs = {True: "✓", False: "✗", None: "–"}
    return "\n".join(f"{signs[f.ok]} {f.name}：{f.detail}" for f in findings)


def as_json(findings: list[Finding]) -> str:
    return json.dumps([asdict(finding) for finding in findings], ensure_ascii=False)
