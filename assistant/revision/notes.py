"""说明: what became of a clause, in one Chinese sentence."""

from collections import Counter
from collections.abc import Mapping, Sequence

from assistant.revision.clauses import Clause, plain, shortened
from assistant.revision.wording import Edit
from vectorstore.language.numbering import ENUMERATORS

Renumbered = Mapping[str, str]  # number of a clause in the old document → in the new one

_MOST = 3  # changes that a note names; the marks in the text show all
_WORDS = 24
_SEAM = "。；;，,、 \n\u3000"
_INNER = str.maketrans("“”", "‘’")
_REWRITTEN = 0.25  # share of the longer wording that is left of a clause rewritten


def note_of(
    kind: str,
    old: Clause | None,
    new: Clause | None,
    found: Sequence[Edit] = (),
    renumbered: Renumbered | None = None,
) -> str:
    """The sentence for a row of alignment.py; `renumbered` tells references that only follow."""
    if old is None or new is None:
        return _alone(old, new)
    if kind == "split":
        head = [f"{old.label}拆分为{new.label}"]
    elif kind == "merged":
        head = [f"{old.label}合并为{new.label}"]
    else:
        head = ["位置移动"] if kind.startswith("moved") else []
        head += _number(old, new)
    changes = _changes(_without_seams(found, old, new), renumbered or {})
    if not changes:
        if kind in ("split", "merged"):
            return f"{head[0]}，文字未变"
        return "，".join(["内容未变", *head]) if head else "未变"
    return "；".join([*head, *changes])


def _alone(old: Clause | None, new: Clause | None) -> str:
    if new is not None:
        return f"新增{new.label}"
    return f"删去{old.label}" if old is not None else ""


def _number(old: Clause, new: Clause) -> list[str]:
    if old.number == new.number:
        return []
    name = "条号" if "article" in (old.kind, new.kind) else "序号"
    if not old.number:
        return [f"加上{name}{new.number}"]
    if not new.number:
        return [f"去掉{name}{old.number}"]
    return [f"{name}由{old.number}改为{new.number}"]


def _changes(found: Sequence[Edit], renumbered: Renumbered) -> list[str]:
    """What was put in and taken out, the first few named."""
    changed = [edit for edit in found if edit.is_change]
    if not changed:
        return []
    if all(_only_follows(edit, renumbered) for edit in changed):
        return [f"所引条号随之调整：{_said(changed[0])}" + ("等" if changed[1:] else "")]
    left = sum(len(plain(edit.new)) for edit in found if not edit.is_change)
    size = max(sum(len(plain(e.old)) for e in found), sum(len(plain(e.new)) for e in found))
    if left < _REWRITTEN * size and size > _WORDS:
        return ["文字重写"]
    often = Counter(_said(edit) for edit in changed)
    said = [f"{words}（{n} 处）" if n > 1 else words for words, n in often.items()]
    more = sum([*often.values()][_MOST:])
    return said[:_MOST] + ([f"另有 {more} 处修改"] if more else [])


def _without_seams(found: Sequence[Edit], old: Clause, new: Clause) -> list[Edit]:
    """Without what changes wherever a clause is split: the stop and the number at the seam."""
    numbers = {*old.more, *new.more}
    kept = []
    for edit in found:
        rest = edit.old + edit.new
        for number in numbers:
            rest = rest.replace(number, "")
        if not (numbers and edit.is_change) or rest.strip(_SEAM):
            kept.append(edit)
    return kept


def _only_follows(edit: Edit, renumbered: Renumbered) -> bool:
    """Whether an article that is referred to is the same under its new number."""
    return bool(ENUMERATORS["article"].fullmatch(edit.old)) and renumbered.get(edit.old) == edit.new


def _said(edit: Edit) -> str:
    old, new = (shortened("".join(text.split()), _WORDS) for text in (edit.old, edit.new))
    old, new = old.translate(_INNER), new.translate(_INNER)
    if not old:
        return f"增加“{new}”"
    if not new:
        return f"删去“{old}”"
    return f"“{old}”改为“{new}”"
