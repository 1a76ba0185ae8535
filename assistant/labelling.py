"""What says of a text who wrote it: the line that people read, and the fields that programs read
(GB 45438—2025 《网络安全技术 人工智能生成合成内容标识方法》)."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from assistant.settings import DraftSettings

# Who wrote a section of a draft; '' where it was written before that was noted.
Origin = Literal["", "model", "extract", "person", "model edited", "extract edited"]
BY_MODEL: tuple[Origin, ...] = ("model", "model edited")
MODEL = ("模型辅助生成，须人工审核", "Written with a language model; to be reviewed by a person")
EXTRACT = ("原文摘录", "Quoted from the sources")
LABELS: dict[Origin, tuple[str, str]] = {
    "model": MODEL,
    "extract": EXTRACT,
    "model edited": ("模型辅助，经人修改", "Written with a language model, edited by a person"),
    "extract edited": ("原文摘录，经人修改", "Quoted, edited by a person"),
}
_EDITED: dict[Origin, Origin] = {"model": "model edited", "extract": "extract edited"}


def after_editing(origin: Origin, was_empty: bool) -> Origin:
    """Who wrote a section once a person has changed its words. What a model wrote is never a
    person's alone again."""
    if origin == "" and was_empty:
        return "person"
    return _EDITED.get(origin, origin)


def label_of(origin: Origin) -> str:
    return LABELS[origin][0] if origin in LABELS else ""


@dataclass(frozen=True, slots=True)
class Producer:
    """Whose codes the fields bear, as the office sets them: of whoever lets the content be made,
    and of whoever passes it on."""

    code: str = ""
    propagator: str = ""


NOBODY = Producer()


def producer_of(settings: DraftSettings) -> Producer:
    return Producer(settings.aigc_producer, settings.aigc_propagator)


def aigc(
    origins: Iterable[Origin], producer: Producer, identifier: str, content: str
) -> dict[str, str] | None:
    """The fields of the standard for a text of these origins; None where no model had a part.

    Label 1: generated; 2: perhaps (written before it was noted who wrote). ReservedCode1 is the
    producer's own, and holds the checksum of the text, so that a label on other words is noticed.
    """
    known = set(origins)
    if not known.intersection(BY_MODEL) and "" not in known:
        return None
    return {
        "Label": "1" if known.intersection(BY_MODEL) else "2",
        "ContentProducer": producer.code,
        "ProduceID": identifier,
        "ReservedCode1": f"sha256:{hashlib.sha256(content.encode(errors='replace')).hexdigest()}",
        "ContentPropagator": producer.propagator,
        "PropagateID": identifier if producer.propagator else "",
        "ReservedCode2": "",
    }


def as_value(fields: dict[str, str]) -> str:
    """The fields as one value of a file's properties."""
    return json.dumps(fields, ensure_ascii=False)
