"""python -m ingest backup DIR | restore DIR | verify [DIR]"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from ingest.recording import noted
from vectorstore.backups.backup import Manifest, create_backup
from vectorstore.backups.restoring import restore_backup
from vectorstore.backups.verify import verify
from vectorstore.embedding.embedder import build_embedder
from vectorstore.errors import PolicyError
from vectorstore.index import PolicyIndex
from vectorstore.settings import IndexSettings, load_settings

_SERVED = (
    "设了 POLICY_DATABASE_URL，各个库在 PostgreSQL 里：要恢复，先不设它，恢复到一个空的数据目录，"
    "再用 python -m vectorstore move --to 搬进空的数据库；要检查，先 backup，再 verify 那份备份"
)
COMMANDS = ("backup", "restore", "verify")


def parser() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(
        prog="python -m ingest",
        description="备份、恢复、检查数据目录（文件夹恰好叫这个名字时，写 ./backup 来导入它）",
    )
    commands = found.add_subparsers(dest="command", required=True)
    command = commands.add_parser("backup", help="备份目录库、稿件和上传的文件；程序运行时也可以")
    command.add_argument("folder", type=Path, metavar="DIR", help="放备份的文件夹，每次新建一份")
    _json(command)
    command = commands.add_parser("restore", help="从备份恢复；向量随后自动重建")
    command.add_argument(
        "folder", type=Path, metavar="DIR", help="一份备份，或放备份的文件夹（取最新一份）"
    )
    command.add_argument(
        "--force", action="store_true", help="数据目录里已有内容时也恢复；原有内容移到旁边留着"
    )
    _json(command)
    command = commands.add_parser("verify", help="检查数据目录或一份备份是否完好")
    command.add_argument(
        "folder", type=Path, metavar="DIR", nargs="?", help="备份或数据目录；默认检查数据目录"
    )
    _json(command)
    return found


def _json(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="在标准输出打印一个 JSON 值")


def run(argv: Sequence[str]) -> int:
    """Exit code: 0, or 1 when something is wrong. Raises PolicyError."""
    arguments = parser().parse_args(argv)
    settings = load_settings(IndexSettings)
    if arguments.command == "backup":
        return _backup(arguments, settings)
    if settings.home.url and (arguments.command == "restore" or not arguments.folder):
        raise PolicyError(_SERVED)
    if arguments.command == "restore":
        return _restore(arguments, settings)
    return _verify(arguments.folder or settings.data_dir, arguments.json)


def _backup(arguments: argparse.Namespace, settings: IndexSettings) -> int:
    path, manifest = create_backup(settings.home, arguments.folder)
    noted(settings.home, "backup", path)
    if arguments.json:
        print(json.dumps({"path": str(path), **asdict(manifest)}, ensure_ascii=False))
    else:
        print(f"已备份到 {path}：{_contents(manifest)}")
    if manifest.missing:
        print(
            f"目录库里有 {len(manifest.missing)} 个上传的文件已不在 files 里，备份里也没有"
            f"（如 {manifest.missing[0]}）",
            file=sys.stderr,
        )
    return 0


def _restore(arguments: argparse.Namespace, settings: IndexSettings) -> int:
    restored = restore_backup(arguments.folder, settings.data_dir, force=arguments.force)
    noted(settings.home, "restore", arguments.folder)
    index = PolicyIndex(settings, build_embedder(settings))
    try:
        index.repair()
        index.settle()
    finally:
        index.close()
    aside = str(restored.aside) if restored.aside else None
    if arguments.json:
        said = {
            "backup": str(restored.backup), "aside": aside, "erased": restored.erased,
            **asdict(restored.manifest),
        }  # fmt: skip
        print(json.dumps(said, ensure_ascii=False))
        return 0
    print(f"已从 {restored.backup} 恢复：{_contents(restored.manifest)}")
    if aside:
        print(f"原有内容留在 {aside}，确认无误后可以删去")
    if restored.erased:
        print(
            f"备份之后有 {len(restored.erased)} 人的个人数据按要求删除过，现在随备份回来了："
            f"{'、'.join(restored.erased)}。其账号已停用；请在网页“管理 › 人员”里再删除一次，"
            "没有账号的用 python -m assistant history erase 编号",
            file=sys.stderr,
        )
    return 0


def _verify(folder: Path, as_json: bool) -> int:
    checks = verify(folder)
    fine = all(check.ok for check in checks)
    if as_json:
        said = {"folder": str(folder), "ok": fine, "checks": [asdict(check) for check in checks]}
        print(json.dumps(said, ensure_ascii=False))
    else:
        for check in checks:
            print(f"{'✓' if check.ok else '✗'}\t{check.name}\t{check.detail}")
        print("完好" if fine else "有问题：见标 ✗ 的各行")
    return 0 if fine else 1


def _contents(manifest: Manifest) -> str:
    labels = (("documents", "份文件"), ("passages", "段"), ("drafts", "份稿件"),
              ("files", "个上传的文件"))  # fmt: skip
    return "，".join(f"{manifest.counts[n]} {label}" for n, label in labels if n in manifest.counts)
