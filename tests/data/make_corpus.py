"""Writes the sample corpus in corpus/: four invented documents in four formats.

Run by hand after a change of the texts: python tests/data/make_corpus.py. Chromium prints the PDF.
All places, organs and figures are invented; every document says so.
"""

import html
import sys
from pathlib import Path

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH

FOLDER = Path(__file__).parents[2] / "corpus"
MARK = "示例（虚构）：本文件为演示程序而编写，地名、机构、文号和数字均为虚构。"

PORTAL = f"""当前位置： 首页 > 政务公开 > 规范性文件

  • 索引号
  • 01532200-2/2024-0018
  • 发布机构
  • 青禾市人民政府办公室
  • 发布日期
  • 2024-03-28
  • 文号
  • 青政发〔2024〕8号
  • 浏览量
  • 1260

青禾市人民政府关于印发《青禾市社区养老服务提升行动方案（2024—2027年）》的通知

各县（区）人民政府，市直各部门：

现将《青禾市社区养老服务提升行动方案（2024—2027年）》印发给你们，请认真组织实施。

                                        青禾市人民政府
                                        2024年3月21日

（{MARK}）

青禾市社区养老服务提升行动方案
（2024—2027年）

为方便老年人就近养老，根据《云岭省养老服务条例》《云岭省人民政府关于推进基本养老服务体系建设的意见》（云岭政发〔2023〕15号），结合我市实际，制定本方案。

一、行动目标

到2027年，全市社区养老服务设施覆盖率达到95%，每个街道至少建成1所综合养老服务中心，新增家庭养老床位3200张，养老护理员达到1800人。经济困难的失能老年人上门服务实现全覆盖。

二、主要任务

（一）补齐设施短板

1.建设综合养老服务中心。每个街道利用闲置用房改建或者新建综合养老服务中心，提供日间照料、短期托养、助餐助浴等服务，单个中心面积不低于800平方米。（市民政局牵头，市住房城乡建设局、市财政局、市自然资源局配合）

2.改造居家环境。对有需要的困难老年人家庭进行适老化改造，每户补助不超过3000元，2024年至2027年累计改造6000户。（市民政局牵头，市残联、市住房城乡建设局配合）

（二）扩大服务供给

3.发展老年助餐。依托社区食堂和餐饮企业设置助餐点，到2025年底建成助餐点120个，80周岁以上老年人每餐补贴2元。（市商务局牵头，市民政局、市市场监管局配合）

4.开展上门照护。为经济困难的失能老年人每月提供不少于30小时的上门服务。“家庭养老床位”是指依托老年人住所，由养老服务机构提供专业照护、远程监测等服务的床位。（市民政局牵头，市卫生健康委、市医保局配合）

（三）强化人才支撑

5.培养护理人才。支持青禾职业学院开设养老护理专业，每年培训养老护理员600人次。（市教育局、市人力资源社会保障局牵头，市民政局配合）

三、保障措施

（一）加强组织领导。市政府成立社区养老服务工作专班，办公室设在市民政局，每季度调度一次。

（二）落实经费保障。市级财政每年安排专项资金2600万元，县（区）按不低于1:1的比例配套。

（三）严格监督考核。将社区养老服务纳入对县（区）的年度考核，对工作不力的予以通报。

责任编辑：小禾
打印本页 关闭窗口
上一篇：关于开展春季绿化的通知
下一篇：关于做好防汛准备的通知
"""

