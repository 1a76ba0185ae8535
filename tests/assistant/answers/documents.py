"""Three small documents about invented places, and how a test asks about them."""

from dataclasses import replace

from assistant.answers.content import Content
from assistant.cite.structure import Table
from assistant.find.evidence import Evidence
from assistant.find.reading import AnswerSpan, Reading
from assistant.understand.demands import Demand
from assistant.understand.question import Question
from assistant.understand.turns import understand
from vectorstore.models import DocumentSummary, Passage, SearchHit

CITY = """青溪市人民政府关于印发《青溪市节约用水行动方案（2021—2025年）》的通知
青溪政发〔2021〕6号

各区人民政府，市直各部门：
现将《青溪市节约用水行动方案（2021—2025年）》印发给你们，请认真组织实施。

青溪市人民政府
2021年5月12日

（示例（虚构）：本文件为测试而编写，地名、机构、文号和数字均为虚构。）

青溪市节约用水行动方案
（2021—2025年）

根据《澜峰省节约用水条例》和《澜峰省人民政府关于推进节水型社会建设的意见》（澜峰政发〔2020〕3号），制定本方案。

一、总体目标

到2025年，全市再生水利用率达到25%，创建节水型小区40个。再生水是指污水经处理后达到水质标准、可以再次使用的水。

二、主要任务

实施以下三项重点工程：

（一）农业节水工程

推广滴灌和喷灌，新增高效节水灌溉面积2万亩。各区按照先易后难的次序分片实施，优先改造渠系渗漏重的灌区，同步安装计量设施，做到改造一片、计量一片；沿河的蔬菜基地先行一步，所需设备由各区统一采购，安装之后交给用水合作社管护，每季度向社会公开一次灌溉用水的情况。（市农业农村局牵头，市水务局、市财政局配合）

（二）工业节水工程

改造高耗水企业30家，循环使用冷却水。企业要按年度测试水平衡，查清各道工序的取水和排水，找出跑冒滴漏的部位并限期整改；新建项目的节水设施与主体同时设计、同时施工、同时投产，园区内相邻的企业可以共建水处理设施，一家排出的水经处理后供另一家使用，实现梯级利用。市里每年公布一批用水效率领跑的企业，组织同行到现场观摩，帮助其他企业对照查找差距；对连续两年不达标的企业，核减下一年度的计划用水指标，直到整改完成为止。（市工业和信息化局牵头，市水务局配合）

（三）城镇节水工程

更换老旧供水管网120公里，建立甲、乙、丙三级漏损台账。（市住房城乡建设局牵头，市水务局配合）

三、保障措施

（一）加强组织领导

各区要发挥“河小二”等志愿队伍的作用，成立节水专班。

（二）落实资金保障

市财政每年安排节水专项资金800万元。
"""

COUNTY = """云桥县节约用水实施方案

发布日期：2022-08-15
文号：云桥政办发〔2022〕11号
时效性：现行有效

（示例（虚构）：本文件为测试而编写，地名、机构、文号和数字均为虚构。）

根据《澜峰省节约用水条例》，制定本方案。

一、工作目标

到2025年，全县再生水利用率达到30%，创建节水型小区12个。

二、重点工作

（一）治理管网漏损

每年检修供水管网两次，漏损率控制在9%以内。（县水务局牵头，县财政局配合）

（二）推广节水器具

公共场所全部换装节水龙头。责任单位：县机关事务中心、县水务局。

本方案自2022年9月1日起施行。

云桥县人民政府办公室
2022年8月10日
"""

TOWN = """某某市公园便民服务措施

（示例（虚构）：本文件为测试而编写，地名、机构和数字均为虚构。）

一、延长开放时间

公园开放时间延长至22时，草坪供市民搭设帐篷。2024年接待游客30万人次，比2020年的20万人次增长一半。

二、增设便民设施

增设座椅200把和遮阳棚，更换老旧照明灯具。

三、规范帐篷租借

租借帐篷，需提交如下材料：
1.身份证复印件一份。
2.押金收据一张。

四、完善园区管理

园区管理的做法主要有三个方面：
一是设置导览牌。
二是公开投诉电话。
三是每日清扫步道。
入园不收门票。
"""


def ask(text: str, evidence: Evidence, *before: str) -> Question:
    """A question as the assistant understands it over the documents of `evidence`."""
    return understand([*before, text], evidence.corpus, ())


def asking(question: Question, *demands: Demand) -> Question:
    """A question of which the model of questions heard these demands too."""
    return replace(question, demands=question.demands | set(demands))


def passage_with(words: str, evidence: Evidence) -> tuple[DocumentSummary, Passage]:
    """The first passage that holds some words, and its document."""
    return next(
        (document, passage)
        for document in evidence.view.documents()
        for passage in evidence.view.passages_of(document.id)
        if words in passage.text
    )


def reading_of(words: str, evidence: Evidence, answering: str = "") -> Reading:
    """The passage that holds some words as a reader gives it, with the place that answers."""
    document, passage = passage_with(words, evidence)
    start = passage.text.index(answering or words)
    span = AnswerSpan(start, start + len(answering or words), 1.0)
    return Reading(SearchHit(passage, document, 1.0, 1.0, 1.0), 1.0, 1.0, (span,))


def texts(content: Content | None) -> list[str]:
    """What is said, statement by statement."""
    assert content
    return [s.text for s in content.statements]


def rows(content: Content | None) -> list[list[str]]:
    """The cells of the one table that is said."""
    assert content
    assert isinstance(content.said, tuple)
    (found,) = (part for part in content.said if isinstance(part, Table))
    return [[cell.text for cell in row] for row in found.rows]
