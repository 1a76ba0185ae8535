"""What belongs to each kind of document: its title, whom it goes to, how it closes, its annexes."""

import re
from collections.abc import Iterator

from assistant.proofreading.rule import Found, Page, Rule
from vectorstore.language.names import KIND_AT_END

_ASKS = re.compile(
    r"(?:妥否|当否|可否|是否妥当|如无不妥|以上请示|现(?:特)?(?:此)?请示)?[，,]?\s?(?:请|敬请|恳请|望)(?:予以?)?(?:批示|批准|批复|审批|审示|核准|审定|指示|审核批复)(?:为盼)?[。.]?$"
)
_CLOSES = re.compile(
    r"^(?:以上|现)?\s?特此(?P<what>通知|报告|请示|函告|函复|函达|复函|通报|通告|公告|批复|说明)[。.]?$"
)
# The closing formula of each kind, and what others' formulas stand for there.
_CLOSING = {
    "请示": "妥否，请批示。",
    "报告": "特此报告。",
    "通知": "特此通知。",
    "函": "特此函达。",
    "通报": "特此通报。",
    "通告": "特此通告。",
    "公告": "特此公告。",
    "批复": "此复。",
}
_OWN = {
    "请示": ("请示",),
    "报告": ("报告",),
    "通知": ("通知",),
    "函": ("函告", "函复", "函达", "复函"),
    "通报": ("通报",),
    "通告": ("通告",),
    "公告": ("公告",),
    "批复": ("批复",),
}
_SEVERAL = re.compile(r"[、，,]")
_ANNEX = re.compile(
    r"^附\s?件\s?(?P<n>[一二三四五六七八九十\d]{0,3})\s?(?P<colon>[:：])(?P<rest>.{0,80})$"
)
_ANNEX_ITEM = re.compile(r"(?<![\d.])(?P<n>\d{1,2})(?P<mark>、|．|\.\s)(?=[\u4e00-\u9fff《])")
_ITEM_LINE = re.compile(r"\d{1,2}[、．.]\s?[\u4e00-\u9fff《]")
_TAIL = re.compile(r"(?<![。；，、;,.])[。；，、;,.]++$")
_ABOUT_TWICE = re.compile(r"关于(?P<rest>印发|转发)?关于")
_NO_OF = re.compile(r"^.{0,40}关于.{3,80}[^的](?P<kind>通知|通报|请示|报告|批复|公告|通告|函)$")
_FORWARDED = re.compile(r"的通知的通知$")


_IN_BRACKETS = re.compile(r"^《(?P<title>[^《》]{4,80})》$")


def _title(page: Page) -> Iterator[Found]:
    """A title bears no mark at its end and no 《》 around it, says 关于 once and 的 in front of its
    kind."""
    if not page.head:
        return
    last = page.head[-1]
    if tail := _TAIL.search(last.text):
        yield last.start + tail.start(), last.end, ""
    is_whole = not any("关于" in line.text for line in page.head[:-1])  # no title in several lines
    if is_whole and (own := _IN_BRACKETS.match(last.text)):
        yield last.start, last.end, own["title"]
    for line in page.head:
        if twice := _ABOUT_TWICE.search(line.text):
            yield line.start + twice.start(), line.start + twice.end(), f"关于{twice['rest'] or ''}"
        if "请示报告" in line.text:
            at = line.start + line.text.index("请示报告")
            yield at, at + 4, "请示"
    if len(page.head) == 1 and (match := _NO_OF.match(last.text)):
        if not KIND_AT_END.search(last.text[: match.start("kind")]):
            at = last.start + match.start("kind")
            yield at, at + len(match["kind"]), f"的{match['kind']}"


def _closing(page: Page) -> Iterator[Found]:
    """The formula that closes a document is that of its kind, and ends with a full stop."""
    right = _CLOSING.get(page.kind)
    if right is None:
        return
    closed = False
    for line in page.lines[len(page.head) :]:
        text = line.text
        if match := _CLOSES.match(text):
            closed = True
            fits = match["what"] in _OWN[page.kind]
            if not fits:
                yield line.start, line.end, right
            elif not text.endswith("。"):
                yield line.end - 1, line.end, f"{text[-1]}。" if text[-1] != "." else "。"
        elif len(text) <= 24 and (match := _ASKS.search(text)) and match.start() <= 8:
            closed = True
            if page.kind not in ("请示", "函"):
                yield line.start, line.end, right
            elif not text.endswith("。"):
                yield line.end - 1, line.end, f"{text[-1]}。" if text[-1] != "." else "。"
        elif page.kind == "报告" and (ask := _IN_REPORT.search(text)):
            yield line.start + ask.start(), line.start + ask.end(), None
    if page.kind == "请示" and not closed and len(page.lines) > 3 and not _has_request(page):
        last = page.lines[-1]
        yield last.start, last.end, None


_IN_REPORT = re.compile(r"(?:妥否|当否|可否)[，,]请[^。]{0,6}(?:批示|批复|批准|指示)[。.]?")


