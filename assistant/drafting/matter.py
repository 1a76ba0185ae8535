"""What a request asks to be written about, and who writes to whom: read from its clauses. Pure."""

import re

from assistant.drafting.kinds import KINDS
from vectorstore.language.names import HAN

NAMES = "|".join(sorted(KINDS, key=len, reverse=True))
_LEVELS = r"(?:自治区|[省市县区州旗镇乡])"
_RUN = r"[\u4e00-\u9fff、（）]"
# How those end who sign texts and get them.
_BODY_ENDS = (
    "政府", "政府办", "办公室", "局", "委", "办", "厅", "部", "院", "会", "协", "联", "部门", "单位", "学校",
    "企业", "代表", "委员", "乡镇", "街道", "镇街", "馆", "所", "站", "大队", "支队", "中队", "专班", "林场", "社", "街道）", "各镇", "各村", "各县", "各区", "区县", "县区", "公司", "中心", "机关", "区）",
)  # fmt: skip
SENDERS = (
    re.compile(rf"(?:以|用)(?P<who>{_RUN}{{2,30}}?)(?:的)?(?:名义|身份)"),
    re.compile(rf"(?:^|[，。；])(?P<who>{HAN}{{2,16}}(?:、|和|与){HAN}{{2,16}}?)联合"),
)
_TO = re.compile(
    r"下发给|发给|发到|发至|下发至|下发到|印发给|报送?给?|呈报|主送|送给|写给|提交给?|上报|给|向"
)
_COPY_TO = re.compile(r"(?:抄送|抄报)(?:给)?")
_THEN = re.compile(r"写|发|下|出|起草|拟|做|提交|报|汇报|的|[，。；：]|$|一[份个篇封]|函")
_NAMES_RUN = re.compile(r"[\u4e00-\u9fff、（）]{2,48}")
_NO_BODY = re.compile(r"^(?:我们?|本|你们?|全)[省市县区州旗乡镇]?$|^(?:单位|部门)$|^大家")
RENAMED = re.compile(
    r"(?:^|[，。；：、])(?:(?:把|将|没有|其中)?)(?P<from>[\u4e00-\u9fff]{2,10}?)"
    r"(?:(?:我们|我[县区市]|这里|本[县区市])?(?:叫作?|称为?|改叫|改为|换成|写成)|，?(?:对应|相应)的?(?:职能|职责)?(?:在|由|是))"
    r"(?P<to>[\u4e00-\u9fff]{2,10}?)(?=[，。；：、]|$)"
)
CALLED = re.compile(
    r"[我本](?:们)?(?:省|市|县|区|州|旗|镇|乡)(?:叫|是|为)(?P<name>[\u4e00-\u9fff]{1,8}?(?:省|市|县|区|州|旗|镇|乡))"
)
_COUNT = r"(?:[一两二三]?[份篇张段封个件次套则]{1,2})"
_VERB = re.compile(
    rf"请|麻烦|帮我们?|帮忙|给[我本]们?(?:自治区|[省市县区州旗镇乡])?|我们?(?=要|想)|起草|撰写|草拟|拟定|拟订|拟写|制定|制订|编写|编制|写(?:成)?{_COUNT}?|(?:做|出|下|发|拟|放|弄|搞){_COUNT}|"
    rf"做成|(?:整理|形成|做)成?{_COUNT}?(?=关于)|一份|一篇|一段|一张|附一?张?对比表|"
    r"\d{1,9}\s{0,9}字(?:左右|以内)?|并?注明出处|并?标注出处|中(?=[“\"])|的(?=《)|^把|^要求|^内容是|^主题是|^主要是|^现在|"
    r"参考现有文件|下发|印发|^以[^，]{2,20}名义"
)
ABOUT = re.compile(rf"关于(?P<topic>[^，。；]{{2,40}}?)的?(?:建议|提案)?的?(?:{NAMES})")
SUGGESTED = re.compile(r"关于(?P<topic>[^，。；]{2,40}?)的(?:建议|提案)")
_WORDED = re.compile(
    r"^(?:内容(?:是|为)|主题(?:是|为)|事由(?:是|为)|主要(?:是|讲|写)|要求|部署|想要?|拟|讲(?:清楚?|讲)?|介绍|说明|申请|商请|请求|汇报|"
    r"就|围绕|针对)(?P<what>[^，。；]{4,60})"
)
MEETING = re.compile(
    r"(?:在|到|去)(?P<meeting>[^，。；]{2,24}?(?:会议?|仪式|活动|培训班|现场))上(?:的|作|做|讲|要讲)?"
)
_YEARS = r"20\d\d\s?年?\s?[—\-–～~至到]{1,2}\s?20\d\d\s?年?"
BRACKETED_YEARS = re.compile(rf"[（(](?:{_YEARS}|20\d\d年?度?)[)）]")
_BEFORE = re.compile(
    rf"^(?:比较|对比|各地|当年|当时|去年|今年|想|[我本全]{_LEVELS}(?:的)?|我们?|要|在[^，。；]{{2,6}}[上里中]|[的有个把对]){{1,4}}"
)
_ACTS = (
    "做好", "开展", "加强", "推进", "实施", "落实", "进一步", "切实", "认真", "扎实", "全面", "组织",
    "支持", "关于", "设立", "建设", "深入", "安排", "申请", "商请", "支援", "请求", "帮助",
)  # fmt: skip
_OWN_AT_START = re.compile(rf"^(?:××|XX|xx|某|[我本全])?{_LEVELS}(?=[\u4e00-\u9fff]{{2}})")


