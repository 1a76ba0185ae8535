"""Figures and their units, and words around them that say a thing twice."""

import re
from collections.abc import Iterator

from assistant.proofreading.rule import Found, Page, Rule
from vectorstore.language.numerals import number_of

_UNIT = r"(?:万|亿)?(?:个百分点|平方米|立方米|公里|公顷|人次|场次|小时|分钟|个月|工作日|[%％个家名人项次户所座处件台套条元亩吨米天年岁场批门期篇])"
_NUMBER = r"\d[\d.]{0,9}|[一二两三四五六七八九十百千]{1,6}"
_HELD = rf"(?P<held>(?:{_NUMBER}){_UNIT}?[^，。；：、\d]{{0,6}}?)"
_ABOUT = re.compile(rf"(?P<about>大约|约|大概)(?P<of>为|有|占|在)?{_HELD}(?P<tail>左右|上下)")
_NEAR = re.compile(
    rf"(?P<about>近|将近|大约|约)(?P<held>\d[\d.]{{0,9}})(?P<scale>[万亿千百]?)(?P<more>多|余)(?={_UNIT})"
)
_OVER = re.compile(
    rf"(?P<over>超过|突破|高于|多于|至少|不少于|不低于|不得低于|不得少于|最低|不小于){_HELD}(?P<tail>以上|及以上)"
)
_UNDER = re.compile(
    rf"(?P<under>不超过|不得超过|不高于|至多|最多|最高|不多于|低于|不足){_HELD}(?P<tail>以内|以下|之内)"
)
_MORE_TWICE = re.compile(r"(?P<n>\d[\d.]{0,9}[万亿]?)(?P<a>多|余)(?:多|余)")
_MORE_OR_LESS = re.compile(
    rf"(?P<held>\d[\d.]{{0,9}}[万亿千百]?(?:余|多){_UNIT}(?:次)?)(?:左右|上下)"
)
_PART_IN_DIGITS = re.compile(r"百分之(?P<n>\d{1,3}(?:\.\d{1,2})?)(?![\d%])")
_FEWER_TIMES = re.compile(rf"(?:减少|下降|降低|缩小|缩短|减|降)了?(?:{_NUMBER})倍")
_SCALE_TWICE = re.compile(
    r"(?<=[\d一二三四五六七八九十百千])(?<!千千)(?P<scale>[万亿])(?P=scale)(?!年)"
)
_UNIT_TWICE = re.compile(
    r"(?<=[\d万亿余多])(?P<unit>平方米|公里|公顷|人次|小时|分钟|个月|[%％名项次户座台套亩吨])(?P=unit)(?![\u4e00-\u9fff]?[一二三四五六七八九十])"
)
_SQUARE = re.compile(r"(?<=[\d万亿余多])平米")
_SHARE = re.compile(
    r"(?<![\d.])(?P<a>\d{1,3}(?:\.\d{1,2})?)\s?(?P<dash>[-—~～至]|--)\s?(?P<b>\d{1,3}(?:\.\d{1,2})?)%"
)
_SPAN = re.compile(
    rf"(?<![\dA-Za-z.\-—〕年月])(?P<a>\d{{1,6}}(?:\.\d{{1,2}})?)(?P<dash>-|－|--)(?P<b>\d{{1,6}}(?:\.\d{{1,2}})?)(?=(?!年[^内]){_UNIT})(?!年$)"
)
_FEW_IN_DIGITS = re.compile(r"(?<![\d.、])(?P<a>[1-8])、(?P<b>[2-9])(?=[个家天年次人名周项条所])")
_FEW = re.compile(
    r"(?<![一二三四五六七八九十百千第、])(?P<a>[一二三四五六七八])、(?P<b>[二三四五六七八九])(?=[个家天年次名周十百千万](?!是))"
)
_SCALED = re.compile(
    r"(?<![\d.])(?P<n>\d{1,4}(?:\.\d)?)(?P<scale>[千百])(?P<big>万)?(?=[个家名人项次户所座件台套元亩吨余多])"
)
_COMMA = re.compile(
    r"(?<![\d，])(?P<a>\d{1,3})，(?P<b>\d{3})(?=[个家名人项次户所座件台套元亩吨万])"
)
_TWO = re.compile(
    r"(?<![一二三四五六七八九十百千万零第初之其无年月日期周至到\d])二(?=(?:个(?!别)|家(?!庭)|名|位|所)(?![级次]))"
)
_PERCENT_IN_WORDS = re.compile(
    r"(?<![百分之一二三四五六七八九十])(?P<n>[一二三四五六七八九十]{1,3})[%％]"
)
_SMALL = "一二三四五六七八九"
_DIGIT_OF = {c: i for i, c in enumerate(_SMALL, 1)}


def _few(page: Page) -> Iterator[Found]:
    """三、四个: two digits side by side say about how many, without a mark between them."""
    for match in _FEW.finditer(page.text):
        if _DIGIT_OF[match["b"]] == _DIGIT_OF[match["a"]] + 1:
            yield *match.span(), match["a"] + match["b"]
    for match in _FEW_IN_DIGITS.finditer(page.text):
        if int(match["b"]) == int(match["a"]) + 1:
            yield *match.span(), _SMALL[int(match["a"]) - 1] + _SMALL[int(match["b"]) - 1]


def _spans(page: Page) -> Iterator[Found]:
    """10-20个 joined by a hyphen; from more to less."""
    for match in _SPAN.finditer(page.text):
        yield *match.span("dash"), "—"