WORD = {
    "issuer": "云岭省人民政府办公厅",
    "number": "云岭政办发〔2023〕21号",
    "title": "云岭省人民政府办公厅关于深化农村公路管理养护改革的实施意见",
    "body": [
        ("各市（州）、县（市、区）人民政府，省直各部门：", None),
        (MARK, None),
        ("为加快建立权责清晰、保障有力的农村公路养护体制，经省政府同意，提出以下实施意见。", None),
        ("一、总体目标", 1),
        ("到2025年，全省农村公路列养率达到100%，优良中等路率达到85%以上，县道绿化率达到90%。", None),
        ("二、重点工作", 1),
        ("（一）明确养护责任", 2),
        ("县级人民政府是农村公路管理养护的责任主体。乡镇设置交通管理站，村民委员会按照村规民约参与村道日常养护，每个建制村配备1名以上护路员。", None),
        ("（二）加大资金投入", 2),
        ("省级养护补助资金按照县道每公里每年1.2万元、乡道每公里每年0.6万元、村道每公里每年0.3万元的标准安排，并建立与养护成本变化相适应的动态调整机制。", None),
        ("（三）推行“路长制”", 2),
        ("县、乡、村三级设立路长，分别由县、乡、村主要负责人担任。“路长制”是指由各级路长对辖区内农村公路的建设、管理、养护和运营负总责的制度。县级路长每季度巡路不少于1次。", None),
        ("三、任务分工", 1),
    ],
    "table": [
        ("序号", "工作任务", "牵头部门", "配合部门", "完成时限"),
        ("1", "建立养护资金动态调整机制", "省财政厅", "省交通运输厅", "2024年6月"),
        ("2", "全面推行县乡村三级路长制", "省交通运输厅", "省农业农村厅、省自然资源厅", "2024年12月"),
        ("3", "建设农村公路信息化管理平台", "省交通运输厅", "省数据局", "2025年12月"),
    ],
    "tail": [
        "四、组织保障",
        "各地要把农村公路养护纳入乡村振兴考核内容。本意见自2023年10月1日起施行，有效期5年。",
    ],
    "date": "2023年8月30日",
}

REGULATION = ("松湖县节约用水管理办法", "松政规〔2022〕3号", "松湖县人民政府", "2022年11月15日", """第一章 总则
第一条 为了加强节约用水管理，保护和合理利用水资源，根据《中华人民共和国水法》等法律法规，结合本县实际，制定本办法。
第二条 本县行政区域内的用水、节水及其监督管理活动，适用本办法。
第三条 本办法所称非居民用水户，是指除居民生活用水以外的单位和个体工商户。
第四条 县水务局负责全县节约用水的统一管理和监督工作。发展改革、工业和信息化、住房城乡建设、农业农村等部门按照各自职责做好节约用水工作。
第二章 用水管理
第五条 年取水量一万立方米以上的非居民用水户实行计划用水管理。用水户应当于每年12月31日前向县水务局提出下一年度的用水计划申请，县水务局应当自收到申请之日起二十个工作日内核定。
第六条 非居民用水户超计划用水的，对超出部分按照下列标准加价收费：
（一）超出不足百分之二十的部分，按照水价的一倍加价；
（二）超出百分之二十以上不足百分之四十的部分，按照水价的二倍加价；
（三）超出百分之四十以上的部分，按照水价的三倍加价。
第七条 新建、改建、扩建建设项目应当配套建设节水设施，节水设施与主体工程同时设计、同时施工、同时投入使用。
第八条 洗车、洗浴、游泳馆等用水单位应当采用循环用水技术，循环用水率不得低于百分之七十。
第三章 激励与监督
第九条 县人民政府设立节约用水奖励资金，对取得显著成绩的单位给予五千元以上五万元以下的奖励。
第十条 违反本办法第七条规定，节水设施没有建成就投入使用的，由县水务局责令停止使用，限期改正，并处五万元以上十万元以下的罚款。
第四章 附则
第十一条 本办法自2023年1月1日起施行，有效期五年。""")

PAGE = ("望江区人民政府办公室关于印发望江区中小学课后服务工作实施方案的通知", "望政办〔2023〕17号", "望江区人民政府办公室", "2023年6月9日", "2023-06-12", """各镇人民政府、街道办事处，区直有关部门：
《望江区中小学课后服务工作实施方案》已经区政府同意，现印发给你们，请认真贯彻执行。
望江区中小学课后服务工作实施方案
为减轻学生课业负担，解决家长接送难题，制定本方案。
一、工作目标
2023年秋季学期起，全区义务教育学校课后服务实现全覆盖；到2024年底，有需要的学生参加率达到95%以上，每所学校开设的兴趣课程不少于12门。
二、服务内容
（一）作业辅导。安排教师指导学生在校内完成书面作业，对学习有困难的学生加强帮扶。
（二）兴趣活动。开展体育、艺术、科普、劳动、阅读等活动，体育类活动每周不少于2次。
（三）延时看护。对放学后接送有困难的家庭提供看护，结束时间不早于下午6时。
三、经费与收费
课后服务经费由财政补助和服务性收费共同承担，区财政按每生每年300元补助；服务性收费标准为每生每学期不超过360元，家庭经济困难学生全部免收。
四、职责分工
区教育局负责课后服务的组织实施和日常管理；区财政局负责经费保障；区市场监管局负责食品安全和收费监管；团区委、区妇联、区科协组织志愿者进校园。""")


