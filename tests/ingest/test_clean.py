"""Cleaning: what belongs to the site goes, what a page broke is joined, all with a way back."""

import pytest

from ingest.clean import Cleaned, clean
from ingest.parse.document import ParsedDocument
from tests.conftest import squeezed

BODY = "为做好这项工作，结合我市实际，现就有关事项通知如下，请各单位认真贯彻落实。"


def cleaned(text: str, kind: str = "txt") -> Cleaned:
    return clean(ParsedDocument(text, kind))


def lines(text: str, kind: str = "txt") -> list[str]:
    return [line.text.text for line in cleaned(text, kind).lines]


def notes(text: str) -> dict[str, str]:
    return {note.label: note.value.text for note in cleaned(text).notes}


@pytest.mark.parametrize(
    "furniture",
    [
        "当前位置： 首页 > 政务公开 > 文件",
        "您的位置：首页 >> 通知公告",
        "字体：[ 大 中 小 ]",
        "【字体：大 中 小】",
        "分享到：微信 微博 QQ空间",
        "打印本页 关闭窗口",
        "【打印】 【关闭】",
        "浏览次数：128",
        "责任编辑：小王",
        "扫一扫在手机打开当前页",
        "上一篇：关于春季植树的通知",
        "版权所有：某某市人民政府",
        "京ICP备05012345号",
        "- 3 -",
        "第 3 页 共 12 页",
        "<END>",
        "<!-- INFO END -->",
    ],
)
@pytest.mark.parametrize("place", ["above", "below"])
def test_site_furniture_goes(furniture: str, place: str) -> None:
    title = "某某市人民政府关于做好春季防火工作的通知"
    text = f"{title}\n\n{BODY}\n"
    text = f"{furniture}\n{text}" if place == "above" else f"{text}{furniture}\n"
    assert lines(text) == [title, BODY]


def test_advertisements_above_the_title_go() -> None:
    text = f"海量数据随时查\n免费热线\n400-800-1234\n立即注册\n某某省关于加强种子管理的实施方案\n{BODY}\n"
    assert lines(text)[0] == "某某省关于加强种子管理的实施方案"


def test_the_red_head_and_number_stay_above_the_title() -> None:
    text = f"某某市人民政府文件\n某政发〔2023〕6号\n某某市人民政府关于加强水库管理的通知\n{BODY}\n"
    assert lines(text)[:2] == ["某某市人民政府文件", "某政发〔2023〕6号"]


def test_what_a_site_prints_below_goes() -> None:
    text = (
        f"某某市关于加强河道管理的通知\n{BODY}\n相关链接\n河道管理解读\n下载数据库客户端 免费体验\n"
    )
    assert lines(text) == ["某某市关于加强河道管理的通知", BODY]


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ("• 索引号\n• A-1\n• 发布日期\n• 2023-05-06\n• 文号\n• 某政发〔2023〕6号\n• 浏览量\n• 主题词\n",
         {"索引号": "A-1", "发布日期": "2023-05-06", "文号": "某政发〔2023〕6号", "浏览量": ""}),
        ("来源：某某市科协　发布日期：2023-05-06　点击量：99\n",
         {"来源": "某某市科协", "发布日期": "2023-05-06", "点击量": "99"}),
        ("发文字号\n\n/\n\n时效性\n\n现行有效\n", {"发文字号": "/", "时效性": "现行有效"}),
        ("【发布单位】某某局\n", {}),
        ("2023-05-06 10:20 来源：某某网\n", {"发布日期": "2023-05-06", "来源": "某某网"}),
        ("索 引 号：B-2　　发文机关：某某市人民政府\n", {"索引号": "B-2", "发文机关": "某某市人民政府"}),
    ],
)  # fmt: skip
def test_information_blocks_are_set_apart(block: str, expected: dict[str, str]) -> None:
    found = notes(f"{block}某某市关于加强河道管理的通知\n{BODY}\n")
    assert expected.items() <= found.items()


def test_a_label_in_the_body_is_text() -> None:
    text = f"某某市关于开展普查的通知\n{BODY}\n来源：各县上报的数据要注明来源，并且经过审核后使用。\n{BODY}\n"
    assert "来源：各县上报的数据要注明来源，并且经过审核后使用。" in lines(text)


