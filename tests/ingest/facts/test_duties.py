from pathlib import Path

import pytest

from ingest.facts.charges import charges_in
from ingest.facts.duties import column_role, read_duties
from ingest.facts.material import Material
from ingest.prepare import Recipe, prepare_file
from tests.conftest import count_characters
from vectorstore.facts import Fact

HEAD = "松湖县农村客运提升实施方案\n\n一、重点任务\n\n"


@pytest.fixture
def duties(tmp_path: Path):  # type: ignore[no-untyped-def]
    def read(text: str) -> list[Fact]:
        path = tmp_path / "plan.txt"
        path.write_text(text, encoding="utf-8")
        (item,) = prepare_file(path, Recipe(count_characters, 400, 10**8)).documents
        facts = list(read_duties(Material(item.document, item.passages)))
        for fact in facts:
            assert " ".join(item.document.text[fact.start : fact.end].split()) == fact.quote
        return facts

    return read


def said(facts: list[Fact]) -> list[tuple[str, tuple[str, ...]]]:
    return [(fact.role, fact.organs) for fact in facts]


def test_a_bracket_behind_a_task(duties) -> None:  # type: ignore[no-untyped-def]
    tail = "（县交通局牵头，县财政局、各乡镇人民政府配合）"
    text = f"{HEAD}（一）延伸班线。年内通达60个建制村，更新车辆30台。{tail}\n\n（二）其他。\n"
    facts = duties(text)
    assert said(facts) == [
        ("lead", ("县交通局",)),
        ("support", ("县财政局", "各乡镇人民政府")),
    ]
    assert {f.subject for f in facts} == {"延伸班线"}
    assert {f.text for f in facts} == {"年内通达60个建制村，更新车辆30台。"}
    assert {f.quote for f in facts} == {tail}


@pytest.mark.parametrize(
    ("tail", "expected"),
    [
        ("（县交通局、县公安局按职责分工负责）", [("responsible", ("县交通局", "县公安局"))]),
        (
            "（牵头单位：县交通局；责任单位：各乡镇（街道）；配合单位：县财政局）",
            [
                ("lead", ("县交通局",)),
                ("responsible", ("各乡镇（街道）",)),
                ("support", ("县财政局",)),
            ],
        ),
        ("[责任单位：县交通局，各乡（镇）政府]", [("responsible", ("县交通局", "各乡（镇）政府"))]),
        (
            "（县交通局牵头县公安局、财政局配合）",
            [("lead", ("县交通局",)), ("support", ("县公安局", "财政局"))],
        ),
        (
            "（县交通局牵头县委宣传部县科技局、社科联配合）",
            [("lead", ("县交通局",)), ("support", ("县委宣传部", "县科技局", "社科联"))],
        ),
        (
            "（县交通局牵头，会同县公安局落实）",
            [("lead", ("县交通局",)), ("support", ("县公安局",))],
        ),
        ("（县交通局、县公安局）", [("responsible", ("县交通局", "县公安局"))]),
        ("（含县财政补助资金）", []),
        ("（试行）", []),
        ("（责任人：周某）", []),
    ],
)
def test_what_brackets_say(duties, tail: str, expected: list[object]) -> None:  # type: ignore[no-untyped-def]
    assert (
        said(duties(f"{HEAD}（一）延伸班线。通达60个建制村。{tail}\n\n（二）其他。\n")) == expected
    )


def test_a_labelled_line_belongs_to_what_stands_above(duties) -> None:  # type: ignore[no-untyped-def]
    text = (
        f"{HEAD}（一）延伸班线\n\n通达60个建制村，更新车辆30台。\n\n"
        "责任单位：县交通局、县财政局\n\n（二）建设站点\n\n新建站点12个。\n\n责任单位：县住建局\n"
    )
    facts = duties(text)
    assert said(facts) == [
        ("responsible", ("县交通局", "县财政局")),
        ("responsible", ("县住建局",)),
    ]
    assert [f.subject for f in facts] == ["延伸班线", "建设站点"]
    assert facts[0].quote == "责任单位：县交通局、县财政局"


