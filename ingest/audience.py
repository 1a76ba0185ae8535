"""For whom documents are, as commands and settings write it: 公开, 部门:d1,d2, 群体:g1, 个人:u1."""

from typing import get_args

from vectorstore.errors import PolicyError
from vectorstore.models import Audience, AudienceKind


def audience_of(written: str) -> Audience:
    """Raises PolicyError for anything else."""
    kind, _, ids = written.replace("：", ":").partition(":")
    of = tuple(filter(None, (i.strip() for i in ids.split(","))))
    for known in get_args(AudienceKind):
        if kind == known and bool(of) == (kind != "公开"):
            return Audience(known, of)
    raise PolicyError(f"看不懂 {written}：写 公开、部门:ID、群体:ID 或 个人:ID，如 部门:d1,d2")
