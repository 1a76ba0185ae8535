"""Entries of the audit log as markup: a line each, which unfolds to all that is kept of it."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from assistant.pages.markup import both, element, join, text
from assistant.people.log_reading import shown_time
from vectorstore.chain.chain import Kept

DEEDS = {
    "ask": ("提问", "Asked"),
    "answer": ("回答", "Answered"),
    "search": ("检索", "Searched"),
    "open document": ("打开文件", "Opened document"),
    "download": ("下载原文件", "Downloaded"),
    "open draft": ("打开稿件", "Opened draft"),
    "open conversation": ("打开问答", "Opened conversation"),
    "open saved answers": ("看收藏的回答", "Opened saved answers"),
    "upload": ("入库", "Added documents"),
    "delete document": ("删除文件", "Deleted document"),
    "change audience": ("改可见范围", "Changed audience"),
    "keep document": ("保留没有文件的文档", "Kept a document without its file"),
    "correct metadata": ("改正文件信息", "Corrected metadata"),
    "judge documents": ("时效核对", "Judged documents"),
    "change class": ("改分类", "Changed class"),
    "change collection": ("改资料夹", "Changed collection"),
    "write draft": ("写稿", "Wrote draft"),
    "share draft": ("共享稿件", "Shared draft"),
    "delete draft": ("删除稿件", "Deleted draft"),
    "export": ("导出", "Exported"),
    "audit text": ("核对文稿", "Checked a text"),
    "give feedback": ("评价回答", "Gave feedback"),
    "share conversation": ("共享问答", "Shared conversation"),
    "change conversation": ("改问答", "Changed conversation"),
    "change saved answers": ("改收藏的回答", "Changed saved answers"),
    "delete conversation": ("删除问答", "Deleted conversation"),
    "export conversation": ("导出问答", "Exported conversation"),
    "log in": ("登录", "Logged in"),
    "log out": ("退出", "Logged out"),
    "failed log in": ("登录失败", "Failed to log in"),
    "locked out": ("锁定", "Locked out"),
    "change password": ("改密码", "Changed password"),
    "add person": ("加人员", "Added person"),
    "change person": ("改人员", "Changed person"),
    "change roles": ("改角色", "Changed roles"),
    "change departments": ("改部门", "Changed departments"),
    "change groups": ("改群体", "Changed groups"),
    "change terms": ("改用语", "Changed terms"),
    "answer gap": ("处理缺口", "Answered a gap"),
    "back up": ("备份", "Backed up"),
    "read log": ("查看日志", "Read the log"),
    "export log": ("导出日志", "Exported the log"),
    "refused": ("越权被拒", "Refused"),
    "erase person": ("清除个人信息", "Erased a person"),
    "prune log": ("清理日志", "Pruned the log"),
    "add key": ("建密钥", "Made a key"),
    "revoke key": ("吊销密钥", "Revoked a key"),
    "release key": ("确认密钥", "Confirmed a key"),
    "call": ("程序调用", "Call of a program"),
}
RESULTS = {
    "done": ("已做", "done", "good"),
    "refused": ("未答或被拒", "refused", "caution"),
    "failed": ("未成", "failed", "bad"),
}
_LABELS = {
    "question": ("问题", "Question"),
    "turns": ("此前的提问", "Asked before"),
    "request": ("要求", "Request"),
    "reason": ("理由", "Reason"),
    "why": ("说明", "Why"),
    "citations": ("出处（文件 起—止）", "Sources (document, span)"),
    "near": ("相近的文件", "Nearest documents"),
    "sha256": ("内容的 SHA-256", "SHA-256 of it"),
    "kind": ("类别", "Kind"),
    "mode": ("作答方式", "Answered by"),
    "asked_mode": ("要求的方式", "Asked to answer by"),
    "doubts": ("存疑的句子", "Sentences in doubt"),
    "sentences": ("句子", "Sentences"),
    "as_of": ("时效按哪天", "As of"),
    "generation": ("索引版本", "Index generation"),
    "settings": ("设置指纹", "Fingerprint of settings"),
    "viewer": ("可见范围", "Sees"),
    "scope": ("筛选", "Narrowed to"),
    "ms": ("毫秒", "Milliseconds"),
    "filters": ("筛选条件", "Filters"),
    "count": ("条数", "Count"),
    "head": ("末条校验值", "Head"),
    "file": ("文件名", "File"),
    "error": ("错误", "Error"),
    "method": ("请求方法", "Method"),
    "cause": ("原因", "Cause"),
    "left_out": ("未逐条记的同类", "Like ones left out"),
    "login": ("登录名", "Login"),
    "target_name": ("对方的姓名或名称", "Name of it"),
    "department": ("部门", "Department"),
    "before": ("原来", "Before"),
    "after": ("现在", "After"),
}
_EMPTY: tuple[object, ...] = ("", None, [], {})


def entry_list(entries: Sequence[Kept]) -> str:
    return element("ol", join(map(_entry, entries)), class_="log-entries")


def _entry(kept: Kept) -> str:
    record = kept.record
    zh, en, tone = RESULTS.get(record.result, (record.result, record.result, ""))
    name = str(record.personal.get("name", ""))
    parts = (
        ("when", text(shown_time(kept.at))),
        ("whose", text(name or record.who)),
        ("deed", both(*DEEDS.get(record.deed, (record.deed, record.deed)))),
        ("what", _gist(kept)),
        ("result", element("span", both(zh, en), class_=f"state {tone}")),
    )
    line = join(element("span", content, class_=class_) for class_, content in parts)
    return element(
        "li",
        element("details", element("summary", line) + _all_of(kept)),
        id=f"entry-{kept.number}",
    )


def _gist(kept: Kept) -> str:
    """What an entry is about, on its line: what was typed, else what it was done to."""
    said, details = kept.record.personal, kept.record.details
    if kept.record.deed == "answer" and isinstance(sources := details.get("citations"), list):
        count = len(sources)
        return both(f"{count} 个出处", f"{count} sources") + text(f" · {details.get('kind', '')}")
    about = next((str(said[name]) for name in ("question", "request") if said.get(name)), "")
    about = about or str(said.get("file") or details.get("file") or kept.record.on)
    return text(about[:80] + ("…" if len(about) > 80 else ""))


def _all_of(kept: Kept) -> str:
    record = kept.record
    own = {k: v for k, v in record.personal.items() if k not in ("name", "address")}
    rows: list[tuple[tuple[str, str], Any]] = [
        (("编号", "Number"), kept.number),
        (("人员编号", "Person"), record.who),
        (("来自", "From"), record.personal.get("address", "")),
        (("对象", "On"), record.on),
        *((_label(name), value) for name, value in own.items()),
        *((_label(name), value) for name, value in record.details.items()),
        (("校验值", "Hash"), kept.hash),
    ]
    listed = join(
        element("div", element("dt", both(*label)) + element("dd", text(_value(value))))
        for label, value in rows
        if value not in _EMPTY
    )
    erased = both(
        "姓名、地址和所写的文字已按要求清除。", "What was personal was erased on request."
    )
    note = element("p", erased, class_="note") if kept.is_erased else ""
    return note + element("dl", listed)


def _label(name: str) -> tuple[str, str]:
    return _LABELS.get(name, (name, name))


def _value(value: Any) -> str:
    """Lists line by line; a citation is its document and span."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "\n".join(map(_value, value))
    if isinstance(value, Mapping) and {"document", "start", "end"} <= value.keys():
        return (
            f"{value['document']} {value['start']}—{value['end']}（sha256 {value.get('sha256')}）"
        )
    if isinstance(value, Mapping):
        parts = (f"{k}: {_value(v)}" for k, v in value.items() if v not in _EMPTY)
        return "；".join(part.replace("\n", "、") for part in parts)
    return json.dumps(value, ensure_ascii=False)
