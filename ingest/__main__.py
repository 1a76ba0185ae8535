"""python -m ingest PATH… [--json] [--prune] [--rebuild], --status, and backup | restore | verify."""

import argparse
import json
import logging
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path

from tqdm import tqdm

from ingest import maintenance
from ingest.audience import audience_of
from ingest.facts.refreshing import refresh
from ingest.pipeline import FileResult, Progress, ingest
from ingest.recording import recorded
from ingest.reporting import arrived
from vectorstore.arrivals.arrivals import Arrivals
from vectorstore.backups.restoring import set_aside
from vectorstore.embedding.embedder import build_embedder
from vectorstore.errors import CatalogDamaged, PolicyError, disk_error
from vectorstore.files.surrogates import speak_any_name
from vectorstore.index import PolicyIndex
from vectorstore.models import Audience, DocumentSummary
from vectorstore.records import document_record
from vectorstore.settings import IndexSettings, load_settings

ACTIONS = {
    "added": "新增",
    "updated": "更新",
    "unchanged": "未变化",
    "removed": "移除",
    "failed": "失败",
}


def main(argv: Sequence[str] | None = None) -> int:
    given = list(sys.argv[1:] if argv is None else argv)
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    speak_any_name()
    try:
        if given and given[0] in maintenance.COMMANDS:
            return maintenance.run(given)
        return _run(_parser().parse_args(given))
    except PolicyError as error:
        print(error, file=sys.stderr)
        return 1
    except Exception as error:  # the edge: a full disk speaks through many libraries
        if (said := disk_error(error, load_settings(IndexSettings).data_dir)) is None:
            raise
        print(said, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("已中断。写完的文件都在库里；再次运行会接着做。", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ingest",
        description="把政策文件导入资料库（可重复运行，只处理有变化的文件）",
        epilog="另有 backup DIR、restore DIR、verify [DIR]：备份、恢复、检查，各有 --help",
    )
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="文件或文件夹")
    parser.add_argument("--json", action="store_true", help="在标准输出打印一个 JSON 值")
    parser.add_argument("--prune", action="store_true", help="移除 PATH 下已不存在的文件")
    parser.add_argument(
        "--rebuild",
        action="store_true",
        help="重建检索索引（不重新计算向量；换了向量模型时才重算）；给出 PATH 则重新读取这些文件",
    )
    parser.add_argument(
        "--audience",
        type=_audience,
        metavar="公开|部门:ID|群体:ID|个人:ID",
        help="这些文件给谁看（PATH 下已在库的也改）；几个 ID 用逗号隔开。不写时新文件公开，其余不变",
    )
    parser.add_argument("--status", action="store_true", help="列出库中的文件及其元数据")
    return parser


def _audience(written: str) -> Audience:
    """argparse says what is wrong with any other."""
    try:
        return audience_of(written)
    except PolicyError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _run(arguments: argparse.Namespace) -> int:
    if not (arguments.paths or arguments.status or arguments.rebuild):
        _parser().error("请给出要导入的文件或文件夹，或用 --status、--rebuild")
    settings = load_settings(IndexSettings)
    index = _open(settings, again=arguments.rebuild and bool(arguments.paths))
    try:
        if arguments.status:
            _print_status(index.documents(), arguments.json)
            return 0
        if arguments.rebuild:
            _rebuild(index)
        if not arguments.paths:
            return 0
        begun = time.monotonic()
        with _Bar() as bar:
            results = recorded(
                settings.home,
                arguments.paths,
                lambda: ingest(
                    index,
                    arguments.paths,
                    prune=arguments.prune,
                    reread=arguments.rebuild,
                    audience=arguments.audience,
                    readmit=arguments.audience is not None,
                    on_progress=bar.show,
                ),
            )
        index.settle()
        _keep_report(settings, results, time.monotonic() - begun)
        _print_results(results, arguments.json)
        return 1 if results and all(result.action == "failed" for result in results) else 0
    finally:
        index.close()


def _open(settings: IndexSettings, *, again: bool) -> PolicyIndex:
    """With `again`, a damaged catalogue is laid aside: the paths given are read anew."""
    embedder = build_embedder(settings)
    try:
        return PolicyIndex(settings, embedder)
    except CatalogDamaged as error:
        if not again or settings.home.url:  # a database is mended by its own backups
            raise
        print(error, file=sys.stderr)
        print(f"坏的目录库已移到 {set_aside(settings.data_dir)}，现在重新导入", file=sys.stderr)
        return PolicyIndex(settings, embedder)


def _rebuild(index: PolicyIndex) -> None:
    with tqdm(desc="重建", unit="段", file=sys.stderr) as bar:
        index.rebuild(lambda count: bar.update(count))
    with tqdm(desc="事实", unit="份", file=sys.stderr) as bar, index.writing():
        refresh(index, lambda done, total: bar.update(), always=True)


class _Bar:
    """Files done, passages a second, time left; on stderr."""

    def __enter__(self) -> "_Bar":
        self._bar: tqdm[object] = tqdm(
            desc="导入",
            unit="份",
            file=sys.stderr,
            bar_format="{desc} {n_fmt}/{total_fmt} 份 |{bar:20}| 已用 {elapsed}{postfix}",
        )
        return self

    def show(self, progress: Progress) -> None:
        self._bar.total = progress.total
        self._bar.n = progress.files
        self._bar.set_postfix_str(progress.pace.said[0])

    def __exit__(self, *_: object) -> None:
        self._bar.close()


def _keep_report(settings: IndexSettings, results: Sequence[FileResult], seconds: float) -> None:
    """For the page 入库报告; files that did not change are not worth a row. One that cannot be
    kept takes nothing back."""
    rows = arrived(results)
    if not rows:
        return
    arrivals = Arrivals(settings.home)
    try:
        arrivals.keep(rows, by="", way="command", seconds=seconds)
    except PolicyError as error:
        print(f"入库报告没有保存：{error}", file=sys.stderr)
    finally:
        arrivals.close()


def _print_results(results: Sequence[FileResult], as_json: bool) -> None:
    counts = Counter(result.action for result in results)
    if as_json:
        summary = {action: counts[action] for action in ACTIONS}  # type: ignore[index]
        print(json.dumps({**summary, "files": [asdict(r) for r in results]}, ensure_ascii=False))
        return
    for result in results:
        if result.action != "unchanged":
            note = result.reason or f"{result.passages} 段"
            print(f"{ACTIONS[result.action]}\t{result.path}\t{note}")
    print("，".join(f"{label} {counts[action]}" for action, label in ACTIONS.items()))  # type: ignore[index]


def _print_status(documents: Sequence[DocumentSummary], as_json: bool) -> None:
    if as_json:
        print(
            json.dumps(
                [document_record(document, date.today()) for document in documents],
                ensure_ascii=False,
            )
        )
        return
    for document in documents:
        metadata = document.metadata
        number = metadata.document_number or "文号未载明"
        print(f"{metadata.title}\t{number}\t{document.passages} 段\t{document.source_paths[0]}")
    print(f"共 {len(documents)} 份文件")


if __name__ == "__main__":
    sys.exit(main())