def _has_request(page: Page) -> bool:
    return any(_ASKS.search(line.text.rstrip("。") + "。") for line in page.lines)


_DEAR = re.compile(
    r"^(?:各|[\u4e00-\u9fff]{2,20}(?:人民政府|局|委|厅|部|办公室|委员会|单位)(?:[，、]|$)|[省市县区乡镇]?人民政府(?:[，、]|$))"
)


def _addressee(page: Page) -> Iterator[Found]:
    """The line below the title that says whom a document goes to ends with a colon."""
    if not page.head or page.kind not in (*_CLOSING, "意见", "决定"):
        return
    behind = page.lines[len(page.head) :]
    if not behind or page.addressee is not None:
        line = page.addressee
        if line and page.kind == "请示" and _SEVERAL.search(line.text):
            yield line.start, line.end, None
        return
    line = behind[0]
    text = line.text.rstrip("，。；、,;.")
    if len(line.text) <= 80 and _DEAR.match(text) and "。" not in text and "关于" not in text:
        if text.endswith(
            ("单位", "政府", "局", "委", "厅", "部", "办", "会", "部门", "公司", "学校", "街道")
        ):
            yield line.start, line.end, f"{text}："


def _annexes(page: Page) -> Iterator[Found]:
    """附件：1.名称, without a mark behind the name."""
    listing = False
    for line in page.lines:
        match = _ANNEX.match(line.text)
        if match:
            listing = True
            rest = line.start + match.start("rest")
            text = match["rest"]
            if match["n"] and not match["n"].isdigit():
                yield line.start, line.start + match.end("n"), "附件"
        elif listing and _ITEM_LINE.match(line.text):
            rest, text = line.start, line.text
        else:
            listing = False
            continue
        if item := _ANNEX_ITEM.search(text):
            if item["mark"] != ".":
                yield rest + item.start(), rest + item.end(), f"{item['n']}."
        if tail := _TAIL.search(text):
            yield rest + tail.start(), line.end, ""


RULES = (
    Rule(
        "标题",
        "标题末尾不加标点，写明“关于…的＋文种”",
        find=_title,
        yes=(
            ("关于开展安全检查的通知。\n各单位：", "关于开展安全检查的通知\n各单位："),
            ("《关于开展安全检查的通知》\n各单位：", "关于开展安全检查的通知\n各单位："),
            ("甲市教育局\n《关于安全的通知》\n各单位：", "甲市教育局\n关于安全的通知\n各单位："),
            ("关于拨付专项经费的请示报告\n市财政局：", "关于拨付专项经费的请示\n市财政局："),
            (
                "关于印发关于安全检查的方案的通知\n各单位：",
                "关于印发安全检查的方案的通知\n各单位：",
            ),
            ("关于开展安全检查通知\n各单位：", "关于开展安全检查的通知\n各单位："),
        ),
        no=(
            "关于开展安全检查的通知\n各单位：",
            "甲市教育局关于学习\n《安全管理办法》\n各单位：",
            "一、总体要求。",
        ),
    ),
    Rule(
        "结束语",
        "结束语与文种相合，以句号结束",
        find=_closing,
        yes=(
            (
                "关于拨付经费的请示\n市财政局：\n经费不足。\n特此报告。",
                "关于拨付经费的请示\n市财政局：\n经费不足。\n妥否，请批示。",
            ),
            (
                "关于工作情况的报告\n市政府：\n工作完成。\n妥否，请批示。",
                "关于工作情况的报告\n市政府：\n工作完成。\n特此报告。",
            ),
            (
                "关于检查的通知\n各单位：\n请落实。\n特此通知",
                "关于检查的通知\n各单位：\n请落实。\n特此通知。",
            ),
        ),
        no=(
            "关于拨付经费的请示\n市财政局：\n经费不足。\n妥否，请批示。",
            "关于检查的通知\n各单位：\n请落实。\n特此通知。",
        ),
    ),
    Rule(
        "主送机关",
        "主送机关之后用冒号；请示只写一个主送机关",
        find=_addressee,
        yes=(
            (
                "关于检查的通知\n各县（区）人民政府\n请落实。",
                "关于检查的通知\n各县（区）人民政府：\n请落实。",
            ),
            ("关于经费的请示\n市财政局、市发展改革委：\n经费不足。\n妥否，请批示。", None),
        ),
        no=("关于检查的通知\n各县（区）人民政府：\n请落实。", "关于检查的通知\n请落实。"),
    ),
    Rule(
        "附件",
        "附件序号用“1.”，名称之后不加标点",
        find=_annexes,
        yes=(
            ("附件：1、任务分工表", "附件：1.任务分工表"),
            ("附件：任务分工表。", "附件：任务分工表"),
            ("附件：1.任务分工表；\n2.进度表。", "附件：1.任务分工表\n2.进度表"),
        ),
        no=("附件：1.任务分工表", "附件1"),
    ),
)