def _shares(page: Page) -> Iterator[Found]:
    for match in _SHARE.finditer(page.text):
        yield *match.span(), f"{match['a']}%—{match['b']}%"


def _scaled(match: re.Match[str]) -> str:
    value = float(match["n"]) * (1000 if match["scale"] == "千" else 100)
    return f"{value:g}万" if match["big"] else f"{value:.0f}"


def _percent(match: re.Match[str]) -> str | None:
    value = number_of(match["n"])
    return f"{value:g}%" if value is not None else None


RULES = (
    Rule(
        "重复",
        "“万”“亿”只写一遍",
        _SCALE_TWICE,
        lambda m: m["scale"],
        yes=(("办件86万万件", "办件86万件"), ("投资3亿亿元", "投资3亿元")),
        no=("办件86万件", "千千万万个家庭"),
    ),
    Rule(
        "重复",
        "单位只写一遍",
        _UNIT_TWICE,
        lambda m: m["unit"],
        yes=(("占比15%%", "占比15%"), ("培训300名名学员", "培训300名学员")),
        no=("占比15%", "培训300名学员"),
    ),
    Rule(
        "约数",
        "“约”与“左右”只用一个",
        _ABOUT,
        lambda m: f"{m['about']}{m['of'] or ''}{m['held']}",
        yes=(("约500人左右", "约500人"), ("大约占30%上下", "大约占30%")),
        no=("500人左右", "约500人，左右两侧"),
    ),
    Rule(
        "约数",
        "“近”“约”与“余”“多”只用一个",
        _NEAR,
        lambda m: f"{m['about']}{m['held']}{m['scale']}",
        yes=(("近300余人", "近300人"), ("约2万多户", "约2万户")),
        no=("300余人", "近300人", "近3年"),
    ),
    Rule(
        "约数",
        "“超过”“不少于”与“以上”只用一个",
        _OVER,
        lambda m: f"{m['over']}{m['held']}",
        yes=(("不少于50人以上", "不少于50人"), ("超过95%以上", "超过95%")),
        no=("95%以上", "超过95%，其中90分以上"),
    ),
    Rule(
        "约数",
        "“不超过”与“以内”只用一个",
        _UNDER,
        lambda m: f"{m['under']}{m['held']}",
        yes=(("不超过30天以内", "不超过30天"),),
        no=("30天以内", "不超过30天"),
    ),
    Rule(
        "约数",
        "“多”“余”只用一个",
        _MORE_TWICE,
        lambda m: f"{m['n']}{m['a']}",
        yes=(("300多余人", "300多人"),),
        no=("300多人",),
    ),
    Rule(
        "约数",
        "“余”“多”与“左右”只用一个",
        _MORE_OR_LESS,
        lambda m: m["held"],
        yes=(("只有30余件左右", "只有30余件"),),
        no=("30余件", "30件左右"),
    ),
    Rule(
        "数字写法",
        "阿拉伯数字的百分数用百分号",
        _PART_IN_DIGITS,
        lambda m: f"{m['n']}%",
        yes=(("不低于百分之20", "不低于20%"),),
        no=("百分之二十", "20%"),
    ),
    Rule(
        "倍数",
        "减少、下降不用倍数",
        _FEWER_TIMES,
        yes=(("成本下降2倍", None),),
        no=("增长2倍", "下降20%"),
    ),
    Rule(
        "计量单位",
        "用法定计量单位",
        _SQUARE,
        lambda m: "平方米",
        yes=(("建筑面积2000平米", "建筑面积2000平方米"),),
        no=("2000平方米",),
    ),
    Rule(
        "数值范围",
        "百分数的范围，两个数都带百分号",
        find=_shares,
        yes=(("5-10%", "5%—10%"), ("增长5—10%", "增长5%—10%")),
        no=("5%—10%", "2021—2025年"),
    ),
    Rule(
        "数值范围",
        "数值范围用一字线",
        find=_spans,
        yes=(("培育10-20家", "培育10—20家"),),
        no=("10—20家", "2021-2025年", "0600-5518207"),
    ),
    Rule(
        "概数",
        "相邻两个数字表示概数时用汉字，中间不用顿号",
        find=_few,
        yes=(("三、四个县", "三四个县"), ("用3、4年时间", "用三四年时间")),
        no=("三四个县", "第三、四个", "三、五个"),
    ),
    Rule(
        "数字写法",
        "阿拉伯数字只与“万”“亿”连用",
        _SCALED,
        _scaled,
        yes=(("3千人", "3000人"), ("5百万元", "500万元")),
        no=("3000人", "3万人", "三千人"),
    ),
    Rule(
        "数字写法",
        "数字分节不用汉字逗号",
        _COMMA,
        lambda m: f"{m['a']}{m['b']}",
        yes=(("共1，200人", "共1200人"),),
        no=("共1,200人", "到2025，100个"),
    ),
    Rule(
        "数字写法",
        "量词前用“两”",
        _TWO,
        lambda m: "两",
        yes=(("建设二个基地", "建设两个基地"),),
        no=("建设两个基地", "第二个", "十二个", "二级", "二次供水"),
    ),
    Rule(
        "数字写法",
        "百分号前用阿拉伯数字",
        _PERCENT_IN_WORDS,
        _percent,
        yes=(("达到九十%", "达到90%"),),
        no=("百分之九十", "90%"),
    ),
)
