"""The reader: the embedder's encoder, fine-tuned to find an answer in a passage.

For one question–passage pair it gives a score for each token as the start and as the end of
the answer, and one for whether the passage answers at all; in training it also learns to tell the
sentence that answers from all others, which chose no better than the spans do. Word embeddings
and the lower layers are the embedder's own, so only the upper layers are stored.
"""

from copy import deepcopy
from pathlib import Path
from typing import Any, Self

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from transformers import AutoModel, PreTrainedModel

WEIGHTS = "reader.safetensors"


class ReaderModel(nn.Module):  # type: ignore[misc]
    """An encoder with three heads; its `frozen` lower layers are not trained."""

    def __init__(self, encoder: PreTrainedModel, frozen: int):
        super().__init__()
        self.encoder = encoder
        self.encoder.pooler = None
        self.frozen = frozen
        hidden, dtype = encoder.config.hidden_size, encoder.dtype
        self.span = nn.Linear(hidden, 2, dtype=dtype)
        self.told = nn.Linear(hidden, 1, dtype=dtype)
        self.mix = nn.Linear(2 * hidden, hidden, dtype=dtype)
        self.relevance = nn.Linear(hidden, 1, dtype=dtype)
        nn.init.zeros_(self.told.weight)
        nn.init.zeros_(self.told.bias)
        self.encoder.embeddings.requires_grad_(False)
        for layer in self.encoder.encoder.layer[:frozen]:
            layer.requires_grad_(False)

    @classmethod
    def to_train(cls, base: str, frozen: int) -> Self:
        """From the base model's folder. Training is quicker with eager attention."""
        return cls(
            AutoModel.from_pretrained(
                base, dtype=torch.float32, attn_implementation="eager", local_files_only=True
            ),
            frozen,
        )

    @classmethod
    def beside(cls, encoder: PreTrainedModel) -> Self:
        """To read with: a copy of an encoder in use, which keeps the word embeddings, four
        fifths of its weight, for both."""
        words = encoder.get_input_embeddings()
        return cls(deepcopy(encoder, {id(words): words}), frozen=0)

    def forward(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """(batch, length) ids and mask → start, end and told logits (batch, length), relevance
        logits (batch). The mean of told over a sentence's tokens is the sentence's own logit."""
        states = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        start, end = self.span(states).unbind(-1)
        weights = mask.unsqueeze(-1).to(states.dtype)
        mean = (states * weights).sum(1) / weights.sum(1)
        pooled = torch.tanh(self.mix(torch.cat([states[:, 0], mean], dim=-1)))
        return start, end, self.told(states).squeeze(-1), self.relevance(pooled).squeeze(-1)

    def trained_state(self) -> dict[str, Tensor]:
        """The weights that differ from the base."""
        names = {name for name, value in self.named_parameters() if value.requires_grad}
        return {name: value for name, value in self.state_dict().items() if name in names}

    def save(self, folder: Path, metadata: dict[str, str]) -> None:
        """Trained weights in float16."""
        folder.mkdir(parents=True, exist_ok=True)
        state = {
            k: v.detach().to(torch.float16).contiguous() for k, v in self.trained_state().items()
        }
        save_file(state, folder / WEIGHTS, {**metadata, "frozen": str(self.frozen)})

    def load(self, folder: Path) -> None:
        """Puts stored weights over those of the base."""
        state: dict[str, Any] = load_file(folder / WEIGHTS)
        own = self.state_dict()
        unknown = set(state) - set(own)
        if unknown:
            raise ValueError(f"unknown weights: {sorted(unknown)[:3]}")
        with torch.no_grad():
            for name, value in state.items():
                own[name].copy_(value)
