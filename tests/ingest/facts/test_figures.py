"""Indicators, read from documents of our own about invented places."""

from pathlib import Path

import pytest

from ingest.facts.figures import read_figures
from ingest.facts.material import Material
from ingest.prepare import Recipe, prepare_file
from vectorstore.facts import Fact

PLAN = """岫川市“十五五”供水发展规划

岫川市人民政府
2026年5月6日

第一章 发展基础
{past}

第二章 发展目标
{future}
"""
REPORT = """政府工作报告
——2026年1月9日在岫川县第九届人民代表大会第三次会议上
岫川县人民政府县长　某某

一、2025年工作回顾
{past}

二、2026年工作安排
{future}
"""


def read(folder: Path, text: str, name: str = "a.txt") -> list[Fact]:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    prepared = prepare_file(path, Recipe(lambda texts: [len(t) for t in texts], 400, 10**8))
    (item,) = prepared.documents
    found = list(read_figures(Material(item.document, item.passages)))
    source = item.document.text
    assert all(" ".join(source[f.start : f.end].split()) == f.quote for f in found)
    return found


def shown(fact: Fact) -> str:
    """kind, group and subject, sign, value, unit, year."""
    sign = fact.comparator or "="
    value = f"{fact.value:g}" + (f"-{fact.high:g}" if fact.high is not None else "")
    return f"{fact.kind} {fact.group}{fact.subject} {sign} {value} {fact.unit} {fact.year}"


def plan(folder: Path, future: str = "略。", past: str = "略。") -> list[str]:
    return [shown(f) for f in read(folder, PLAN.format(past=past, future=future))]


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        ("到2030年，城镇供水普及率达到99.5%以上。", ["城镇供水普及率 >= 99.5 % 2030"]),
        ("到2028年底，管网漏损率控制在9%以内。", ["管网漏损率 <= 9 % 2028"]),
        ("水质合格率不低于百分之九十八。", ["水质合格率 >= 98 % 2030"]),
        ("用水总量力争突破3.2亿立方米。", ["用水总量 > 3.2e+08 立方米 2030"]),
        ("人均预期寿命达到81岁左右。", ["人均预期寿命 ~ 81 岁 2030"]),
        ("更新供水管道400—500公里。", ["更新供水管道 = 400-500 公里 2030"]),
        (
            "2027年改造老旧管网60公里、2028年改造老旧管网45公里。",
            ["改造老旧管网 = 60 公里 2027", "改造老旧管网 = 45 公里 2028"],
        ),
        (
            "2027年水费收缴率达到92%，2029年达到96%。",
            ["水费收缴率 = 92 % 2027", "水费收缴率 = 96 % 2029"],
        ),
        (
            "新建水厂3座、泵站12座。",
            ["新建水厂 = 3 座 2030", "新建泵站 = 12 座 2030"],
        ),
        ("培训管水员1.2万人次。", ["培训管水员 = 12000 人次 2030"]),
        (
            "65岁以上老年人健康管理率达到75%。",
            ["65岁以上老年人健康管理率 = 75 % 2030"],
        ),
        # What is only done bears the heading that says to what.
        ("（一）改造老旧管网\n累计改造45公里。", ["改造老旧管网：累计改造 = 45 公里 2030"]),
        ("推动120家企业节水改造。", ["推动企业节水改造 = 120 家 2030"]),
    ],
)  # fmt: skip
def test_what_a_plan_aims_at(tmp_path: Path, sentence: str, wanted: list[str]) -> None:
    assert plan(tmp_path, sentence) == [f"target {w}" for w in wanted]


def test_what_was_reached_and_since_when(tmp_path: Path) -> None:
    facts = read(
        tmp_path,
        PLAN.format(
            past="截至2025年底，供水普及率达到97%，比2020年提高2.5个百分点。"
            "集中供水率由2020年的81%提高到2025年的90%。",
            future="略。",
        ),
    )
    assert [shown(f) for f in facts] == [
        "figure 供水普及率 = 97 % 2025",
        "figure 供水普及率提高 = 2.5 个百分点 2025",
        "figure 集中供水率 = 81 % 2020",
        "figure 集中供水率 = 90 % 2025",
    ]
    assert facts[1].base_year == 2020


