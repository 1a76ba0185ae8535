"""Drafts written out to be read by a person: python -m tests.evals.sheets REQUESTS.jsonl DOCUMENTS OUT

A line of REQUESTS is {"id", "request"}, and may have "unit", "region" and "own" (texts). DOCUMENTS
is a folder, or `five` or `ncp`. OUT gets one sheet a request, with a place behind each section
for the reader's verdict (usable, needs editing, wrong heading), and counts that need no reader:
quotes that are exact, figures of other places that are not attributed, gaps.
"""

import argparse
import hashlib
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from assistant.cite.citation import Citation, reference
from assistant.drafting.blanks import blanks_of
from assistant.drafting.check import Finding
from assistant.drafting.desk import DraftingDesk
from assistant.drafting.filling import with_note
from assistant.drafting.models import Draft, is_own
from assistant.drafting.store import DraftStore
from assistant.settings import DraftSettings
from tests.evals.common import Bench, five_bench, ncp_bench, open_bench, rows
from vectorstore.language.text import squeeze


def bench_of(documents: str) -> Bench:
    if documents in ("five", "ncp"):
        return five_bench() if documents == "five" else ncp_bench()
    name = hashlib.sha256(str(Path(documents).resolve()).encode()).hexdigest()[:8]
    return open_bench(f"folder-{name}", Path(documents))


def write(desk: DraftingDesk, row: dict[str, Any]) -> tuple[Draft, list[Finding]]:
    draft = desk.begin(row["request"], unit=row.get("unit", ""), region=row.get("region", ""))
    for text in row.get("own", ()):
        draft = with_note(draft, text)
    for step in desk.write(draft, "extractive"):
        draft = step.draft
    return desk.check(draft)


def sheet(bench: Bench, row: dict[str, Any], draft: Draft, findings: list[Finding]) -> str:
    lines = [f"# {row['id']}", "", f"> {row['request']}", "", f"## {draft.title}", ""]
    for section in draft.sections:
        lines += [f"{'#' * (section.level + 2)} {section.heading or '（无标题）'}", ""]
        lines += [section.text.replace("\n", "\n\n"), ""] if section.text else []
        doubts = [f for f in findings if f.section == section.id and f.problems]
        lines += [f"- 存疑：{'；'.join(f.problems)}（{f.sentence[:40]}）" for f in doubts]
        if section.text:
            lines += ["- 判断：", ""]
    lines += ["出处：", ""]
    lines += [
        f"[{s.mark}] {reference(s)}{'' if is_exact(bench, s) else ' ——引文不一致'}：{squeeze(s.quote)}"
        for s in draft.sources
    ]
    return "\n".join([*lines, ""])


def is_exact(bench: Bench, source: Citation) -> bool:
    if is_own(source):
        return True
    document = bench.index.document(source.document_id)
    held = document.text[source.start : source.end] if document else ""
    return squeeze(held) == squeeze(source.quote)


def counts(bench: Bench, draft: Draft, findings: list[Finding]) -> Counter[str]:
    return Counter(
        {
            "部分": sum(bool(s.text) for s in draft.sections),
            "引文": len(draft.sources),
            "引文不一致": sum(not is_exact(bench, s) for s in draft.sources),
            "外地数字未注明": sum(f.is_foreign for f in findings),
            "存疑句": sum(f.is_doubtful for f in findings),
            "句": len(findings),
            "空白": len(blanks_of(draft)),
        }
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.evals.sheets")
    parser.add_argument("requests", type=Path)
    parser.add_argument("documents", help="a folder, or five, or ncp")
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    total: Counter[str] = Counter()
    with bench_of(arguments.documents) as bench, TemporaryDirectory() as folder:
        with closing(DraftStore(Path(folder) / "d.sqlite3")) as store:
            desk = DraftingDesk(bench.assistant(), store, DraftSettings())
            for row in rows(arguments.requests):
                draft, findings = write(desk, row)
                file = arguments.out / f"{row['id']}.md"
                file.write_text(sheet(bench, row, draft, findings), encoding="utf-8")
                found = counts(bench, draft, findings)
                print(row["id"], dict(found), flush=True)
                total.update(found)
    print("合计", dict(total))
    return 0


if __name__ == "__main__":
    sys.exit(main())
