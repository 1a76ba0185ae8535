"""Patterns of Chinese official documents that several steps of ingest share."""

import re

NUMERALS = "一二三四五六七八九十百千零〇两"

# What opens a structural unit at the start of a line. `ENUMERATORS` lists them from the
# outermost to the innermost; the order gives the nesting (编 > 章 > 节 > 条 > 一、 > (一) …).
ENUMERATORS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("part", rf"第[{NUMERALS}\d]+(?:分)?编"),
        ("chapter", rf"第[{NUMERALS}\d]+章"),
        ("section", rf"第[{NUMERALS}\d]+节"),
        ("article", rf"第[{NUMERALS}\d]+条(?:之[{NUMERALS}]+)?"),
        ("one", rf"[{NUMERALS}]{{1,4}}、"),
        ("bracketed", rf"[（(][{NUMERALS}]{{1,4}}[)）][、.．]?"),
        ("arabic", r"\d{1,2}(?:[.．](?![\d%％])|、)"),
        ("arabic_bracketed", r"[（(]\d{1,2}[)）]|\d{1,2}[)）]"),
        ("circled", r"[①-⑳]"),
        ("dash", r"(?:—|―|–|──|--){1,2}(?=[\u4e00-\u9fff“])"),
    )
)
OPENER = re.compile("|".join(f"(?:{pattern.pattern})" for _, pattern in ENUMERATORS))
ANNEX = re.compile(rf"附\s*(?:件|录|表)\s*(?:\d{{1,2}}|[{NUMERALS}]{{1,3}})?\s*[:：.]?")

TERMINAL = "。！？!?；;：:”’」』》）)】]…"
SENTENCE_MARK = re.compile(r"[。！？；]")

# 文种: the word that a title ends with.
KINDS = [
    "决议",
    "决定",
    "命令",
    "公报",
    "公告",
    "通告",
    "意见",
    "通知",
    "通报",
    "报告",
    "请示",
    "批复",
    "议案",
    "函",
    "纪要",
    "实施方案",
    "工作方案",
    "行动方案",
    "方案",
    "行动计划",
    "工作计划",
    "计划",
    "规划纲要",
    "规划",
    "纲要",
    "办法",
    "规定",
    "细则",
    "条例",
    "规则",
    "规程",
    "规范",
    "标准",
    "指南",
    "指引",
    "要点",
    "措施",
    "清单",
    "预案",
    "章程",
    "制度",
    "意见书",
    "解释",
    "批复",
    "法",
    "目录",
    "大纲",
    "倡议书",
    "公约",
    "准则",
    "守则",
    "令",
    "总结",
    "讲话",
    "解读",
    "答复",
    "说明",
    "导则",
    "政策",
    "若干措施",
]
_KIND = "|".join(sorted(set(KINDS), key=len, reverse=True))
# A title may carry (试行), (2021—2025年) or 的 in front of the kind; 》 closes an inner title.
KIND_AT_END = re.compile(
    rf"(?P<kind>{_KIND})[》>”]?\s*(?:[（(〔\[][^（()）〔〕]{{1,30}}[)）〕\]])?[》>”]?$"
)

# Names of organs end so. Used for signatures, red heads and two-line titles.
ORGAN_END = (
    r"(?:人民政府办公厅|人民政府办公室|人民政府|政府办公厅|政府办公室|政府|委员会办公室|委员会|办公厅|办公室|"
    r"管委会|领导小组|指挥部|联席会议|常务委员会|常委会|协会|学会|联合会|总工会|法院|检察院|"
    r"部|厅|局|委|署|总局|总署|院|行|办|市委|省委|区委|县委|党委|中央|国务院|组织部|宣传部|集团|公司|中心|"
    r"协会|科协|妇联|团委|会)"
)
ORGAN_LINE = re.compile(rf"[\u4e00-\u9fff（）()、·\s]{{2,60}}{ORGAN_END}(?:[（(][^）)]*[)）])?$")
RED_HEAD = re.compile(r"[\u4e00-\u9fff（）()、\s]{2,40}(?:文\s*件|公\s*报|函|通\s*知)$")