def write_portal() -> None:
    (FOLDER / "青禾市社区养老服务提升行动方案.txt").write_text(PORTAL, encoding="utf-8")


def write_word() -> None:
    document = Document()
    document.core_properties.author = "示例（虚构）"
    document.core_properties.title = WORD["title"]
    for text in (WORD["issuer"] + "文件", WORD["number"], WORD["title"]):
        document.add_paragraph(text).alignment = WD_ALIGN_PARAGRAPH.CENTER
    for text, level in WORD["body"]:
        if level:
            document.add_heading(text, level)
        else:
            document.add_paragraph(text)
    table = document.add_table(rows=0, cols=5)
    table.style = "Table Grid"
    for row in WORD["table"]:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    document.add_heading(WORD["tail"][0], 1)
    document.add_paragraph(WORD["tail"][1])
    for text in (WORD["issuer"], WORD["date"]):
        document.add_paragraph(text).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    document.save(FOLDER / "云岭省农村公路养护改革实施意见.docx")


def write_pdf() -> None:
    from playwright.sync_api import sync_playwright

    title, number, issuer, date, text = REGULATION
    lines = "".join(f"<p>{html.escape(line)}</p>" for line in text.split("\n"))
    page = (
        '<meta charset="utf-8"><style>@page{size:A4;margin:30mm 26mm}body{font:15px/1.9 "Noto Serif CJK SC",serif}'
        "p{text-indent:2em;margin:0}h1{font-size:21px;text-align:center}.c{text-align:center;text-indent:0}"
        ".r{text-align:right}</style>"
        f'<p class="c">{issuer}文件</p><p class="c">{number}</p><h1>{title}</h1><p>（{MARK}）</p>{lines}'
        f'<p class="r">{issuer}</p><p class="r">{date}</p>'
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        tab = browser.new_page()
        tab.set_content(page)
        tab.pdf(
            path=str(FOLDER / "松湖县节约用水管理办法.pdf"),
            prefer_css_page_size=True,
            display_header_footer=True,
            header_template="<span></span>",
            footer_template='<div style="font-size:10px;width:100%;text-align:center">— <span class="pageNumber"></span> —</div>',
        )
        browser.close()


def write_page() -> None:
    title, number, issuer, date, published, text = PAGE
    body = "".join(f"<p>　　{html.escape(line)}</p>\n" for line in text.split("\n"))
    page = f"""<!DOCTYPE html>
<html><head><meta charset="gb18030"><title>{title}_望江区人民政府</title>
<meta name="ArticleTitle" content="{title}"><meta name="PubDate" content="{published}">
<meta name="ContentSource" content="望江区人民政府网"></head><body>
<div class="top"><a href="/">首页</a> <a href="/zwgk">政务公开</a> <a href="/hd">互动交流</a></div>
<div class="crumbs">您的位置：首页 &gt; 政务公开 &gt; 政策文件</div>
<table class="info"><tr><td>索 引 号：</td><td>WJ0100-2023-0061</td><td>发文机关：</td><td>{issuer}</td></tr>
<tr><td>发文字号：</td><td>{number}</td><td>成文日期：</td><td>{date}</td></tr></table>
<h1>{title}</h1>
<div class="tools">发布时间：{published} 来源：望江区人民政府网 浏览次数：318 字体：[大 中 小] 打印</div>
<div id="zoom">{body}<p style="text-align:right">{issuer}</p><p style="text-align:right">{date}</p><p>（{MARK}）</p></div>
<div class="share">分享到：微信 微博</div>
<ul class="related"><li><a href="#">相关解读：课后服务怎么报名</a></li></ul>
<div class="footer">主办：望江区人民政府 网站标识码：0000000000 联系我们</div>
<script>document.title = document.title;</script></body></html>
"""
    (FOLDER / "望江区中小学课后服务实施方案.html").write_bytes(page.encode("gb18030"))


def main() -> int:
    FOLDER.mkdir(exist_ok=True)
    write_portal()
    write_word()
    write_pdf()
    write_page()
    return 0


if __name__ == "__main__":
    sys.exit(main())
