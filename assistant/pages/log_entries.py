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
    "upload": ("入库", "Added documents"),
    "delete document": ("删除文件", "Deleted document"),
    "change metadata": ("改元数据", "Changed metadata"),
    "change audience": ("改可见范围", "Changed audience"),
    "judge documents": ("时效核对", "Judged documents"),
    "write draft": ("写稿", "Wrote draft"),
    "share draft": ("共享稿件", "Shared draft"),
    "delete draft": ("删除稿件", "Deleted draft"),
    "export": ("导出", "Exported"),
    "audit text": ("核对文稿", "Checked a text"),
    "give feedback": ("评价回答", "Gave feedback"),
    "share conversation": ("共享问答", "Shared conversation"),
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
}
RESULTS = {
    "done": ("已做", "done", "good"),
    "refused": ("未答或被拒", "refused", "caution"),
    "failed": ("未成", "failed", "bad"),
}
_TEXTS = {
    "question": ("问题", "Question"),
    "turns": ("此前的提问", "Asked before"),
    "request": ("要求", "Request"),
    "reason": ("理由", "Reason"),
    "why": ("说明", "Why"),
    "sha256": ("文字的 SHA-256", "SHA-256 of the text"),
}


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
    said = kept.record.personal
    about = next((str(said[name]) for name in ("question", "request") if said.get(name)), "")
    about = about or str(kept.record.details.get("file") or kept.record.on)
    return text(about[:80] + ("…" if len(about) > 80 else ""))


def _all_of(kept: Kept) -> str:
    record = kept.record
    rows = [
        (("编号", "Number"), str(kept.number)),
        (("人员编号", "Person"), record.who),
        (("来自", "From"), str(record.personal.get("address", ""))),
        (("对象", "On"), record.on),
        *(
            (_TEXTS.get(name, (name, name)), _value(value))
            for name, value in record.personal.items()
            if name not in ("name", "address") and value
        ),
        *(((name, name), _value(value)) for name, value in record.details.items()),
        (("校验值", "Hash"), kept.hash),
    ]
    listed = join(
        element("div", element("dt", both(*label)) + element("dd", text(value)))
        for label, value in rows
        if value not in ("", "null")
    )
    erased = element("p", both("姓名、地址和所写的文字已按要求清除。", "Personal parts were erased on request."),
                     class_="note") if kept.is_erased else ""  # fmt: skip
    return erased + element("dl", listed)


def _value(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping | list):
        return json.dumps(value, ensure_ascii=False, indent=1)
    return json.dumps(value)
