"""What every training run does: warm up, step, keep a log, stop in time, seal what it made."""

import hashlib
import logging
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import torch
from torch import Tensor

log = logging.getLogger(__name__)
Batch = TypeVar("Batch")
LEAST = 0.02  # of the rate, at the end


def run(
    plan: Sequence[Batch],
    loss_of: Callable[[Batch], Tensor],
    optimizer: torch.optim.Optimizer,
    *,
    warm_up: int,
    minutes: float,
    every: int,
) -> list[dict[str, float]]:
    """One optimizer step for each batch of the plan, as long as it takes or `minutes`. The rate
    rises over `warm_up` steps and falls to the end. Returns the log: a running mean of the loss
    for each `every` steps."""
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, (step + 1) / warm_up) * max(LEAST, 1 - step / len(plan))
    )
    parameters = [p for group in optimizer.param_groups for p in group["params"]]
    history: list[dict[str, float]] = []
    began, average = time.monotonic(), 0.0
    for step, batch in enumerate(plan, 1):
        loss = loss_of(batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        schedule.step()
        kept = 1 - 1 / every if step > 1 else 0.0
        average = kept * average + (1 - kept) * loss.item()
        if step % every == 0 or step == len(plan):
            seconds = time.monotonic() - began
            history.append({"step": step, "loss": round(average, 4), "seconds": round(seconds)})
            log.info("step %d/%d loss %.3f, %.0f s", step, len(plan), average, seconds)
            if seconds > minutes * 60:
                log.warning("stopped at the time limit")
                break
    return history


def seal(file: Path, name: str) -> None:
    """Writes the checksum that is asked for before the weights are loaded."""
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    (file.parent / f"{name}.sha256").write_text(f"{digest}  {file.name}\n")
