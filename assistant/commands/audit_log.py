"""python -m assistant audit-log verify|export|prune|erase|replay."""

import argparse
import json
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant.people.audit_log import KeptLog, at_terminal
from assistant.people.log import Result, recorded
from assistant.people.log_reading import chosen_of, csv_lines, json_lines, verdict_line
from assistant.recording import Replayed, replay
from assistant.services import Services
from vectorstore import stores
from vectorstore.chain.verifying import verify
from vectorstore.database.opening import is_there
from vectorstore.errors import PolicyError
from vectorstore.settings import IndexSettings, LogSettings, load_settings
from vectorstore.stores import place

_OUTCOMES = {
    "same": "相同",
    "differs": "不同",
    "other index": "索引已变，未比较",
    "other settings": "设置或程序已变，未比较",
    "not kept": "没有保留问题原文，不能重放",
}


def add_parser(commands: Any) -> None:
    """Adds the command to those that argparse knows."""
    text = "审计日志：校验、导出、按期清理、按要求清除个人信息、重放回答"
    steps = commands.add_parser("audit-log", help=text, description=text).add_subparsers(
        dest="step", required=True
    )
    command = steps.add_parser("verify", help="校验日志是否完整；不完整时退出码为 1，指出第一处")
    command.add_argument(
        "--head", default="", help="另存的末条校验值（编号:哈希），用来发现末尾被截断或整个被重写"
    )
    command.add_argument("--json", action="store_true", help="在标准输出打印一个 JSON 值")
    command = steps.add_parser("export", help="导出为 .csv 或 .jsonl；导出本身也记入日志")
    command.add_argument("out", type=Path, metavar="OUT", help="文件名，以 .csv 或 .jsonl 结尾")
    command.add_argument("--from", default="", metavar="DAY", help="从哪一天起，如 2027-01-01")
    command.add_argument("--to", default="", metavar="DAY", help="到哪一天止（含）")
    command.add_argument("--who", default="", help="人员编号，或姓名的一部分")
    command.add_argument("--deed", default="", help="做了什么，如 ask、upload、export")
    command.add_argument("--document", default="", help="文件编号（作为对象或出处）")
    command.add_argument("--result", default="", help="结果：done、refused 或 failed")
    steps.add_parser("prune", help="清理超过保留期（POLICY_LOG_DAYS）的条目；清理本身也记入日志")
    command = steps.add_parser(
        "erase", help="与 history erase 相同：清除各库里一个人的数据；日志里做过什么仍在，仍可校验"
    )
    command.add_argument("person", metavar="PERSON", help="人员编号，如 user:…")
    command = steps.add_parser("replay", help="在同一索引上重问日志里的问题，比较回答和出处")
    command.add_argument("--n", type=int, default=50, help="最近多少个回答（默认 50）")


def run(arguments: argparse.Namespace) -> int:
    """The steps that need the log alone. Exit code 1 when it is broken."""
    log = opened_log()
    try:
        if arguments.step == "verify":
            return _verify(log, arguments)
        if arguments.step == "export":
            _export(log, arguments)
        else:
            print(f"清理了 {log.prune()} 条")
        return 0
    finally:
        log.close()


def opened_log() -> KeptLog:
    """The log of the data folder, whether or not it is kept now. Raises PolicyError without one."""
    settings = load_settings(IndexSettings)
    if not is_there(place(settings.home, stores.LOG)):
        raise PolicyError(
            f"{settings.data_dir} 里没有审计日志；设置 POLICY_LOG_MODE=on 或登录方式（POLICY_WEB_LOGIN）后才记"
        )
    return KeptLog(settings.home, load_settings(LogSettings))


def _verify(log: KeptLog, arguments: argparse.Namespace) -> int:
    verdict = verify(log.chain, arguments.head)
    if not log.chain.database.read_only:  # a copy that an auditor was given has no new entries
        result: Result = "failed" if verdict.fault else "done"
        log.record(at_terminal().did("read log", "verify", result, head=str(verdict.head)))
    fault = verdict.fault
    if arguments.json:
        value = {
            "ok": fault is None,
            "entries": verdict.entries,
            "head": str(verdict.head),
            "pruned": verdict.anchor.number,
            "erased": verdict.erased,
            "fault": fault and {"what": fault.what, "number": fault.number, "said": fault.said},
        }
        print(json.dumps(value, ensure_ascii=False))
    else:
        print(verdict_line(verdict)[0], file=sys.stderr if fault else sys.stdout)
        print(f"末条校验值（可另存，供以后核对）：{verdict.head}")
    return 1 if fault else 0


def _export(log: KeptLog, arguments: argparse.Namespace) -> None:
    out: Path = arguments.out
    lines = {".csv": csv_lines, ".jsonl": json_lines}.get(out.suffix.lower())
    if lines is None:
        raise PolicyError(f"{out} 应以 .csv 或 .jsonl 结尾")
    if not out.resolve().parent.is_dir():
        raise PolicyError(f"没有文件夹 {out.resolve().parent}")
    given = {name: value for name, value in vars(arguments).items() if isinstance(value, str)}
    chosen = replace(chosen_of(given), up_to=log.chain.head().number)
    count = log.chain.count(chosen)
    entry = at_terminal().did("export log", out.suffix[1:], count=count, filters=chosen)
    with recorded(log, entry), out.open("w", encoding="utf-8", newline="") as stream:
        stream.writelines(lines(log.chain.all(chosen)))
    print(f"已导出 {count} 条到 {out}")


def run_replay(services: Services, arguments: argparse.Namespace) -> int:
    """Exit code 1 when an answer differs on the same index and settings."""
    if not 1 <= arguments.n <= 100_000:
        raise PolicyError("--n 应在 1 到 100000 之间")
    log = opened_log()
    try:
        log.record(at_terminal().did("read log", "replay", most=arguments.n))
        counts: Counter[str] = Counter()
        for found in replay(services.recording, log.chain, arguments.n):
            counts[found.outcome] += 1
            if found.outcome == "differs":
                print(_difference(found))
    finally:
        log.close()
    print(
        "；".join(f"{_OUTCOMES[name]} {count}" for name, count in counts.items())
        or "日志里没有摘录回答"
    )
    return 1 if counts["differs"] else 0


def _difference(found: Replayed) -> str:
    what = found.said.replace("text", "文字").replace("citations", "出处").replace(", ", "、")
    return f"第 {found.number} 条的回答不同（{what}）：{found.question}"