DOCUMENT_NUMBER = re.compile(
    r"(?P<code>[\u4e00-\u9fff][\u4e00-\u9fffA-Za-z]{0,14}?)\s*"
    r"[〔\[［【（(]\s*(?P<year>(?:19|20)\d\d)\s*[〕\]］】）)]\s*第?\s*(?P<serial>\d{1,5})\s*号"
)
DATE = re.compile(
    r"(?P<y>(?:19|20)\d\d)\s*(?:年|[-/.])\s*(?P<m>\d{1,2})\s*(?:月|[-/.])\s*(?P<d>\d{1,2})\s*日?"
)
CHINESE_DATE = re.compile(
    r"(?P<y>[〇○零Ｏ0一二三四五六七八九]{4})\s*年\s*(?P<m>[一二三四五六七八九十]{1,3})\s*月"
    r"\s*(?P<d>[一二三四五六七八九十]{1,3})\s*日"
)

# --- what portals print around a document ---------------------------------------------------

# Labels of information blocks → the field they fill. None: read past it.
LABELS: dict[str, str | None] = {
    **dict.fromkeys(("发文机关", "发文单位", "颁发部门", "颁布部门", "发布部门", "制定机关",
                     "制发机关", "印发机关", "发文部门", "公布机关"), "issuer"),
    **dict.fromkeys(("文号", "发文字号", "发文号", "文件编号", "文件号", "发布文号"), "document_number"),
    **dict.fromkeys(("成文日期", "成文时间", "发文日期", "发文时间", "签发日期"), "date_written"),
    **dict.fromkeys(("印发日期", "印发时间"), "date_printed"),
    **dict.fromkeys(("发布日期", "发布时间", "公布日期", "公开日期", "公开时间", "发表时间",
                     "更新时间", "信息时间", "生成日期", "公布时间"), "date_published"),
    **dict.fromkeys(("实施日期", "施行日期", "生效日期", "实施时间", "生效时间", "施行时间"),
                    "date_effective"),
    **dict.fromkeys(("时效性", "有效性", "效力状态", "时效状态", "时效", "是否有效", "文件状态",
                     "效力"), "status"),
    **dict.fromkeys(("有效地区", "适用地区", "适用区域", "所属地区"), "region"),
    **dict.fromkeys(("标题", "名称", "信息名称", "文件名称", "文件标题", "信息标题"), "title"),
    **dict.fromkeys(("来源", "信息来源", "文章来源", "稿源", "稿件来源", "发布机构", "发布单位",
                     "发布者", "公开机构", "公开主体", "公开责任部门"), "publisher"),
    **dict.fromkeys(("体裁", "公文种类", "体裁分类", "文种", "公文体裁"), "kind"),
    **dict.fromkeys((
        "索引号", "索取号", "信息索引号", "信息分类", "主题分类", "主题词", "关键词", "浏览量",
        "浏览次数", "点击量", "点击数", "点击次数", "点击率", "阅读量", "阅读次数", "阅读数",
        "访问量", "访问次数", "字体", "字号", "字体大小", "公开目录", "公开方式", "公开属性",
        "公开形式", "公开范围", "公开类别", "公开时限", "组配分类", "服务对象", "分享到", "分享",
        "责任编辑", "编辑", "作者", "审核", "录入", "撰稿", "供稿", "信息提供", "废止日期",
        "废止时间", "失效日期", "有效期", "内容概述", "内容概要", "内容摘要", "正文内容", "正文",
        "分类", "栏目", "所属栏目", "效力级别", "法规类别", "生成时间", "视力保护色", "背景颜色",
        "语种", "载体类型", "信息类别", "编辑日期", "记录形式", "审核人", "浏览", "点击", "阅读",
        "人气", "打印", "收藏", "文章字号", "信息编号", "发布人", "主办单位", "承办单位",
    )),
}  # fmt: skip
LABEL = r"\s*".join  # letters of a label may stand apart: 索 引 号
_LABEL_WORDS = "|".join(
    r"[ \t\u00a0\u2002\u2003\u3000]*".join(label) for label in sorted(LABELS, key=len, reverse=True)
)
_BULLET = r"[\s•·●○■□◆◇▪\-*【\[（(>|]*"
LABEL_LINE = re.compile(rf"^{_BULLET}(?P<label>{_LABEL_WORDS})\s*[\]】)）]?\s*[:：]?\s*$")
LABEL_PAIR = re.compile(
    rf"(?<![\u4e00-\u9fff])(?P<label>{_LABEL_WORDS})\s*[\]】]?\s*[:：]\s*"
    rf"(?P<value>.*?)(?=[\s|】\]]+[\s【\[|]*(?:{_LABEL_WORDS})\s*[\]】]?\s*[:：]|$)"
)