def test_a_bracket_for_all_items_takes_their_heading(duties) -> None:  # type: ignore[no-untyped-def]
    text = (
        "松湖县工作要点\n\n一、校园安全\n\n1．每月开展检查一次。\n2．年内改造校舍3处。\n"
        "（牵头股室：安全股；配合股室：基建股）\n\n二、其他\n\n做好总结。\n"
    )
    assert [(f.role, f.organs, f.subject) for f in duties(text)] == [
        ("lead", ("安全股",), "校园安全"),
        ("support", ("基建股",), "校园安全"),
    ]


def test_rows_of_a_table(duties) -> None:  # type: ignore[no-untyped-def]
    text = (
        "松湖县重点任务分工表\n\n序号｜任务｜牵头单位｜配合单位｜完成时限\n"
        "1｜延伸客运班线｜县交通局｜县财政局、县公安局｜12月底\n"
        "2｜建设乡镇站点｜县住建局｜各乡镇人民政府｜10月底\n"
    )
    facts = duties(text)
    assert said(facts) == [
        ("lead", ("县交通局",)),
        ("support", ("县财政局", "县公安局")),
        ("lead", ("县住建局",)),
        ("support", ("各乡镇人民政府",)),
    ]
    assert [f.subject for f in facts[::2]] == ["延伸客运班线", "建设乡镇站点"]


@pytest.mark.parametrize(
    ("header", "role"),
    [
        ("牵头单位", "lead"),
        ("责 任 部 门", "responsible"),
        ("协办单位", "support"),
        ("责任人", None),
        ("责任领导", None),
        ("主要职责", None),
        ("完成时限", None),
    ],
)
def test_columns(header: str, role: str | None) -> None:
    assert column_role(header) == role