def bodies(found: str) -> tuple[str, ...]:
    """各乡镇和县直部门 → 各乡镇, 县直部门."""
    parts = re.split(r"、|和(?!平)|以及|及|与|，", found)
    if found.startswith("各") and not re.search(r"[乡镇街道县市区门位局委办厅府]$", parts[0]):
        return (found,)  # 各区县农业农村、商务主管部门
    return tuple(p for part in parts if (p := part.strip()) and not _NO_BODY.match(p))


def are_bodies(found: str) -> bool:
    """Whether all that is named are organs or such."""
    named = bodies(found)
    return bool(named) and all(name.endswith(_BODY_ENDS) for name in named)


def sender_in(text: str) -> tuple[str, str]:
    """Who signs, and the words that say so; ('', '') where nobody is named."""
    for pattern in SENDERS:
        if (match := pattern.search(text)) and are_bodies(match["who"]):
            return match["who"], match[0].strip("，。；")
    return "", ""


def addressees_in(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """To whom it goes (主送), and the words that say so."""
    copied = _named_behind(_COPY_TO, text)
    for _, said in copied:
        text = text.replace(said, "")
    found = _named_behind(_TO, text)
    named = dict.fromkeys(name for who, _ in found for name in bodies(who))
    return tuple(named), tuple(said for _, said in found)


def copies_in(text: str) -> tuple[str, ...]:
    """Who is sent a copy (抄送)."""
    return tuple(name for who, _ in _named_behind(_COPY_TO, text) for name in bodies(who))


def _named_behind(lead: re.Pattern[str], text: str) -> list[tuple[str, str]]:
    """Those who are named behind some words, with these words: the shortest run of names that is
    followed by what is done or by the clause's end."""
    found = []
    for match in lead.finditer(text):
        run = _NAMES_RUN.match(text, match.end())
        for end in range(match.end() + 2, run.end() + 1 if run else 0):
            who = text[match.end() : end]
            if _THEN.match(text, end) and are_bodies(who):
                found.append((who, text[match.start() : end]))
                break
    return found


def matter_of(text: str, kind_name: str, said: tuple[str, ...]) -> str:
    """What it is about, as a title would say it: from 关于…的通知, from the clause that names the
    kind, or from the clause behind it that says what is wanted. `said` are words that say who
    writes to whom."""
    if about := ABOUT.search(text) or SUGGESTED.search(text):
        return _bare(about["topic"])
    clauses = [c.strip() for c in re.split(r"[，。；！？\n]", text) if c.strip()]
    naming = [c for c in clauses if kind_name and kind_name in c] or clauses[:1]
    if not naming:
        return ""
    main = max(naming, key=lambda c: (bool(_VERB.search(c)), -clauses.index(c)))
    core = _core(main, kind_name, said)
    if len(core) >= 4:
        return core
    for clause in clauses:
        if clause != main and (match := _WORDED.match(clause)):
            if len(found := _core(match["what"], kind_name, said)) >= 4:
                return found
    if not core and (meeting := MEETING.search(text)):
        return _bare(re.sub(r"(?:工作)?(?:会议?|大会|动员会|推进会)$", "", meeting["meeting"]))
    at = clauses.index(main)
    others = (_core(c, kind_name, said) for c in (*clauses[at + 1 :], *clauses[:at]))
    return core or next((c for c in others if len(c) >= 4), "")


def _core(clause: str, kind_name: str, said: tuple[str, ...]) -> str:
    for words in sorted(said, key=len, reverse=True):
        clause = clause.replace(words, "")
    clause = MEETING.sub("", clause)
    clause = BRACKETED_YEARS.sub("", clause)
    if kind_name:
        head, _, tail = clause.rpartition(kind_name)
        clause = head if len(head) >= len(tail) else tail
    return _bare(_VERB.sub("", clause))


def _bare(words: str) -> str:
    words = BRACKETED_YEARS.sub("", words).strip(' 　的：:、"')
    if words.count("“") != words.count("”"):
        words = words.replace("“", "").replace("”", "")
    words = _BEFORE.sub("", words)
    return re.sub(r"^[，。；：、\s的]+|[，。；：、\s]+$", "", words)[:60]


def topic_of(matter: str) -> str:
    """The matter as it is looked for: without place, years, the verb in front and 工作 behind."""
    core = re.sub(r"（[^（）]{1,12}）", "", BRACKETED_YEARS.sub("", matter))
    core = re.sub(
        rf"^(?:[\u4e00-\u9fff]{{2,10}}?(?:科协|局|委|办|厅|中心))?(?:{_YEARS}|20\d\d年(?:度)?)",
        "",
        core,
    )
    core = re.sub(r"^[\u4e00-\u9fff]{2,4}?(?:前后|期间)", "", core)
    core = re.sub(
        r"(?<=[\u4e00-\u9fff]{4})(?:并|及时|，).{0,40}$|[来到](?:我|本)(?:省|市|县|区|州|旗)",
        "",
        core,
    )
    core = _OWN_AT_START.sub("", core)
    while begun := next((a for a in _ACTS if core.startswith(a) and len(core) - len(a) >= 3), ""):
        core = core.removeprefix(begun)
    core = re.sub(
        r"(?<=[\u4e00-\u9fff]{3})(?:有关|相关|的|方面的?)?(?:工作|事项|事宜|情况|工作情况|活动情况|政策|专项|重点|任务|重点任务|方面的任务)$",
        "",
        core,
    )
    return core.replace("“", "").replace("”", "").strip("的和与及")[:40] or matter[:40]


_TALKS = re.compile(r"^(?:以来|以后|期间|商量|商谈|讨论|说说|讲讲|谈谈|说一说|讲一讲|想要|关于)")
_ENDS_SO = re.compile(rf"(?:的事情?|这件事|这事|的问题|(?:的)?(?:{NAMES}))$")


def trimmed(matter: str) -> str:
    """A matter without what a request says around it: 商量通行证互认的事 → 通行证互认, 加强科普工作的实施
    方案 → 加强科普工作. What would be left of less than four characters stays."""
    for pattern in (_TALKS, _ENDS_SO):
        rest = pattern.sub("", matter).strip("的，、")
        matter = rest if len(rest) >= _SHORTEST else matter
    return matter


_SHORTEST = 4  # characters of a matter
