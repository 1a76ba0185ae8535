"""How tasks are named: by their head, their first sentence, or what a clause says is to be done."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.facts.charge import Charge
from ingest.facts.material import Piece
from vectorstore.language.numbering import unnumbered
from vectorstore.language.pattern import Pattern
from vectorstore.language.sentences import sentences

MAX_TEXT = 200
_LONGEST_NAME = 60  # of one that stands in a cell or heading
_MIN_NAME, _MAX_NAME = 8, 40  # characters of a task's name
_EMPTY = ("", "分工", "措施", "任务", "职责分工", "任务分工", "工作措施", "重点任务")
BY_RULE = Pattern(
    r"(?:应当|并|还)?(?:按照?|依照|根据|依据|结合|适应|对|以|为了?)"
    r"(?![^，。；]{0,60}(?:进行|实施|给予|开展|加强|处|予以|提供|作出|制订|拨付|完善|施工|制定|编制|组织|办理|执行|共同|设置|做好|落实|建立|报送|报告|提交|缴纳|种植|接待|采取|履行|维护|整改|使用|收取|决定|确定|处理))[^，。；]{0,60}|"
    r"(?:应当|并|还)?(?:遵循|坚持|自|于|在|经|通过|采取|除|提前)[^，。；]{0,40}?"
    r"(?:职责|规定|要求|分工|标准|程序|实际|需要|情况|原则|意见|部署|内|前|后|起|时|中|外|方式|形式|日|日期|下|月|年)|"
    r"[^，。；]{1,40}的|依法",
    yes=("按照法定职责", "经批准后", "逾期不报的"),
    no=("建立登记制度", "加强协调配合"),
    why="a clause that says by which rule, when or under which condition something is done",
)
BY_RULE_PREFIX = Pattern(
    r"^(?:按照?|依照|根据|依据)[^，。；]{2,60}?(?:职责|规定|要求|标准|程序)(?:范围)?内?(?=[^，。；]{2})",
    yes=(("依照有关法律的规定处罚", "依照有关法律的规定"),),
    no=("按规定", "处罚"),
    why="the rule by which something is done, before what is done",
)
FOLLOWS = Pattern(
    r"(?:以下|下列|如下)[^，。；：]{0,12}[：:]$",
    yes=(("履行下列职责：", "下列职责："), ("做好以下工作：", "以下工作：")),
    no=("加强以下管理",),
    why="what is to be done is said by the list that follows",
)
REFERS = Pattern(
    r"(?:具体|有关|相关|所需|相应|实施|其)[^，。；：由]{0,10}(?:由|$)|(?:具体|相关|其)(?:办法|标准|细则|事宜|工作)",
    yes=(("有关事宜由某地确定", "有关事宜由"),),
    no=("建立登记制度",),
    why="a task that only the sentence before makes plain",
)
LEADING = Pattern(
    r"^(?:并|还|也|应当?|必须|要|须|同时)(?=[\u4e00-\u9fff]{3})(?!用|急|对)",
    yes=(("并建立档案", "并"), ("必须查清情况", "必须")),
    no=("建立档案", "应急处置"),
    why="words before what is to be done",
)
JOINED = Pattern(
    r"(?:会同|商|、|和|及|与|或者?)[^，。；]{2,60}(?:部门|机关|机构|单位|[局委厅办部府])(?=[^，。；]{2,6}$)",
    yes=(("会同某某部门制定", "会同某某部门"),),
    no=("制定", "会同某某部门"),
    why="the others with whom something is done, before what it is",
)
VIOLATES = Pattern(
    r"^(?:违反本[^，。；]{1,20}规定|有下列[^，。；]{1,20}的)[，,]",
    yes=("违反本办法的规定，", "违反本条例第三条规定，"),
    no=("未登记的",),
    why="the rule that is broken, before what was done",
)
RUN_IN = Pattern(
    r"^[^。；：:\n]{2,40}?(?:[。：:]|\s)(?=.)",
    yes=(("新建水源工程。开工建设水库。", "新建水源工程。"),),
    no=("开工建设水库。", "开工建设水库"),
    why="the head of an item in the line of its text",
)


@dataclass(frozen=True, slots=True)
class Task:
    """The heading of a task, and its first sentence."""

    subject: str
    text: str


def charged_task(sentence: str, charge: Charge, line: Piece, at: int, after: str) -> Task:
    """The task of a clause, named by what is to be done; with the condition where 由 puts
    somebody in charge. What is 具体办法 is said by the sentence before, what are 下列职责 by
    the lines `after`."""
    own = sentence[slice(*charge.task)].strip("，,、。；; ").removesuffix("并")
    own = unnumbered(own[1:] if own.startswith("由") and charge.verb != "由" else own)
    text = sentence[: charge.end]
    text = text if len(text) <= MAX_TEXT else sentence[charge.clause : charge.end][:MAX_TEXT]
    if len(own) < 2 or re.split("[:：]", own)[0].strip() in _EMPTY:
        return Task(task_of(sentence, line.headings).subject[:_MAX_NAME], text)
    if FOLLOWS.search(own) and after:
        return Task(_cut(f"{own}{after}"), f"{text}{after}"[:MAX_TEXT])
    if REFERS.match(own) and len(own) < _MAX_NAME // 2:
        before = line.text[:at].rstrip("。 ")[-MAX_TEXT:]
        head = next((h for h in map(unnumbered, reversed(line.headings)) if h not in _EMPTY), "")
        said = head or re.split("[，。；]", before)[-1]
        return Task(_cut(f"{said}：{own}" if said else own), f"{before}。{text}")
    if "由" in own[1:]:
        own = _without_organs(own, charge)
    elif charge.verb == "由":
        return Task(_with_condition(sentence[charge.clause : charge.task[0]], own), text)
    return Task(short(own), text)


def _with_condition(before: str, own: str) -> str:
    """未登记的，由某局责令改正 → 未登记的，责令改正."""
    done = short(own)
    condition = VIOLATES.remove_from(before[: before.rfind("由")].strip("，,并可也应当 "))
    room = _MAX_NAME - len(done) - 1
    if len(condition) < 2 or room < _MIN_NAME:
        return done
    return f"{condition if len(condition) <= room else condition[: room - 1] + '…'}，{done}"


def _without_organs(own: str, charge: Charge) -> str:
    """具体办法由甲会同乙制定 → 制定具体办法."""
    what, _, rest = own.partition("由")
    doing = rest[max(rest.find(organ) + len(organ) for organ in charge.organs) :]
    if joint := JOINED.match(doing):
        doing = doing[joint.end() :]
    what = re.sub(r"(?:也|均|都)?(?:应当?|必须|可以|须)$", "", what)
    if what.endswith("的"):
        return f"{what}，{doing}"
    return f"{doing}{what}" if 2 <= len(doing) <= 6 else own


def readable(name: str) -> str:
    """A name that an answer can show: the first clause of what is too long for one."""
    return name if len(name) <= _LONGEST_NAME else _cut(re.split(r"[，；。]", name)[0])


def _cut(name: str) -> str:
    return name if len(name) <= _MAX_NAME else f"{name[: _MAX_NAME - 1]}…"


def short(task: str) -> str:
    """As many clauses as fit a name, those that but say how or by which rule left out."""
    clauses = [c for c in re.split(r"[，,；;。]", task) if c]
    while len(clauses) > 1 and BY_RULE.fullmatch(clauses[0]):
        clauses.pop(0)
    name = LEADING.remove_from(clauses[0]) or clauses[0]
    for clause in clauses[1:]:
        if len(name) >= _MIN_NAME or len(name) + len(clause) >= _MAX_NAME:
            break
        name = f"{name}，{clause}"
    return name if len(name) <= _MAX_NAME else f"{name[: _MAX_NAME - 1]}…"


def task_of(text: str, headings: Sequence[str], body: str = "") -> Task:
    """The run-in head of an item and its first sentence; the heading where it has no head."""
    heading = next((h for h in map(unnumbered, reversed(headings)) if h not in _EMPTY), "")
    text = unnumbered(text.strip())
    head = RUN_IN.match(text)
    if head and head[0].rstrip("。：: \u3000") in _EMPTY:
        return Task(heading, first_sentence(text[head.end() :]))
    if head and not _is_sentence(head[0]):
        rest = text[head.end() :]
        return Task(head[0].rstrip("。：: \u3000"), first_sentence(rest))
    if text and heading and (text.startswith(heading) or heading.startswith(text[:12])):
        return Task(heading, first_sentence(text[len(heading) :].lstrip("。 ")) or text)
    if not text:
        return Task(heading, first_sentence(unnumbered(body)))
    return Task(heading or first_sentence(text)[:40], first_sentence(text))


def is_run_in(text: str) -> bool:
    """Whether an item's line opens with a head of its own."""
    head = RUN_IN.match(unnumbered(text))
    return bool(head and head[0].rstrip().endswith("。") and not _is_sentence(head[0]))


def _is_sentence(head: str) -> bool:
    return "，" in head and len(head) > 18


def first_sentence(text: str) -> str:
    start, end = next(sentences(text), (0, 0))
    return text[start:end][:MAX_TEXT]
