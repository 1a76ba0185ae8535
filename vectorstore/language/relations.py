"""How documents say what they do to other ones: 根据, 转发, 印发, 废止, 修改, 代替, 延长有效期.

The patterns read a sentence in which every named document is one mark ◆ (《title》 with its number
and brackets); what stands between the marks decides. `marked()` in ingest/facts/named.py makes it.
"""

from vectorstore.language.dates import A_YEAR
from vectorstore.language.numerals import NUMERALS
from vectorstore.language.pattern import Pattern

NAMED = "◆"
_GAP = rf"[^{NAMED}。；;]"  # within a sentence, between two documents
_NEAR = rf"[^{NAMED}，,。；;：:]"  # within a clause

STANDARD_NUMBER = Pattern(
    rf"(?<![A-Za-z])[A-Z]{{2,4}}\d{{0,4}}(?:/\s?[A-Z]{{1,2}})?/?\s?\d{{2,6}}(?:\.\d{{1,3}})?\s?[—\-–－]\s?{A_YEAR}(?!\d)",
    yes=("GB/T 1234.1—2019", "DB88/ 2301—2020", "GB 18918-2002", "DB33/T 2301—2020"),
    no=("2021—2025", "PM2.5", "A4-2020"),
    why="the number of a standard, which has no code of an organ",
)  # fmt: skip
ARTICLE = Pattern(
    rf"第[{NUMERALS}\d]{{1,6}}条(?:之[{NUMERALS}]{{1,3}})?(?![例款约])",
    yes=("第十一条", "第12条", "第二十条之一"),
    no=("条例", "第三款"),
    why="an article of another document",
)
GOES_BEFORE = Pattern(
    rf"与本{_NEAR}{{1,10}}不(?:一致|符|相符|同)的{_NEAR}{{0,6}}，{_NEAR}{{0,4}}(?:以|按照?)本{_NEAR}{{1,10}}(?:为准|执行|的?规定)",
    yes=("与本通知规定不一致的，以本通知为准", "与本办法不符的，按照本办法执行"),
    no=("与本通知规定不一致的，报市政府", "以本通知为准"),
    why="a document that goes before whatever differs from it",
)
PARTS = Pattern(
    rf"第[{NUMERALS}\d]{{1,6}}[条款项章]|(?:部分|有关|相关|个别|若干)(?:条款|条文|内容|规定|款项)",
    yes=("第十一条", "部分条款", "有关内容"),
    no=("部分文件", "条例"),
    why="a part of a document, not all of it",
)
RESTS_ON = Pattern(
    rf"(?<!{NAMED})(?P<word>根据|依据|按照|依照|遵照|参照|贯彻落实|贯彻执行|贯彻实施|贯彻|落实|实施)(?P<gap>{_NEAR}{{0,40}}){NAMED}",
    yes=("根据◆", "依据省人民政府办公厅印发的◆", ("为贯彻落实◆精神", "贯彻落实◆"), "实施◆"),
    no=("根据有关规定，◆", "◆根据本决定作相应修改", "◆落实细则的通知◆"),
    why="what a document rests on",
)
SOMEBODY_ELSE = Pattern(
    r"(?:应当?|可以?|必须|须|有权|(?<![主需重])要|严格|全面|认真|切实|抓好|推动|加快|继续|人|部门|机关|机构|委员会|企业|单位|法院)$",
    yes=(("供水站应当", "应当"), ("县水务局要", "要"), ("各单位要严格", "严格")),
    no=("为", "现", "主要"),
    why="before 根据: somebody has to go by a document, the one that says so does not rest on it",
)
UNQUOTED = Pattern(
    r"(?:根据|依据|依照)(?P<laws>[^《》，,。；;：:\n]{2,80})(?=[，,][^。；\n]{0,80}制定本|(?:和|及|以及|、)《[^。；\n]{4,120}制定本)",
    yes=(("根据宪法和水法，结合本县实际，制定本办法", "根据宪法和水法"),),
    no=("根据水法的规定处罚", "根据《中华人民共和国水法》，制定本办法"),
    why="laws that a document rests on, named without their brackets",
)
LAW = Pattern(
    r"^(?!有关|相关|其他|国家|本|上位|[^，]{0,20}(?:法律|法规))[\u4e00-\u9fff]{0,24}(?:宪法|(?<![办方做])法|条例)$",
    yes=("宪法", "未成年人保护法", "城市供水条例"),
    no=("办法", "有关法律", "行政法规", "其他条例"),
    why="the name of a law",
)
STRONG = ("根据", "依据", "贯彻落实", "贯彻", "落实")  # alone they tell a basis, 按照 does not
APPLIED = Pattern(
    rf"^(?:等)?{_NEAR}{{0,30}}(?:处罚|处分|处理|追究|给予|予以|执行|办理|修正|修订|修改|进行|核定|确定|实施|承担|申请|开展|所作|作出的)",
    yes=("的规定处罚", ("第三条的规定予以补偿", "第三条的规定予以"), "第二次修正", "执行"),
    no=("，制定本办法", "的要求，结合本市实际，制定本方案"),
    why="a document that a rule applies in a single case, or that amended this one",
)
MAKES = Pattern(
    r"制定(?:了)?本|编制(?:了)?本|制定以下|结合|现就|现将|现印发|特制定|提出(?:了)?(?:如下|以下|本)|起草|作出如下|决定|通[知告]如下|公告如下|经.{0,12}同意|部署",
    yes=(("，制定本办法", "制定本"), ("，现就有关事项", "现就"), ("结合本市实际", "结合")),
    no=("处以罚款",),
    why="a document comes into being",
)  # fmt: skip
DECIDES = Pattern(
    r"决定|宣布|现(?=[将对予废停修])|下列|以下|予以|令",
    yes=("决定", "宣布", ("现对", "现")),
    no=("加快推进", "研究"),
    why="a deed, where a plan only wants it done (推动修订《条例》)",
)
HANDS_ON = Pattern(
    rf"(?:(?P<before>现(?:予以?)?(?:公布|发布|印发|转发){_NEAR}{{0,20}}{NAMED})"
    rf"|{NAMED}{_GAP}{{0,80}}?(?P<verb>印发|转发|翻印|转印|批转|发布|公布|下发|颁发)"
    r"(?=[，,。；;：:！（(\s]|给|至|各|你|请|施行|$))",
    yes=(
        "现公布◆",
        ("◆转发给你们", "◆转发"),
        "◆已经市政府同意，现印发",
        ("◆全文翻印给你们", "◆全文翻印"),
    ),
    no=("◆印发后", "◆发布实施以来", "发布的◆"),
    why="a document is handed on, one's own or another's",
)
HANDS_IT_ON = Pattern(
    r"^\s{0,4}现(?:予以?|将其|一并)?(?P<verb>印发|转发|公布|发布|下发)",
    yes=("现印发", "现予印发", ("现印发你们，请遵照执行", "现印发")),
    no=("已印发", "现将有关事项"),
    why="a sentence that hands on what the one before named",
)
FORWARDS = ("转发", "翻印", "转印", "批转")
NOW = Pattern(r"现|[将兹特]|予以", yes=("现", "将"), no=("已经",), why="done by this very text")
_STOPS = r"(?:废止|停止执行|停止施行|停止实施|不再执行|不再施行|不再适用|失效|停止使用)"
_HOW = r"(?:同时|即行|自行|相应|一并|一律|全部|均|予以|现予|即|也|已|随之|亦|停止使用，|、|均予|起|执行|宣布)"
STOPPED = Pattern(
    rf"{NAMED}(?P<gap>{_GAP}{{0,80}}?)(?:，)?{_HOW}{{0,3}}{_STOPS}(?=[，,。；;：:）)\s]|$|的(?:决定|通知))",
    yes=("◆同时废止", "◆第三条、第五条停止执行", "◆自2026年3月1日起予以废止", "◆，同时废止"),
    no=("废止◆", "◆废止后", "◆需要修改、废止法规的"),
    why="a document, or articles of it, that ceases; the verb stands behind",
)
STOPS = Pattern(
    rf"(?<![或不被])(?:{_STOPS}|宣布失效)(?P<gap>{_NEAR}{{0,60}}){NAMED}"
    rf"|(?:下列|以下){_NEAR}{{0,30}}{_STOPS}[：:]{NAMED}|{_STOPS}(?:下列|以下){_NEAR}{{0,20}}[：:]{NAMED}",
    yes=("废止◆", "停止执行◆", "下列文件失效：◆", "废止以下规章：◆"),
    no=("◆同时废止", "废止，◆"),
    why="the same, the verb in front",
)
CHANGED = Pattern(
    rf"{NAMED}(?P<gap>{_GAP}{{0,80}}?)"
    r"(?:(?:作出?|做出?|进行|予以|给予)[^，。；]{0,8}修[改订正]|修改(?:为|如下)|中的?“|修正为|删去|增加[一两二三])",
    yes=("◆作如下修改", "◆作出修改", "◆第三条修改为", "◆第五条中的“", "◆予以修改"),
    no=("修改◆", "◆修改后"),
    why="a document that is amended; the verb stands behind",
)
CHANGES = Pattern(
    rf"(?<!的)(?<!根据)(?:修改|修订|修正|删去|删除)(?P<gap>(?!后|的|过|为|完善){_NEAR}{{0,20}}){NAMED}",
    yes=("修改◆", ("删去◆第五条", "删去◆"), ("决定修改市政府◆", "修改市政府◆")),
    no=("修订后的◆", "◆修改"),
    why="the same, the verb in front",
)
REPLACED = Pattern(
    rf"(?:(?:代替|替代|取代)(?:了|原)?{_NEAR}{{0,20}}{NAMED})"
    rf"|{NAMED}{_GAP}{{0,30}}由本{_NEAR}{{1,10}}(?:代替|替代|取代)",
    yes=("代替◆", "◆由本办法取代", "◆不再执行，由本要点替代"),
    no=("◆由本办法解释",),
    why="a document whose place this one takes",
)
EXTENDED = Pattern(
    rf"{NAMED}{_GAP}{{0,24}}(?:有效期|期限|执行期|实施期|试行期){_GAP}{{0,16}}?(?:延长|延续|顺延|延期)"
    rf"|(?:延长|延续){_NEAR}{{0,8}}{NAMED}{_NEAR}{{0,10}}(?:有效期|期限|执行期|试行期)"
    rf"|{NAMED}{_GAP}{{0,24}}(?:延长|延续|延期|顺延|继续)(?:实施|执行|施行|有效|适用)?(?:期限|有效期)?(?:至|到)",
    yes=("◆有效期延长", "延长◆有效期", "◆延续执行至", "◆继续执行至"),
    no=("◆有效期5年", "◆将于2026年6月30日到期"),
    why="a document whose life is prolonged",
)
UNTIL = Pattern(
    r"(?:延长|延续|顺延|延期|继续)(?:实施|执行|施行|有效|适用)?(?:期限|有效期)?(?:至|到)(?P<rest>.{4,14})",
    yes=("延长至2028年6月30日", "继续执行至2028年底"),
    no=("延长两年",),
    why="the new last day",
)
CORRECTS = Pattern(
    r"更正|勘误|订正", yes=("更正", "勘误"), no=("改正",),
    why="a slip of a document is put right; its force does not change",
)  # fmt: skip
BETWEEN = Pattern(
    rf"^(?:{PARTS}|[的等中、])*+(?:(?:(?<=、)|和|及|与|以及|并){_NEAR}{{0,60}}|[，,](?:{_NEAR}{{0,60}}的)?)$|^$",
    yes=("、", "和国务院发布的", "，2015年公布的", "第三条、第五条和", "", "，"),
    no=("第二次修正的", "规定的", "，经市政府同意，现将", "和有关要求，现将"),
    why="what stands between two documents of one list",
)
OF_ANOTHER = Pattern(
    r"的(?:原)?$", yes=(("修正的", "的"), ("发布的原", "的原")), no=("、",),
    why="the document before tells only where the next one comes from",
)  # fmt: skip
TITLE_HANDS_ON = Pattern(
    r"关于(?P<verb>印发|发布|公布|下发|转发|批转|翻印|转印)(?P<title>.{4,120})的(?:通知|公告|通报|函|令)$",
    yes=("关于印发砚湖管理办法的通知", "关于转发市教育局关于做好工作的通知的通知"),
    no=("关于做好工作的通知",),
    why="a title says what is handed on, often without 《》",
)
ISSUED_AS = Pattern(
    r"(?:第[一二三四五六七八九十]{1,4}次会议)?(?:审议|联合|于[\d年月日]{4,12})?(?:印发|发布|公布|颁布|制定|出台|通过|批准|下发)的(?:原)?$",
    yes=("印发的", ("市政府第三次会议审议通过的", "第三次会议审议通过的"), "于2026年3月1日发布的"),
    no=("修改后的", "印发"),
    why="stands between an issuer and the title of what it issued",
)  # fmt: skip
ISSUER_ENDS = (
    "政府", "办公厅", "办公室", "委员会", "国务院", "代表大会", "部", "委", "局", "厅", "办", "署", "行", "院", "总局",
)  # fmt: skip

