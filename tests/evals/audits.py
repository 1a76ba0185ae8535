"""Planted faults that 核对 finds, and planted slips that 文字校对 finds.

python -m tests.evals.audits faults FOLDER [--show]   texts NAME.txt (clean) and NAME_faulty.txt, faults.jsonl
python -m tests.evals.audits slips FOLDER [--show]    texts, some NAME_clean.txt, slips.jsonl

A row says {"text": file, "kind", "wrong", "right"}: what stands in the text and what should. A
fault counts as found where a claim called wrong lies in the sentence and, if it stands on less
than the sentence, on what is wrong or its phrase. A correction is wrong that the right sentence
does not hold. The library is the five shared documents and the 599 of early 2020.
"""

import argparse
import shutil
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from assistant.audit.audit import Claim, audit
from assistant.people.viewer import LOCAL
from assistant.proofreading.proofread import proofread, repaired
from tests.evals.common import CACHE, EVAL, SHARED, Bench, data_missing, open_bench, rows
from vectorstore.language.text import fold


@dataclass(frozen=True, slots=True)
class Planted:
    kind: str
    wrong: str
    right: str
    start: int  # of `wrong` in its text
    differs: tuple[int, int]  # what of the text is wrong; may be empty where something is missing

    @property
    def end(self) -> int:
        return self.start + len(self.wrong)


def planted_in(name: str, text: str, folder: Path, file: str) -> list[Planted]:
    found, taken = [], Counter[str]()
    for row in rows(folder / file):
        if row["text"] == name:
            start = _place(text, row["wrong"], taken[row["wrong"]])
            taken[row["wrong"]] += 1
            differs = _difference(row["wrong"], row["right"])
            span = start + differs[0], start + differs[1]
            found.append(Planted(row["kind"], row["wrong"], row["right"], start, span))
    return found


def _place(text: str, wrong: str, nth: int) -> int:
    """Where a slip stands: as a whole line if there is one, else anywhere."""
    at = 0
    for line in text.split("\n"):
        if line.strip() == wrong and nth == 0:
            return at + line.index(wrong)
        at += len(line) + 1
    at = -1
    for _ in range(nth + 1):
        at = text.find(wrong, at + 1)
    if at < 0:
        raise ValueError(f"文中没有这一处：{wrong}")
    return at


def _difference(wrong: str, right: str) -> tuple[int, int]:
    blocks = SequenceMatcher(None, wrong, right, autojunk=False).get_opcodes()
    unlike = [(a, b) for tag, a, b, _, _ in blocks if tag != "equal"]
    return (unlike[0][0], unlike[-1][1]) if unlike else (0, len(wrong))


def library() -> Bench:
    folder = CACHE / "evals" / "audits-files"
    folder.mkdir(parents=True, exist_ok=True)
    for row in rows(EVAL / "ncp" / "documents.jsonl"):
        file = folder / f"{row['docid']}.txt"
        if not file.exists():
            file.write_text(row["text"], encoding="utf-8", newline="")
    for path in (SHARED / "corpus").glob("*.txt"):
        shutil.copyfile(path, folder / path.name)
    return open_bench("audits", folder)


# --- faults ---------------------------------------------------------------------------------------


def _finds(claims: Sequence[Claim], planted: Planted) -> list[Claim]:
    return [c for c in claims if c.is_fault and c.start < planted.end and planted.start < c.end]


def _is_wrong_correction(claim: Claim, planted: Planted) -> bool:
    return claim.right is not None and fold(claim.right) not in fold(planted.right)


def faults(folder: Path, show: bool) -> dict[str, float]:
    counts: Counter[str] = Counter()
    kinds: dict[str, Counter[str]] = {}
    with library() as bench:
        assistant = bench.assistant()
        for path in sorted(folder.glob("*.txt")):
            text = path.read_text(encoding="utf-8")
            claims = audit(text, assistant.evidence(assistant.view(LOCAL)))
            planted = planted_in(path.name, text, folder, "faults.jsonl")
            for one in planted:
                found = _finds(claims, one)
                bad = [c for c in found if _is_wrong_correction(c, one)]
                kinds.setdefault(one.kind, Counter()).update(planted=1, found=bool(found))
                counts.update(planted=1, found=bool(found), wrong=len(bad))
                counts.update(corrected=any(c.right and c not in bad for c in found))
                if show:
                    _print("✓" if found and not bad else "✗", one, found)
            other = [
                c for c in claims if c.is_fault and not any(_finds([c], one) for one in planted)
            ]
            counts["beside" if planted else "alarms"] += len(other)
            counts["claims"] += len(claims)
            for claim in other if show else ():
                print(
                    f"  误报 {path.name} {claim.kind} {claim.verdict} {claim.text} | {claim.message}"
                )
    for kind, count in sorted(kinds.items()):
        print(f"{kind}: {count['found']}/{count['planted']}")
    return dict(counts)


def _print(sign: str, planted: Planted, found: Sequence[Claim]) -> None:
    print(f"{sign} {planted.kind} | {planted.wrong}\n      应为 {planted.right}")
    for claim in found:
        print(f"      → {claim.kind} {claim.text} | {claim.message} | 改为 {claim.right}")


# --- slips ----------------------------------------------------------------------------------------


def slips(folder: Path, show: bool) -> dict[str, float]:
    counts: Counter[str] = Counter()
    for path in sorted(folder.glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        found = proofread(text)
        planted = planted_in(path.name, text, folder, "slips.jsonl")
        for one in planted:
            a, b = one.differs
            near = [s for s in found if s.start <= b + 1 and a - 1 <= s.end]
            near = [s for s in near if s.start < one.end + 1 and one.start - 1 < s.end]
            mended = repaired(text, near)
            is_right = text[: one.start] + one.right + text[one.end :] == mended
            counts.update(planted=1, found=bool(near), repaired=is_right)
            if show:
                print("✓" if near else "✗", one.kind, "|", one.wrong, "→", one.right, [
                    (s.rule, s.wrong, s.right) for s in near])  # fmt: skip
        other = [s for s in found if not any(_touches(s.start, s.end, one) for one in planted)]
        counts["beside" if planted else "alarms"] += len(other)
        for slip in other if show else ():
            print(f"  误报 {path.name} {slip.rule}：{slip.wrong} → {slip.right}")
    return dict(counts)


def _touches(start: int, end: int, planted: Planted) -> bool:
    a, b = planted.differs
    return start <= b + 1 and a - 1 <= end


def _lines(counts: dict[str, float]) -> Iterator[str]:
    names = {
        "planted": "埋下", "found": "找到", "corrected": "给出正确改法", "wrong": "改错",
        "repaired": "改对", "alarms": "干净稿误报", "beside": "有错稿中的其他提示", "claims": "核对处数",
    }  # fmt: skip
    yield from (f"{name} {counts.get(key, 0)}" for key, name in names.items() if key in counts)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.evals.audits", description=__doc__)
    parser.add_argument("what", choices=("faults", "slips"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--show", action="store_true", help="逐处列出")
    options = parser.parse_args(arguments)
    if options.what == "faults" and data_missing():
        return 0
    measure = faults if options.what == "faults" else slips
    print("；".join(_lines(measure(options.folder, options.show))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
