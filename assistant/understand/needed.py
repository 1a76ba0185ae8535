"""What a text must hold to answer a question at all, however well its words fit: a telephone
number, an amount of money, so many days, the person whose name is asked for."""

import re
from dataclasses import dataclass

from assistant.understand.asking import HOW_LARGE
from assistant.understand.demands import Demand
from assistant.understand.quantity import each_asked
from assistant.understand.question import Question
from vectorstore.language.text import says

# Whether a text holds a number is asked, not which.
_NUMBER = r"(?:\d,*+|[一二三四五六七八九十百千万两])"
# A number that counts something: no date, no number of an item or of an article.
_AMOUNT = (
    r"(?<![\d.第])(?>\d[\d,]{0,30}(?:\.\d{1,20})?)(?!\s*(?:[年月日、．.)）]|[—-]+\d{4}年))"
    r"|[一二三四五六七八九十百千万两](?:[个名人家项次元亩台所座处倍份岁年天米层级辆只头户]|万|周岁|公里|公斤|平方|小时|分钟)|分之|半"
)
_FIGURE = re.compile(r"\d|[一二三四五六七八九十百千万]")
_PERSON = re.compile(
    r"(?P<role>[\u4e00-\u9fff]{1,2}人)(?:的姓名|的名字)?(?:是|叫|为)(?:谁|哪位|什么名字)"
)
_YES_OR_NO = re.compile(
    r"(?:能不能|可不可以|行不行|要不要|会不会|该不该|是不是|算不算|用不用|能否|是否|可否)"
    r"(?![^，。？?]{0,16}(?:多少|多久|几[个天年月元]))"
)


# How often: 每季度, 每两年, 年内不少于两次.
_INTERVAL = (
    r"[每逐](?:隔|间隔)?(?:半|[\d一二两三四五六七八九十]{1,3})?\s?个?(?:年|学年|学期|季|月|旬|周|星期|天|日|工作日|小时|班)"
    r"|[年季月周天日度][^，。；\n]{0,10}次|定期|随时|间隔"
    rf"|{_NUMBER}\s*+个?(?:小时|天|星期|周|工作日|自然日|月(?!\d))"
)


@dataclass(frozen=True, slots=True)
class _Rule:
    """How a thing is asked for, by words or by a pattern, and how it looks. A rule with a `demand`
    holds for questions that make it: 打电话往上报 asks for no number. Of a figure a row of a table
    needs the digits alone, for its unit stands in the head."""

    asked: tuple[str, ...] | re.Pattern[str]
    held: re.Pattern[str]
    is_figure: bool = False
    demand: Demand | None = None
    beside: tuple[str, ...] = ()  # words of which one stands beside those that ask

    def holds_for(self, question: Question) -> bool:
        if self.demand is not None and not question.asks(self.demand):
            return False
        if self.beside and not says(question.standalone.replace("一次性", ""), self.beside):
            return False
        if isinstance(self.asked, tuple):
            return says(question.standalone, self.asked)
        return bool(self.asked.search(question.standalone))