def charged(sentence: str) -> list[tuple[str, tuple[str, ...], str]]:
    return [
        (c.role, c.organs, sentence[slice(*c.task)].strip("，。")) for c in charges_in(sentence)
    ]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "县财政局负责资金筹措，县审计局负责跟踪审计。",
            [
                ("responsible", ("县财政局",), "资金筹措"),
                ("responsible", ("县审计局",), "跟踪审计"),
            ],
        ),
        (
            "由县交通局牵头，县公安局、县财政局配合，年内建成站点3个。",
            [
                ("lead", ("县交通局",), "年内建成站点3个"),
                ("support", ("县公安局", "县财政局"), "年内建成站点3个"),
            ],
        ),
        (
            "国务院水行政主管部门主管全国的节水工作。",
            [("responsible", ("国务院水行政主管部门",), "全国的节水工作")],
        ),
        (
            "县级以上地方人民政府负责船舶检验的部门负责本行政区域内的渡运安全。",
            [
                (
                    "responsible",
                    ("县级以上地方人民政府负责船舶检验的部门",),
                    "本行政区域内的渡运安全",
                )
            ],
        ),
        (
            "运价标准由市发展改革部门会同市交通运输部门制定。",
            [
                ("lead", ("市发展改革部门",), "运价标准由市发展改革部门会同市交通运输部门制定"),
                ("support", ("市交通运输部门",), "运价标准由市发展改革部门会同市交通运输部门制定"),
            ],
        ),
        (
            "市、县（区）人民政府应当将渡口管护经费纳入预算。",
            [("responsible", ("市、县（区）人民政府",), "将渡口管护经费纳入预算")],
        ),
        (
            "公安、应急管理等部门按照各自职责做好渡口安全工作。",
            [("responsible", ("公安、应急管理等部门",), "做好渡口安全工作")],
        ),
        (
            "县农业局牵头建设基地，会同有关部门推广新种。",
            [
                ("lead", ("县农业局",), "建设基地，会同有关部门推广新种"),
                ("support", ("有关部门",), "推广新种"),
            ],
        ),
        (
            "村民委员会协助乡镇人民政府落实渡工守则。",
            [("support", ("村民委员会",), "乡镇人民政府落实渡工守则")],
        ),
        (
            "各渡口所在乡镇人民政府于2031年5月底前报送检查情况。",
            [("responsible", ("各渡口所在乡镇人民政府",), "于2031年5月底前报送检查情况")],
        ),
        (
            "县公安局、县交通局对渡口的执法情况进行检查，并对县水务局的检查给予配合。",
            [
                ("responsible", ("县公安局", "县交通局"), "对渡口的执法情况进行检查"),
                ("support", ("县公安局", "县交通局"), "对县水务局的检查给予配合"),
            ],
        ),
        (
            "渡工死亡的，由交通部门吊销证书或者由民政部门撤销登记。",
            [
                ("responsible", ("交通部门",), "吊销证书"),
                ("responsible", ("民政部门",), "撤销登记"),
            ],
        ),
        (
            "云溪、松湖等县交通局分别受理本县渡口的申请。",
            [("responsible", ("云溪、松湖等县交通局",), "受理本县渡口的申请")],
        ),
        (
            "县航运委员会在县政府领导下，组织、协调渡口工作。",
            [("responsible", ("县航运委员会",), "组织、协调渡口工作")],
        ),
        (
            "县交通局应当会同农林等相关部门建立档案。",
            [
                ("lead", ("县交通局",), "建立档案"),
                ("support", ("农林等相关部门",), "建立档案"),
            ],
        ),
        ("县检测站对渡船的质量负责。", [("responsible", ("县检测站",), "对渡船的质量负责")]),
        ("由县交通局处五千元的罚款。", [("responsible", ("县交通局",), "处五千元的罚款")]),
        (
            "县交通局主要职责：巡查渡口，登记渡船。",
            [("responsible", ("县交通局",), "巡查渡口，登记渡船")],
        ),
        (
            "指挥部办公室设在县应急局，承担日常工作。",
            [("responsible", ("县应急局",), "日常工作")],
        ),
        (
            "渡运公司应保障通航，县供电公司配合做好抢修。",
            [
                ("responsible", ("渡运公司",), "保障通航"),
                ("support", ("县供电公司",), "做好抢修"),
            ],
        ),
        (
            "县交通局根据需要会同有关部门建立巡查机制。",
            [
                ("lead", ("县交通局",), "建立巡查机制"),
                ("support", ("有关部门",), "建立巡查机制"),
            ],
        ),
        (
            "县政府设立的渡口管理站应当公示票价。",
            [("responsible", ("县政府设立的渡口管理站",), "公示票价")],
        ),
    ],
)
def test_clauses_that_put_somebody_in_charge(sentence: str, expected: list[object]) -> None:
    assert charged(sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "渡口经营者应当配备救生设备，并定期检查，不得超载。",
            [("responsible", ("渡口经营者",), "配备救生设备，并定期检查，不得超载")],
        ),
        (
            "渡口经营者应当配合县交通局的检查。",
            [("support", ("渡口经营者",), "配合县交通局的检查")],
        ),
        (
            "渡船发生事故的，渡工应当立即救助，并报告乡镇人民政府。",
            [("responsible", ("渡工",), "立即救助，并报告乡镇人民政府")],
        ),
        (
            "渡口经营者变更航线的，应当提前十日报告。",
            [("responsible", ("渡口经营者",), "提前十日报告")],
        ),
        (
            "从事旅客运输的渡船所有人，应当购买保险；乘客应当听从指挥。",
            [
                ("responsible", ("从事旅客运输的渡船所有人",), "购买保险"),
                ("responsible", ("乘客",), "听从指挥"),
            ],
        ),
        (
            "各类企业要落实安全责任，各乡镇要做好巡查。",
            [
                ("responsible", ("各类企业",), "落实安全责任"),
                ("responsible", ("各乡镇",), "做好巡查"),
            ],
        ),
        (
            "未取得许可证的，由县级以上人民政府交通运输部门责令停业，处一千元罚款。",
            [
                (
                    "responsible",
                    ("县级以上人民政府交通运输部门",),
                    "责令停业，处一千元罚款",
                )
            ],
        ),
        (
            "接驳运输由输出地和输入地联合开展。",
            [("responsible", ("输出地", "输入地"), "联合开展")],
        ),
        (
            "村民委员会、居民委员会等群众性自治组织应当协助做好宣传。",
            [("support", ("村民委员会、居民委员会等群众性自治组织",), "协助做好宣传")],
        ),
        (
            "松湖银行将扩大信贷规模，帮助企业复工。",
            [("responsible", ("松湖银行",), "扩大信贷规模，帮助企业复工")],
        ),
    ],
)
def test_whoever_is_obliged(sentence: str, expected: list[object]) -> None:
    assert charged(sentence) == expected


