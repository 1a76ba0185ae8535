"""Who issued a document: names of organs alone, several side by side, or run together."""

from collections.abc import Iterator

from vectorstore.language.names import HAN, ORGAN_TAIL
from vectorstore.language.pattern import Pattern

# Words that stand in no organ's name, or name whom a text is addressed to.
_NO_NAME = (
    "关于|印发|转发|通知|附件|抄送|主送|来源|作者|记者|编辑|责任|牵头|配合|根据|按照|现将|以下|"
    "公司地址|联系|截至|为了|组织开展|加强|推进|推动|召开|举行|一切|全部|大会上|会议上"
)
ISSUER = Pattern(
    rf"^(?!各|[^\n]{{0,60}}(?:{_NO_NAME}))[\u4e00-\u9fffA-Za-z（）()·“”]{{2,60}}"
    rf"(?:{ORGAN_TAIL}|人大|政协|纪委|监委|工委|党组|大学|学院|医院|银行|公署|海关|机制|专班|"
    r"兵团|研究所|主席团|调查队|总队|支队)$",
    yes=("青禾市民政局", "教育部", "国务院", "青禾市防汛抗旱指挥部", "云岭大学", "青禾海关"),
    no=("各县（区）人民政府", "关于加强管理的通知", "2026年3月1日", "抄送：市委", "主要任务"),
    why="a name that stands alone where an issuer is due: below the text, above the title",
)
MEDIA = Pattern(
    r"(?:日报|晚报|时报|早报|商报|报社|融媒体中心|传媒中心|新闻中心|电视台|广播台|通讯社|客户端|"
    r"编辑部|新闻网|门户网站|网站)(?:社|记者站)?$",
    yes=(("青禾日报社", "日报社"), ("青禾市融媒体中心", "融媒体中心"), ("云岭新闻网", "新闻网")),
    no=("青禾市教育局", "青禾市新闻出版局"),
    why="who reports; it publishes pages and issues no documents",
)
NEWS_LINE = Pattern(
    r"^(?:新华社|本报|本网|记者|[\u4e00-\u9fff]{2,8}(?:网|报|社)(?:[\u4e00-\u9fff]{0,6})讯|题：)",
    yes=("新华社", "本报", ("青禾日报讯", "青禾日报讯"), "题："),
    no=("青禾市教育局", "保障供应的通知"),
    why="how the text of a report begins, behind its headline",
)
SEAL = Pattern(
    r"[（(](?:盖?章|代章|公章|印章?)[)）]",
    yes=("（盖章）", ("青禾市教育局（章）", "（章）"), "(代章)"),
    no=("（试行）",),
)
_SEPARATOR = Pattern(
    r"[、，,;；/\s]+",
    yes=(("市教育局、市财政局", "、"), ("教育部 财政部", " ")),
    no=("市教育局",),
)
_BARE_TAIL = Pattern(
    r"^(?:办公厅|办公室|党委|党组|委员会|人民政府)$",
    yes=("办公室", "办公厅"),
    no=("市政府办公室",),
    why="the second half of a name that turned the line",
)
_PARTIES = ("中国共产党", "中共", "共青团")
_PARTY = f"(?:{'|'.join(_PARTIES)})"
_COMMON_HEAD = Pattern(
    rf"^{_PARTY}?(?P<head>[省市县区州旗]|国家|中央|全国|最高人民|{HAN}{{2,8}}?[省市州县区旗盟])",
    yes=(("青禾市民政局", "青禾市"), ("中共青禾市委", "中共青禾市"), ("国家能源局", "国家")),
    no=("教育部", "财政部"),
    why="what the names of organs of one level begin with",
)
MINISTRY = Pattern(
    r"(?:外交|国防|教育|科技|科学技术|工业和信息化|公安|国家安全|民政|司法|财政|人力资源社会保障|"
    r"人力资源和社会保障|自然资源|生态环境|住房城乡建设|住房和城乡建设|交通运输|水利|农业农村|商务|"
    r"文化和旅游|退役军人事务?|应急管理?|中央(?:宣传|组织|统战))部|国家(?:[\u4e00-\u9fff]{2,8}?)[局委署]|"
    r"(?:中国)?人民银行|审计署|海关总署|(?:国家)?(?:税务|市场监管|广电|体育|金融监管)总局|"
    r"中国证监会|证监会|全国(?:总工会|妇联)|共青团中央|中国(?:科协|残联|气象局)",
    yes=("教育部", "国家发展改革委", "中国人民银行", ("财政部税务总局", "财政部")),
    no=("青禾市教育局", "宣传部"),
    why="organs of the State Council, which are run together without a place's name",
)
_ENDS = Pattern(
    r"[局厅委部办会院署社室行府协联处心]$",
    yes=(("青禾市民政局", "局"), ("中共青禾市委", "委")),
    no=("青禾市",),
)


def organs_in(text: str) -> tuple[str, ...]:
    """The organs that a stretch of text consists of, in full; () when it holds anything else.

    >>> organs_in("青禾市民政局 青禾市财政局"), organs_in("中共青禾市委青禾市人民政府")
    (('青禾市民政局', '青禾市财政局'), ('中共青禾市委', '青禾市人民政府'))
    >>> organs_in("教育部财政部"), organs_in("青禾市教育局关于考试的通知")
    (('教育部', '财政部'), ())
    """
    pieces = [
        piece
        for part in _SEPARATOR.compiled.split(SEAL.remove_from(text).strip())
        for piece in _apart(part)
    ]
    names: list[str] = []
    for piece in pieces:
        if names and _BARE_TAIL.match(piece):
            names[-1] += piece
        else:
            names.append(piece)
    whole = names and all(ISSUER.match(name) and not MEDIA.search(name) for name in names)
    return tuple(names) if whole else ()


def _apart(text: str) -> Iterator[str]:
    """Names that stand side by side without anything between them, one by one."""
    at = 0
    for cut in sorted(_cuts(text)):
        yield text[at:cut]
        at = cut
    if text[at:]:
        yield text[at:]


def _cuts(text: str) -> set[int]:
    """Where in a run of names a name begins: an organ's name ends there, and the place or the
    ministry that it begins with is named (again)."""
    starts = {match.start() for match in MINISTRY.finditer(text)}
    if head := _COMMON_HEAD.match(text):
        at = text.find(head["head"])
        while at >= 0:
            party = next((len(word) for word in _PARTIES if text[:at].endswith(word)), 0)
            starts.add(at - party)
            at = text.find(head["head"], at + 1)
    return {at for at in starts if at >= 2 and _ENDS.search(text[:at])}


def joined(names: tuple[str, ...]) -> str:
    """Several issuers as one value, each once."""
    return "、".join(dict.fromkeys(names))