FURNITURE = re.compile(
    r"""^[\s•·|【\[（(<>»›]*(?:
    (?:您?当?前?的?所?在?位置|您现在的?位置|你现在的?位置|首\s*页)\s*(?:[:：>＞»›]|是|为).*
    |首页|返回首页|网站首页|设为首页|加入收藏|收藏本?页?|网站地图|联系我们|关于我们|无障碍(?:阅读|浏览)?.*
    |(?:字\s*体|字\s*号|文字大小)\s*[:：]?\s*[\[【（(]?\s*(?:[大中小默认+\-\s]*)[\]】）)]?\s*.{0,12}
    |[大中小]\s*[大中小](?:\s*[大中小])?
    |(?:我要)?(?:分\s*享|分享到|转发到).{0,30}|(?:微信|微博|QQ空间|朋友圈)(?:\s*(?:微信|微博|QQ空间|朋友圈))*
    |(?:打印|关闭|收藏|纠错|下载)(?:本页|本文|此页|窗口|页面|文章|正文)?(?:[\s】\]|]*(?:【|\[|\|)?\s*(?:打印|关闭|收藏|纠错|下载|字体.*)(?:本页|本文|此页|窗口|页面)?)*
    |扫一扫.{0,30}|扫描二维码.{0,30}|手机(?:扫码|查看|版).{0,20}|.{0,12}微信公众号.{0,12}
    |(?:浏览|点击|阅读|访问)(?:量|数|次数|率)?\s*[:：]?\s*\d*\s*次?
    |(?:上一[篇条页]|下一[篇条页]|返回顶部|返回列表|返回上级|TOP|top)\s*[:：]?.{0,60}
    |相关(?:链接|文章|阅读|新闻|信息|政策|解读|稿件|报道|文件|推荐)\s*[:：]?
    |(?:猜你喜欢|热门推荐|推荐阅读|延伸阅读|最新(?:政策|文章|资讯|动态|文件).{0,10}|友情链接|快捷导航)
    |(?:主办|承办|技术支持|主管|协办)(?:单位|机构)?\s*[:：].{0,40}
    |版权所有.*|Copyright.*|©.*|.{0,30}ICP备.*|.{0,20}公网安备.*|网站标识码.*
    |责任编辑\s*[:：].{0,20}|（?责编\s*[:：].{0,20}
    |</?[A-Za-z!][^>]{0,80}>|<!--.*-->
    |第?\s*[-—–]+\s*\d{1,4}\s*[-—–]+|第\s*\d{1,4}\s*页(?:\s*[,，/]?\s*共\s*\d{1,4}\s*页)?
    |附件下载.{0,10}|点击下载.{0,20}|登录|注册|我要咨询|在线客服|意见反馈
    )[\s】\]|）)>]*$""",
    re.VERBOSE,
)
# After one of these only the site goes on, if no more sentences follow.
END_MARK = re.compile(
    r"^[\s【\[<]*(?:END|相关(?:链接|文章|阅读|新闻|信息|政策|解读|稿件|推荐)|上一[篇条]|下一[篇条]|"
    r"返回(?:顶部|列表)|版权所有|主办(?:单位)?[:：]|网站标识码|友情链接|网站地图|关于我们|联系我们|"
    r"扫一扫|推荐阅读|猜你喜欢|热门推荐|【?打印|分享到|最新)"
)
# Words of sites and shops, in lines that are not sentences.
SITE_WORDS = re.compile(
    r"免费|体验|试用|客服|数据库|资讯|下载|登录|注册|扫码|扫一扫|关注我们|公众号|小程序|APP|"
    r"版权|广告|热线|会员|购买|返回|更多|上一篇|下一篇|二维码|搜索|导航"
)