def test_places_of_one_sentence_are_rows(tmp_path: Path) -> None:
    future = (
        "到2030年，全市供水普及率达到98%，其中松屏县、鹤汀区分别达到96%和99%；枫桥镇新建水厂1座。"
    )
    facts = read(tmp_path, PLAN.format(past="略。", future=future))
    assert [(f.place, f.level, f.value) for f in facts] == [
        ("岫川市", "市", 98.0),
        ("松屏县", "县", 96.0),
        ("鹤汀区", "县", 99.0),
        ("枫桥镇", "乡", 1.0),
    ]


def test_groups_of_one_sentence_are_rows(tmp_path: Path) -> None:
    past = (
        "2025年，城镇居民人均可支配收入41200元、农村居民人均可支配收入22100元，分别增长4.5%和6.1%。"
    )
    found = [shown(f) for f in read(tmp_path, REPORT.format(past=past, future="略。"))]
    assert found == [
        "figure 城镇居民人均可支配收入 = 41200 元 2025",
        "figure 农村居民人均可支配收入 = 22100 元 2025",
        "figure 城镇居民人均可支配收入增长 = 4.5 % 2025",
        "figure 农村居民人均可支配收入增长 = 6.1 % 2025",
    ]


def test_a_report_looks_back_and_ahead(tmp_path: Path) -> None:
    text = REPORT.format(
        past="新建学校4所，改造农村公路36公里。",
        future="新建学校5所。地区生产总值增长6%左右，城镇调查失业率控制在5.5%以内。",
    )
    assert [shown(f) for f in read(tmp_path, text)] == [
        "figure 新建学校 = 4 所 2025",
        "figure 改造农村公路 = 36 公里 2025",
        "target 新建学校 = 5 所 2026",
        "target 地区生产总值增长 ~ 6 % 2026",
        "target 城镇调查失业率 <= 5.5 % 2026",
    ]


def test_statistics(tmp_path: Path) -> None:
    text = (
        "岫川市2025年国民经济和社会发展统计公报\n\n岫川市统计局\n2026年3月2日\n\n一、综合\n"
        "全年粮食产量48.6万吨，比上年增长1.2%，其中夏粮产量9.1万吨，下降0.4%。"
        "年末常住人口112.3万人，自然增长率为-1.8‰。\n"
    )
    assert [shown(f) for f in read(tmp_path, text)] == [
        "figure 粮食产量 = 486000 吨 2025",
        "figure 粮食产量增长 = 1.2 % 2025",
        "figure 夏粮产量 = 91000 吨 2025",
        "figure 夏粮产量下降 = 0.4 % 2025",
        "figure 常住人口 = 1.123e+06 人 2025",
        "figure 自然增长率 = -1.8 ‰ 2025",
    ]


DRAWN = "指标｜单位｜2025年｜2030年｜属性\n漏损率｜%｜11.2｜≤9｜约束性\n供水能力｜万吨｜42｜55左右｜预期性"
FLAT = "序号\n指标\n2025年\n2030年\n属性\n1\n漏损率（%）\n11.2\n≤9\n约束性\n2\n供水能力（万吨）\n42\n55左右\n预期性"


@pytest.mark.parametrize("table", [DRAWN, FLAT])
def test_tables_of_indicators(tmp_path: Path, table: str) -> None:
    assert plan(tmp_path, f"加强供水保障，完善供水体系，健全管护机制。\n\n{table}") == [
        "figure 漏损率 = 11.2 % 2025",
        "target 漏损率 <= 9 % 2030",
        "figure 供水能力 = 420000 吨 2025",
        "target 供水能力 ~ 550000 吨 2030",
    ]


def test_a_table_with_cells(tmp_path: Path) -> None:
    rows = "".join(
        f"<tr>{''.join(f'<td>{c}</td>' for c in row.split())}</tr>"
        for row in ("指标 单位 2025年 目标值", "供水普及率 % 97 99.5", "水厂 座 14 —")
    )
    html = f"<html><body><h1>岫川市“十五五”供水规划</h1><table>{rows}</table></body></html>"
    assert [shown(f) for f in read(tmp_path, html, "a.html")] == [
        "figure 供水普及率 = 97 % 2025",
        "target 供水普及率 = 99.5 % 2030",
        "figure 水厂 = 14 座 2025",
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "对新建水厂的乡镇给予每座30万元补助。",
        "县级财政安排管网改造资金260万元。",
        "依据《岫川市水网规划（2021—2030年）》（岫政发〔2021〕15号）编制。",
        "联系电话：0600-5512345。",
        "申请材料一式3份，公示5个工作日。",
        "3月15日前报送总结。",
        "担保费率降至1%以下。",
        "利率不超过4%。",
    ],
)
def test_what_is_no_indicator(tmp_path: Path, sentence: str) -> None:
    assert plan(tmp_path, sentence) == []


