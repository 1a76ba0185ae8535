"""python -m assistant ask|search|draft|audit|proofread|compare|facts|mcp|people|audit-log|doctor …"""

import argparse
import json
import logging
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from assistant import doctor
from assistant.answers.answer import Answer, Mode
from assistant.api.rows import draft_row, hit_row
from assistant.audit.audit import audit, summary
from assistant.audit.organs import known_organs
from assistant.chat import Request, check_turns
from assistant.cite.citation import reference
from assistant.commands import audit_log, compare, facts, history, people, proofreading, tools
from assistant.labelling import MODEL, producer_of
from assistant.people.audit_log import at_terminal
from assistant.people.log import recorded
from assistant.people.viewer import LOCAL
from assistant.proofreading.proofread import proofread
from assistant.services import Services, build_log, build_services, open_people
from assistant.settings import WebSettings
from ingest.parse.limits import read_limits
from ingest.workers import read_text
from vectorstore.errors import PolicyError, disk_error
from vectorstore.files.surrogates import speak_any_name, whole
from vectorstore.settings import IndexSettings, load_settings


def main(argv: Sequence[str] | None = None) -> int:
    arguments = _parser().parse_args(argv)
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    speak_any_name()
    try:
        return _run(arguments)
    except PolicyError as error:
        print(error, file=sys.stderr)
        return 1
    except Exception as error:  # the edge: a full disk speaks through many libraries
        if (said := disk_error(error, load_settings(IndexSettings).data_dir)) is None:
            raise
        print(said, file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m assistant", description="问资料库里的政策文件")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, text in (("ask", "回答一个问题"), ("search", "列出最相关的段落")):
        command = commands.add_parser(name, help=text, description=text)
        command.add_argument("question", nargs="?", help="问题")
        command.add_argument("--json", action="store_true", help="在标准输出打印 JSON")
        command.add_argument("--batch", type=Path, metavar="IN.jsonl",
                             help='每行一个 {"id","question"} 或 {"id","turns"}；逐行打印 JSON')  # fmt: skip
        if name == "ask":
            command.add_argument(
                "--mode",
                choices=("extractive", "model"),
                help="摘录或由语言模型生成；默认在设置了语言模型时生成",
            )
            command.add_argument("--turns", type=Path, metavar="FILE",
                                 help="用户历次提问的 JSON 列表，回答最后一个")  # fmt: skip
        else:
            command.add_argument("-k", type=int, default=10, help="段落数（默认 10）")
    command = commands.add_parser("draft", help="起草一份有出处的文稿")
    command.add_argument("request", help="写作要求，例如：起草《××县农民科学素质提升实施方案》")
    command.add_argument("--unit", default="", help="本单位名称")
    command.add_argument("--region", default="", help="本单位所在地区，如 云南省保山市")
    command.add_argument("--mode", choices=("extractive", "model"), help="摘录或由语言模型生成")
    command.add_argument("--json", action="store_true", help="在标准输出打印 JSON")
    command.add_argument("--docx", type=Path, metavar="OUT", help="另存为 Word 文件")
    command.add_argument("--form", choices=("送审版", "定稿版"), default="送审版",
                         help="Word 文件带不带出处（默认送审版）")  # fmt: skip
    for name, what in (("audit", "核对一份别人写的文稿"), ("proofread", "校对文稿的文字")):
        command = commands.add_parser(name, help=what)
        command.add_argument("file", type=Path, help="文稿（.docx .pdf .txt 等）")
        command.add_argument("--json", action="store_true", help="在标准输出打印 JSON")
    compare.add_parser(commands)
    facts.add_parser(commands)
    tools.add_parser(commands)
    history.add_parser(commands)
    audit_log.add_parser(commands)
    people.add_parser(commands)
    command = commands.add_parser("doctor", help="检查各部分是否可用")
    command.add_argument("--json", action="store_true", help="在标准输出打印 JSON")
    return parser


def _run(arguments: argparse.Namespace) -> int:
    if arguments.command == "doctor":
        return _doctor(arguments.json)
    if arguments.command == "audit-log":
        if arguments.step == "replay":
            return _with_services(arguments, audit_log.run_replay)
        if arguments.step == "erase":
            return _with_services(arguments, history.run_erase, has_people=True)
        return audit_log.run(arguments)
    if arguments.command == "people":
        return _people(arguments)
    alone = {
        "draft": _draft,
        "audit": _audit,
        "proofread": _proofread,
        "compare": compare.run,
        "facts": facts.run,
        "history": history.run,
        "mcp": tools.run,
    }
    if arguments.command in alone:
        has_people = arguments.command == "history" and arguments.deed == "erase"
        return _with_services(arguments, alone[arguments.command], has_people=has_people)
    given = [arguments.question, arguments.batch, getattr(arguments, "turns", None)]
    if sum(value is not None for value in given) != 1:
        _parser().error("请给出一个问题，或用 --batch / --turns 给出文件（三者取一）")
    return _with_services(arguments, _ask if arguments.command == "ask" else _search)


def _with_services(
    arguments: argparse.Namespace,
    command: Callable[[Services, argparse.Namespace], int | None],
    *,
    has_people: bool = False,
) -> int:
    """Opens what a command works with; the accounts too for one that erases them."""
    services = build_services(load_settings(WebSettings)) if has_people else build_services()
    try:
        return command(services, arguments) or 0
    finally:
        services.close()


def _people(arguments: argparse.Namespace) -> int:
    """Without the index: accounts come before the first document."""
    settings = load_settings(IndexSettings)
    accounts, log = open_people(settings, load_settings(WebSettings)), build_log(settings)
    try:
        people.run(accounts, log, arguments)
        return 0
    finally:
        accounts.close()
        log.close()


def _doctor(as_json: bool) -> int:
    services = build_services()
    try:
        findings = list(doctor.examine(services))
    finally:
        services.close()
    print(doctor.as_json(findings) if as_json else doctor.as_text(findings))
    return 1 if any(finding.ok is False for finding in findings) else 0


def _ask(services: Services, arguments: argparse.Namespace) -> None:
    if arguments.batch:
        _print_lines(arguments.batch, lambda row: _answer_row(services, row, arguments.mode))
        return
    turns = _turns(arguments.turns) if arguments.turns else [arguments.question]
    answer = answered(services, turns, arguments.mode)
    if arguments.json:
        producer = producer_of(services.desk.settings)
        print(json.dumps(answer.as_json(producer=producer), ensure_ascii=False))
    else:
        print(as_text(answer))


def _answer_row(services: Services, row: dict[str, Any], mode: Mode | None) -> dict[str, Any]:
    answer = answered(services, _turns_of(row), mode)
    return answer.as_json(row["id"], producer_of(services.desk.settings))


def answered(services: Services, turns: Sequence[str], mode: Mode | None) -> Answer:
    """The answer of today, for whoever sits at this machine."""
    asked = Request(tuple(turns), LOCAL, date.today(), mode=mode)
    return services.recording.ask(at_terminal(), asked)


def _search(services: Services, arguments: argparse.Namespace) -> None:
    if not 1 <= arguments.k <= 100:
        raise PolicyError("-k 应在 1 到 100 之间")
    if arguments.batch:
        _print_lines(
            arguments.batch,
            lambda row: {"id": row["id"], "hits": search(services, _turns_of(row), arguments.k)},
        )
        return
    hits = search(services, [arguments.question], arguments.k)
    if arguments.json:
        print(json.dumps(hits, ensure_ascii=False))
        return
    for hit in hits:
        print(
            f"{hit['rank']}. {' > '.join(hit['heading_path'])}\n   {hit['text'][:120]}\n   {hit['source_path']}"
        )


def search(services: Services, turns: Sequence[str], limit: int) -> list[dict[str, Any]]:
    """Passages in the order in which answering would look at them: searched, then read."""
    assistant = services.assistant
    turns = [whole(turn) for turn in turns]
    check_turns(turns, assistant.settings.max_question)
    services.log.record(at_terminal().did("search", question=turns[-1], turns=turns[:-1]))
    view = assistant.view(LOCAL)
    question = assistant.question_of(turns, assistant.evidence(view))
    readings = assistant.read(question, view)[:limit]
    return [hit_row(rank, reading) for rank, reading in enumerate(readings, 1)]


def _draft(services: Services, arguments: argparse.Namespace) -> None:
    """Outline, sections, check; the draft stays in the desk's store, for the page 起草."""
    desk = services.desk
    if arguments.docx and not arguments.docx.resolve().parent.is_dir():
        raise PolicyError(f"没有文件夹 {arguments.docx.resolve().parent}")
    wanted = whole(arguments.request)
    log, who = services.log, at_terminal()
    with recorded(log, who.did("write draft", request=wanted, mode=arguments.mode)):
        draft = desk.begin(wanted, unit=arguments.unit, region=arguments.region)
        for written in desk.write(draft, arguments.mode):
            said = f"已写：{written.section.heading or '开头'} {written.note}".strip()
            print(said, file=sys.stderr)
            draft = written.draft
        draft, findings = desk.check(draft)
    form = arguments.form if arguments.docx else "送审版"
    with recorded(log, who.did("export", draft.id, form=form, file=str(arguments.docx or ""))):
        if arguments.docx:
            from assistant.export.word import to_docx

            arguments.docx.write_bytes(to_docx(draft, arguments.form, desk.settings))
    if arguments.json:
        print(json.dumps(draft_row(draft, findings), ensure_ascii=False))
    elif not arguments.docx:
        from assistant.export.word import to_markdown

        print(to_markdown(draft, arguments.form, desk.settings))


def _audit(services: Services, arguments: argparse.Namespace) -> None:
    with recorded(services.log, at_terminal().did("audit text", file=arguments.file.name)):
        text = _text_of(services, arguments.file)
        claims = audit(text, services.assistant.evidence(services.assistant.view(LOCAL)))
    if arguments.json:
        print(json.dumps([asdict(claim) for claim in claims], ensure_ascii=False))
        return
    print(summary(claims))
    for claim in claims:
        if claim.is_fault:
            print(f"{claim.kind} {claim.verdict}：{claim.text}\n   {claim.advice}")
            if claim.source:
                print(f"   {reference(claim.source)}：“{' '.join(claim.source.quote.split())}”")


def _proofread(services: Services, arguments: argparse.Namespace) -> None:
    with recorded(
        services.log, at_terminal().did("audit text", file=arguments.file.name, only="文字校对")
    ):
        text = _text_of(services, arguments.file)
        organs = known_organs(services.assistant.evidence(services.assistant.view(LOCAL)))
        proofreading.tell(text, proofread(text, organs), as_json=arguments.json)


def _text_of(services: Services, path: Path) -> str:
    if not path.is_file():
        raise PolicyError(f"没有文件 {path}")
    settings = services.library.settings
    return read_text(path, settings.max_file_mb * 2**20, read_limits(settings))


def _turns(path: Path) -> list[str]:
    try:
        turns = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise PolicyError(f"读不了 {path}：需要一个 JSON 字符串列表") from error
    if not isinstance(turns, list) or not all(isinstance(turn, str) for turn in turns):
        raise PolicyError(f'{path} 应是 JSON 字符串列表，例如 ["第一问", "第二问"]')
    return turns


def _turns_of(row: dict[str, Any]) -> list[str]:
    turns = row.get("turns") or [row.get("question")]
    if not all(isinstance(turn, str) for turn in turns):
        raise PolicyError(
            f"这一行缺少 question 或 turns：{json.dumps(row, ensure_ascii=False)[:80]}"
        )
    return list(turns)


def _print_lines(path: Path, answer: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    for row in _rows(path):
        print(json.dumps(answer(row), ensure_ascii=False), flush=True)


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise PolicyError(f"读不了 {path}：{error.strerror}") from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                row = json.loads(line)
                row["id"]
            except (ValueError, KeyError, TypeError) as error:
                raise PolicyError(
                    f'{path} 第 {number} 行应是 {{"id", "question"}} 的 JSON'
                ) from error
            yield row


def as_text(answer: Answer) -> str:
    """An answer for the terminal: text, notes, sources."""
    lines = []
    if answer.standalone_question != answer.question:
        lines.append(f"（理解为：{answer.standalone_question}）")
    if answer.label == MODEL:
        lines.append(f"（{MODEL[0]}）")
    lines += [answer.text, *answer.notes]
    for check in answer.checks:
        if check.verdict != "supported":
            lines.append(f"存疑：{check.sentence}（{'；'.join(check.problems)}）")
    for citation in answer.citations:
        lines.append(
            f"[{citation.mark}] {reference(citation)}：“{' '.join(citation.quote.split())}”"
        )
    for near in answer.near:
        lines.append(f"相近：{reference(near)}：{' '.join(near.quote.split())[:80]}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