@pytest.mark.parametrize(
    ("broken", "joined"),
    [
        ("市委、市政府高度重视，充分发挥领导小\n\n组职能作用，取得成效。", "市委、市政府高度重视，充分发挥领导小组职能作用，取得成效。"),
        ("(责任单位:市科技局、市科协,\n\n市教育局、市气象局等)", "(责任单位:市科技局、市科协,市教育局、市气象局等)"),
        ("1.完善机制。健全考核，把科学素质\n\n作为重要指标之一。", "1.完善机制。健全考核，把科学素质作为重要指标之一。"),
        ("完善体系，建设科技园\n\n等。到年底建成。", "完善体系，建设科技园等。到年底建成。"),
    ],
)  # fmt: skip
def test_broken_sentences_are_joined_without_a_space(broken: str, joined: str) -> None:
    assert joined in lines(f"某某市关于加强管理的通知\n{BODY}\n{broken}\n")


@pytest.mark.parametrize(
    "pair",
    [
        ("一、总体要求", "以高质量发展为主题，全面推进。"),
        ("（二）强化协同，形成合力", "各部门要各负其责，加强配合。"),
        ("各县（市、区）人民政府，市直各部门：", "现将方案印发给你们。"),
        ("某某市人民政府", "2023年5月6日"),
        ("完成时限，年底前", "（一）加强领导。"),
    ],
)
def test_lines_that_stand_alone_stay_apart(pair: tuple[str, str]) -> None:
    found = lines(f"某某市关于加强管理的通知\n{BODY}\n{pair[0]}\n{pair[1]}\n")
    assert pair[0] in found
    assert pair[1] in found


def test_a_text_wrapped_at_a_width_becomes_paragraphs() -> None:
    paragraph = "各地要建立健全工作机制明确目标任务落实工作责任" * 6 + "。"
    second = "各有关部门要按照职责分工密切配合形成工作合力确保取得实效" * 5 + "。"
    wrapped = "\n".join(p[i : i + 30] for p in (paragraph, second) for i in range(0, len(p), 30))
    assert lines(f"某某市关于加强统筹协调工作的通知\n{wrapped}\n")[1:] == [paragraph, second]


def test_a_page_whose_line_ends_became_spaces_is_parted_again() -> None:
    text = ("某某市关于支持企业的若干措施 各县（区）人民政府： " + "为支持企业发展，制定本措施。" * 20
            + " 一、加大金融支持 各银行要增加贷款投放，确保余额增长。 二、减轻税费负担 （一）减免房租。对承租国有用房的企业，免收一个月租金。")  # fmt: skip
    found = lines(text)
    assert found[0] == "某某市关于支持企业的若干措施"
    assert "一、加大金融支持" in found
    assert "（一）减免房租。对承租国有用房的企业，免收一个月租金。" in found


def test_letter_spaced_words_close_up() -> None:
    assert "附则" in "".join(lines(f"关于加强管理的通  知\n{BODY}\n第五章 附   则\n{BODY}\n"))


@pytest.mark.shared
def test_every_broken_line_of_a_real_pdf_text_is_joined(seeds: dict[str, str]) -> None:
    found = lines(seeds["001"])
    halves = ["领导小组职能作用", "社会协同、全民参与", "体系更加公平普惠", "和创新人才培养作为教师培养重要内容", "等社会组织的作用",
              "应用技能,持续建设", "市科协等)", "融入智慧社会的需求", "技术服务、技能培训", "把科学素质作为干部培训",
              "市生态环境局、市住建局", "国家级、省级优质", "基础设施建设", "科普创意园等", "市科协,市教育局", "卫健委、市应急管理局",
              "建设投入资金"]  # fmt: skip
    text = "\n".join(found)
    assert len(halves) == 17
    assert [half for half in halves if half not in text] == []


@pytest.mark.shared
def test_no_line_of_the_five_is_furniture(seeds: dict[str, str]) -> None:
    words = ["浏览量", "索引号", "18983288589", "客服电话", "洞察市场", "摩熵", "同地域最新", "当前位置", "分享到", "打印本页",
             "点击量", "字体:", "<END>", "试用企业版", "最新政策法规资讯"]  # fmt: skip
    for text in seeds.values():
        body = "\n".join(lines(text))
        assert [word for word in words if word in body] == []


@pytest.mark.shared
def test_cleaned_text_is_the_source_minus_white_space(seeds: dict[str, str]) -> None:
    for source in seeds.values():
        for line in cleaned(source).lines:
            visible = [
                (c, o)
                for c, o in zip(line.text.text, line.text.offsets, strict=True)
                if not c.isspace()
            ]
            assert all(source[offset] == char for char, offset in visible)
            assert squeezed(line.text.text) in squeezed(source)