def test_articles_hold_no_indicators(tmp_path: Path) -> None:
    text = (
        "岫川市供水管理办法\n\n第一条 为规范供水，制定本办法。\n"
        "第二条 供水单位应当在5个工作日内答复，逾期的处2000元以上2万元以下罚款。\n"
        "第三条 持股超过30%的，应当报告。\n第四条 水厂距离居民区不少于500米。\n"
    )
    assert read(tmp_path, text) == []


NEWS = """岫川市召开抗旱保供新闻发布会

2026年5月8日，岫川市政府新闻办召开新闻发布会，记者从会上获悉有关情况。
{told}
"""


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        (
            "截至5月6日，全市63家水厂中已有58家投产。",
            ["figure 水厂 = 63 家 2026", "figure 水厂投产 = 58 家 2026"],
        ),
        (
            "墨浦银行向蓝溪县、松屏县等十个县发放抗旱贷款8亿多元。",
            ["figure 墨浦银行向县 = 10 个 2026", "figure 发放抗旱贷款 > 8e+08 元 2026"],
        ),
        (
            "其中70%以上企业开工率超过90%。",
            ["figure 企业开工率超过90% >= 70 % 2026"],
        ),
        (
            "市水务局已调集送水车120辆、水泵360台，支持26家医院用水。",
            [
                "figure 市水务局已调集送水车 = 120 辆 2026",
                "figure 水泵 = 360 台 2026",
                "figure 支持医院用水 = 26 家 2026",
            ],
        ),
        ("下一步，市水务局将新打机井40眼。", ["target 市水务局将新打机井 = 40 眼 None"]),
        ("对受旱农户每户最高补助500元。", []),
    ],
)
def test_what_news_tell(tmp_path: Path, told: str, wanted: list[str]) -> None:
    assert [shown(f) for f in read(tmp_path, NEWS.format(told=told))] == wanted


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        ("确保不发生重大溃坝事故。", ("重大溃坝事故", "不发生", "=")),
        ("对特困群众用水困难做到应帮尽帮。", ("对特困群众用水困难", "应帮尽帮", "=")),
        ("村级水站全部达到标准化要求。", ("村级水站达到标准化要求", "全部", "=")),
        ("实现行政村集中供水全覆盖。", ("行政村集中供水", "全覆盖", "=")),
        ("水源地水质稳定达到Ⅱ类以上。", ("水源地水质", "Ⅱ类", ">=")),
        ("供水投入增速不低于上年水平。", ("供水投入增速", "上年水平", ">=")),
        ("杜绝较大以上溃坝事故。", ("较大以上溃坝事故", "杜绝", "=")),
        (
            "供水站要简化材料，开展理赔工作，做到应赔尽赔。",
            ("开展理赔工作", "应赔尽赔", "="),
        ),
        ("供水成本低于2024年同期成本。", ("供水成本", "2024年同期成本", "<")),
        ("水费欠款实现“清零”。", ("水费欠款", "清零", "=")),
        ("居民收入增长与经济增长同步。", ("居民收入增长", "与经济增长同步", "=")),
    ],
)
def test_aims_in_words(tmp_path: Path, sentence: str, wanted: tuple[str, str, str]) -> None:
    (fact,) = read(tmp_path, PLAN.format(past="略。", future=sentence))
    assert (fact.group + fact.subject, fact.text, fact.comparator) == wanted
    assert (fact.kind, fact.value, fact.year) == ("target", None, 2030)


RULES = """岫川市供水管理办法

第一条 为规范供水，制定本办法。
{article}
"""