def test_each_item_of_a_list_of_duties(duties) -> None:  # type: ignore[no-untyped-def]
    lead = "第八条 渡口的经营者负责渡口的安全，并应当履行下列职责："
    facts = duties(f"松湖县渡口管理办法\n\n{lead}\n（一）检修渡船；\n（二）登记旅客。\n")
    assert [(f.organs, f.subject) for f in facts] == [
        (("渡口的经营者",), "渡口的安全"),
        (("渡口的经营者",), "检修渡船"),
        (("渡口的经营者",), "登记旅客"),
    ]


def test_items_that_say_who_does_them(duties) -> None:  # type: ignore[no-untyped-def]
    lead = "第九条 有关部门按照以下分工负责渡口的监督："
    items = "（一）县交通局负责渡船；\n（二）县公安局负责治安。\n"
    facts = duties(f"松湖县渡口管理办法\n\n{lead}\n{items}")
    assert said(facts) == [("responsible", ("县交通局",)), ("responsible", ("县公安局",))]


def test_who_is_obliged_by_the_sentence_before() -> None:
    (charge,) = charges_in("不予批准的，应当书面说明理由。", ("县交通局",))
    assert (charge.role, charge.organs) == ("responsible", ("县交通局",))


def test_who_speaks_for_an_organ_promises_in_its_name() -> None:
    (charge,) = charges_in("据松湖县财政局副局长陈某介绍，今年将扩大贴息范围。")
    assert charge.organs == ("松湖县财政局",)
    (charge,) = charges_in("未来该行将增设服务网点。", speaker=("松湖银行",))
    assert charge.organs == ("松湖银行",)


@pytest.mark.parametrize(
    "sentence",
    [
        "检查结果报县交通局备案。",
        "经县交通局审核后方可营运。",
        "县交通局可以委托乡镇人民政府检查。",
        "县交通局主要负责人到会讲话。",
        "上月，县交通局组织了两次检查。",
        "本办法由县交通局负责解释。",
        "渡口经营者不得超载。",
        "从事渡运活动，应当取得许可证。",
        "渡口经营者应当具备下列条件：",
        "设立渡口应当经县人民政府批准。",
        "渡运费用由旅客承担。",
        "由县交通局核发的许可证，有效期三年。",
        "船票价格应当低于成本。",
        "造成损失的，渡口经营者应当承担赔偿责任。",
        "县交通局发现违法行为的，及时移送。",
        "渡船供应单位，不得有隶属关系。",
        "财政部会同有关部门已经明确了标准。",
        "有续贷需求的船主应续尽续。",
        "费用由县政府与船主商定。",
        "渡工培训情况应当登记。",
        "渡工失职的，应当依法给予行政处分。",
    ],
)
def test_what_is_no_duty(sentence: str) -> None:
    assert charges_in(sentence) == []


@pytest.mark.parametrize(
    "text", ["（" * 4000, "市教育局、" * 3000, "由会同" * 3000, "应当、" * 3000]
)
def test_hostile_lines_end_soon(text: str) -> None:
    charges_in(text)