# --- lists of what became of documents --------------------------------------------------------

RESULT = Pattern(
    r"继续有效|予以保留|决定保留|拟?保留的|废止|失效|予以修改|拟?修改的|修改下列|修订的|拟修订",
    yes=("继续有效", "废止", "失效", "予以修改", ("修改的规范性文件目录", "修改的")),
    no=("目录", "清理结果"),
    why="what a clean-up says of the documents of a list",
)
LIST_HEADING = Pattern(
    r"(?:目录|清单|名单|一览表|文件|规章|法规|表|[（(][^（）()]{0,8}\d{1,4}\s?[件部项个][^（）()]{0,4}[）)]|[：:])\s*$",
    yes=(
        ("继续有效的规范性文件目录", "目录"),
        ("一、决定废止的规章（共12件）", "（共12件）"),
        ("下列文件予以废止：", "："),
    ),
    no=("继续有效。", "由起草部门提出意见"),
    why="how the line above a list ends",
)
LIST_ITEM = Pattern(
    rf"^\s*(?:\d{{1,4}}(?:[.．、]|\s|(?=[\u4e00-\u9fff《]))|[（(]\d{{1,4}}[)）]|[（(]?[{NUMERALS}]{{1,4}}[)）、]|(?=《))\s*",
    yes=(("1\t砚湖管理办法", "1\t"), ("12.《办法》", "12."), ("（一）《办法》", "（一）")),
    no=("砚湖管理办法", "附件1"),
    why="an entry of a list",
)  # fmt: skip