def test_a_report_on_a_year_looks_back(tmp_path: Path) -> None:
    text = "岫川县2025年度供水监管情况报告\n\n2025年，查处违规取水7件，水质合格率2026年目标为99%；办结投诉86件。\n"
    assert [shown(f) for f in read(tmp_path, text)] == [
        "figure 查处违规取水 = 7 件 2025",
        "target 水质合格率 = 99 % 2026",
        "figure 办结投诉 = 86 件 2025",
    ]


def test_a_sum_and_what_it_takes_to_get_it_are_no_aims(tmp_path: Path) -> None:
    text = (
        "岫川县支持供水企业若干措施\n\n"
        "对新建水厂的企业，按投资的30%给予最高100万元奖励，供水面积不低于50平方公里，单个最高60万元。\n"
    )
    assert read(tmp_path, text) == []


def test_a_table_of_tasks_by_place(tmp_path: Path) -> None:
    text = (
        "关于做好2026年管网养护工作的通知\n\n岫川水发〔2026〕8号\n\n2026年管网养护任务分解表\n\n"
        "县区｜养护管网（公里）｜补助资金（万元）｜改造泵站（座）\n"
        "松屏县｜320｜90｜18\n云溪县｜280｜80｜14\n"
    )
    found = read(tmp_path, text)
    assert [(f.place, shown(f)) for f in found] == [
        ("松屏县", "target 养护管网 = 320 公里 2026"),
        ("松屏县", "target 改造泵站 = 18 座 2026"),
        ("云溪县", "target 养护管网 = 280 公里 2026"),
        ("云溪县", "target 改造泵站 = 14 座 2026"),
    ]


def test_a_table_of_requirements_by_class(tmp_path: Path) -> None:
    table = "指标｜千人工程｜小型工程\n漏损率（%）｜≤12｜≤15\n编号｜7｜8\n"
    found = read(tmp_path, RULES.format(article=f"第二条 应当达到下列标准：\n\n{table}"))
    assert [shown(f) for f in found] == [
        "target 千人工程漏损率 <= 12 % None",
        "target 小型工程漏损率 <= 15 % None",
    ]


@pytest.mark.parametrize(
    ("article", "wanted"),
    [
        ("第二条 水质记录应当保存60日。", ["target 水质记录保存 = 60 日 None"]),
        ("第二条 每年抽查比例不得低于5%。", ["target 每年抽查比例 >= 5 % None"]),
        ("第二条 监控资料保存期限不少于三十日。", ["target 监控资料保存期限 >= 30 日 None"]),
        ("第二条 供水单位应当保存记录至少三年。", ["target 供水单位保存记录 >= 3 年 None"]),
        ("第二条 每年至少进行一次检漏。", ["target 每年进行检漏 >= 1 次 None"]),
        ("第二条 公告时间不少于三十日。", []),
        (
            "第二条 水源基金应当安排不低于百分之十的资金用于管网改造。",
            ["target 水源基金资金用于管网改造 >= 10 % None"],
        ),
        (
            "第二条 县人民政府应当将水费收入的百分之五至百分之八用于水源保护。",
            ["target 水费收入用于水源保护 = 5-8 % None"],
        ),
        ("第二条 投诉办结率应当达到100%。", ["target 投诉办结率 = 100 % None"]),
        (
            "第二条 抽检水样不低于水样总数的8%。",
            ["target 抽检水样占水样总数 >= 8 % None"],
        ),
        ("第二条 申请人应当具备下列条件：\n（一）合格率不低于95%；\n（二）员工不少于3人。", []),
        ("第二条 违规用水不少于3次的，处200元罚款。", []),
        ("第二条 水质每年至少检测2次。", ["target 水质每年至少检测 >= 2 次 None"]),
        ("第二条 维修资金不低于水费收入的8%。", []),
        ("第二条 补贴资金发放率达到100%。", ["target 补贴资金发放率 = 100 % None"]),
        ("第二条 管水员每年培训不少于20学时。", ["target 管水员每年培训 >= 20 学时 None"]),
    ],
)
def test_what_rules_require(tmp_path: Path, article: str, wanted: list[str]) -> None:
    assert [shown(f) for f in read(tmp_path, RULES.format(article=article))] == wanted


def test_a_bound_in_a_bracket_is_of_what_stands_before_it(tmp_path: Path) -> None:
    text = "关于加强水质培训的通知\n\n可将全部理论课时(不低于总课时的60%)改为线上。\n"
    assert [shown(f) for f in read(tmp_path, text)] == ["target 全部理论课时占总课时 >= 60 % None"]