_BY_DEMAND = tuple(
    _Rule(asked, re.compile(held), demand=demand)
    for asked, held, demand in (
        (("电话", "联系方式", "热线", "手机号"), r"(?<!\d)(?:0\d{2,3}[-—–－ ]?)?\d{7,8}(?!\d)|(?<!\d)1[3-9]\d{9}(?!\d)|(?<!\d)1\d{4}(?!\d)", Demand.CONTACT),
        (("邮箱", "电子邮件", "mail"), r"[\w.\-]@[\w\-]+\.\w", Demand.CONTACT),
        (("网址", "网站地址", "链接"), r"https?://|www\.|\.(?:cn|com|org|net)", None),
        (("邮编", "邮政编码"), r"(?<!\d)\d{6}(?!\d)", None),
        (("索引号",), r"索引号", None),
    )
)  # fmt: skip
_HOW_OFTEN = _Rule(
    ("多久", "多长时间", "几年", "几个月", "几个星期", "几周", "几天", "几日", "几个小时"),
    re.compile(_INTERVAL),
    beside=("一次", "一回", "一趟", "一遍", "频次", "频率"),
)
_VALID = _Rule(("有效期", "有效多久", "有效几年"), re.compile(r"有效|期满|届满|期限|长期"))
_AREA = _Rule(
    HOW_LARGE,
    re.compile(rf"{_NUMBER}余?\s*+(?:平方公里|平方米|平米|㎡|m2|亩|公顷|平方)"),
    is_figure=True,
)
_HOW_MUCH = tuple(
    _Rule(re.compile(asked), re.compile(held), is_figure)
    for asked, held, is_figure in (
        (r"多少(?:万?元|钱|资金|经费|费用)|(?:经费|资金|奖金|补助|补贴)(?:标准|金额|数额)?是?多少|几(?:万|千|百)?(?:元|块钱?)|多少块|罚款多少|金额", r"\d[,.]*\s*+(?:亿|万|千|百)?元|[一二三四五六七八九十百千万两]元|%", True),
        (r"百分之|比例.{0,8}多少|多大(?:的)?(?:比例|比重)|多少个?百分点|占比|达标率", r"\d(?:\.\d+)?\s*%|％|分之|[一二三四五六七八九]成|倍|[\d一二三四五六七八九十]\s?[:：∶比]\s?[\d一二三四五六七八九十]|半|全额", True),
        (r"(?:多少|(?<!哪)几)[场次届]", rf"{_NUMBER}\s*+[场次届]", True),
        (r"(?:多少|(?<!哪)几)[辆艘架栋幢株头只]", rf"{_NUMBER}余?\s*+[辆艘架栋幢株头只]", True),
        (r"(?:多少|(?<!哪)几)[天日]", rf"(?<!月){_NUMBER}\s*+个?(?:[天日]|工作日|自然日|小时)|半天", True),
        (r"(?:多少|(?<!哪)几)(?:个?月|个?小时|个?钟头|分钟|个?学时|个?工作日|[年周])", rf"{_NUMBER}\s*+个?(?:月|小时|分钟|学时|工作日|自然日|[年天日周])|半[年天]", True),
        (r"多少|多[大高宽远重深](?!的?程度)|(?<!哪)几[个名人家项亩台所座处倍份]", _AMOUNT, True),
        (r"什么时候|何时|哪[一]?[年月天]|几月|几号|期限|多久|多长时间", r"\d{1,4}\s*+个?(?:[年月日天周]|工作日|自然日|星期|分钟|秒)|[一二两三四五六七八九十]个?(?:[年月日天周]|工作日|自然日|星期|分钟|秒)|期末|年底|每[年季月周天日]|小时|当场|立即|即时", False),
    )
)  # fmt: skip
_RULES = (*_BY_DEMAND, _HOW_OFTEN, _VALID, _AREA, *_HOW_MUCH)


@dataclass(frozen=True, slots=True)
class Needed:
    """What a text must hold; nothing where all is None."""

    rule: _Rule | None = None
    role: re.Pattern[str] | None = None  # 起草人是谁: a text that speaks of one
    unit: re.Pattern[str] | None = None  # 每头补贴多少: not the sum for all of them

    def stands_in(self, text: str, *, is_row: bool) -> bool:
        """Whether a passage with its headings holds it; a row of a table has its units above."""
        if self.role and not self.role.search(text):
            return False
        if self.unit and not is_row and not self.unit.search(text):
            return False
        if self.rule is None:
            return True
        held = _FIGURE if self.rule.is_figure and is_row else self.rule.held
        return bool(held.search(text))


def needed_by(question: Question) -> Needed:
    text = question.standalone
    rule = next((rule for rule in _RULES if rule.holds_for(question)), None)
    if _YES_OR_NO.search(text):  # 能不能延长期限: no day is asked for
        rule = None
    person, each = _PERSON.search(text), each_asked(text)
    return Needed(
        rule,
        re.compile(re.escape(person["role"])) if person else None,
        re.compile(rf"[每/一按]\s*{each}") if each else None,
    )
