"""The program with a quick stand-in for the embedding model: python -m soak.standin PROGRAM …

PROGRAM is ingest, assistant or app. Where the embedding is not the point, the real model would
only make a campaign of thousands of starts slow. SOAK_DELAY (seconds for each batch) leaves time
to be killed in.
"""

import hashlib
import os
import runpy
import sys
import time
from collections.abc import Sequence

import numpy as np


def count_characters(texts: Sequence[str]) -> list[int]:
    """Two tokens for three characters, as the real tokenizer has it for Chinese."""
    return [max(1, len(text) * 2 // 3) for text in texts]


class PairEmbedder:
    """Deterministic: texts that share pairs of characters have near vectors."""

    name = "soak-pairs"
    dimension = 128
    is_builtin = False  # so the answers are read by words, without the trained reader
    uses_bfloat16 = False
    folder = ""
    count_tokens = staticmethod(count_characters)

    def embed_passages(self, texts: Sequence[str]) -> np.ndarray:
        time.sleep(float(os.environ.get("SOAK_DELAY", "0")))
        rows = [self._vector(text) for text in texts]
        return np.stack(rows) if rows else np.empty((0, self.dimension), np.float32)

    def embed_query(self, text: str) -> np.ndarray:
        return self._vector(text)[None]

    def _vector(self, text: str) -> np.ndarray:
        vector = np.full(self.dimension, 1e-3, np.float32)
        for pair in {text[i : i + 2] for i in range(len(text) - 1)}:
            digest = hashlib.blake2b(pair.encode("utf-8", "replace"), digest_size=4).digest()
            vector[int.from_bytes(digest, "big") % self.dimension] += 1
        return vector / np.linalg.norm(vector)


def install() -> None:
    """Before anything imports the factory by name."""
    import vectorstore.embedding.embedder as embedding

    embedding.build_embedder = lambda _settings: PairEmbedder()  # type: ignore[assignment]


def main() -> None:
    program, *arguments = sys.argv[1:]
    install()
    if program == "ingest" and "SOAK_BATCH" in os.environ:
        import ingest.pipeline

        ingest.pipeline.EMBED_BATCH = int(os.environ["SOAK_BATCH"])  # many transactions
    sys.argv = [program, *arguments]
    runpy.run_module("app" if program == "app" else f"{program}.__main__", run_name="__main__")


if __name__ == "__main__":
    # By its own name: a reader process must find what counts tokens, and has another __main__.
    from soak.standin import main as start

    start()