def test_a_notice_aims_by_a_day_or_under_a_head_in_its_line(tmp_path: Path) -> None:
    text = (
        "关于开展冬季管网改造的通知\n\n岫川水发〔2026〕8号\n\n目前全县供水普及率为91%。\n\n"
        "一、目标任务。新建泵站3座。\n\n二、进度。11月底前完成投资的60%。\n"
    )
    assert [shown(f) for f in read(tmp_path, text)] == [
        "figure 供水普及率 = 91 % None",
        "target 新建泵站 = 3 座 None",
        "target 投资 = 60 % None",
    ]


def test_the_condition_of_a_figure(tmp_path: Path) -> None:
    future = "对日供水千吨以上的水厂连续两年达标的，抽检频次减少50%。"
    (fact,) = read(tmp_path, PLAN.format(past="略。", future=future))
    assert fact.condition == "对日供水千吨以上的水厂连续两年达标的"


def test_a_plan_without_years_in_its_title_aims_at_the_only_one_it_names(tmp_path: Path) -> None:
    text = (
        "岫川市供水保障实施方案\n\n岫川市人民政府\n2026年5月6日\n\n一、目标\n"
        "到2028年，供水普及率达到98%。\n\n二、任务\n新建水厂3座。抽检比例不低于10%。\n"
    )
    assert [shown(f) for f in read(tmp_path, text)] == [
        "target 供水普及率 = 98 % 2028",
        "target 新建水厂 = 3 座 2028",
        "target 抽检比例 >= 10 % None",
    ]


def test_long_lines_are_read_in_time(tmp_path: Path) -> None:
    """Data run together are no sentence: they cost nothing."""
    plan(tmp_path, "供水普及率达到98%、" * 5000)


def test_words_that_only_begin_like_connecting_ones_stay_whole(tmp_path: Path) -> None:
    found = plan(tmp_path, "到2030年，再生水利用率达到25%，及时率达到98%。")
    assert found == [
        "target 再生水利用率 = 25 % 2030",
        "target 及时率 = 98 % 2030",
    ]


def test_a_bracket_that_opens_a_sentence_bounds_nothing(tmp_path: Path) -> None:
    assert plan(tmp_path, "(2021)9号20220314２０２５年。") == []


def test_what_a_notice_orders(tmp_path: Path) -> None:
    text = (
        "岫川市人民政府办公室关于对供水情况进行检查的通知\n\n岫川政办发〔2026〕8号\n\n"
        "近期市水务局将组织3个检查组。南昌、九江各抽查2个水厂。"
        "每个乡镇随机抽查4处泵站，其中：3处老旧泵站，1处在建泵站。"
        "申请人原则上提供2名担保人。已组织5个检查组。\n"
    )
    found = read(tmp_path, text)
    assert [(f.place, shown(f)) for f in found] == [
        ("岫川市", "target 组织检查组 = 3 个 2026"),
        ("南昌", "target 抽查水厂 = 2 个 2026"),
        ("九江", "target 抽查水厂 = 2 个 2026"),
        ("岫川市", "target 每个乡镇随机抽查泵站 = 4 处 2026"),
        ("岫川市", "target 老旧泵站 = 3 处 2026"),
        ("岫川市", "target 在建泵站 = 1 处 2026"),
    ]


def test_a_share_that_may_be_chosen(tmp_path: Path) -> None:
    text = (
        "岫川市供水管理中心关于支持企业的通知\n\n岫水发〔2026〕8号\n\n"
        "允许企业在12%以内自主确定缴存比例。预缴比例可在5%至12%之间自主确定。\n"
    )
    assert [shown(f) for f in read(tmp_path, text)] == [
        "target 允许企业缴存比例 <= 12 % None",
        "target 预缴比例 = 5-12 % None",
    ]


def test_a_rate_that_banks_are_asked_for(tmp_path: Path) -> None:
    text = "岫川县支持供水企业若干措施\n\n鼓励各银行在现有贷款利率基础上下浮10%以上。\n"
    assert [shown(f) for f in read(tmp_path, text)] == [
        "target 鼓励各银行在现有贷款利率基础上下浮 >= 10 % None"
    ]
