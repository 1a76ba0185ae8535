"""Set phrases of official texts: whom a text goes to, how it opens and ends, who signs it. None
of them holds a fact; what is not known is a gap."""

import re

from assistant.cite.splitting import line_of
from assistant.cite.structure import Body
from assistant.drafting.kinds import Kind
from assistant.drafting.levels import place_of
from assistant.drafting.models import DATA_BLANK, NAME_BLANK, Request

_VERBS = (
    "做好", "加强", "提高", "增加", "扩大", "加快", "开展", "推进", "推动", "支持", "设立", "实施", "建设", "落实", "深化", "提升", "促进",
    "规范", "完善", "健全", "保障", "进一步", "切实", "申请", "调整", "成立", "举办", "组织", "支援",
)  # fmt: skip
_DOWN = {
    "省": "各市（州）人民政府，省直各有关部门", "自治区": "各盟市（地、州）人民政府，自治区直各有关部门",
    "市": "各县（市、区）人民政府，市直各有关部门",
    "州": "各县（市）人民政府，州直各有关部门", "盟": "各旗县（市、区）人民政府，盟直各有关部门",
    "县": "各乡镇人民政府（街道办事处），县直各有关部门",
    "区": "各镇人民政府（街道办事处），区直各有关部门",
    "旗": "各苏木镇人民政府（街道办事处），旗直各有关部门",
}  # fmt: skip
_NAMED_KIND = {"管理办法": "办法", "意见": "意见", "行动计划": "行动计划"}


def addressee(request: Request, kind: Kind) -> Body:
    """主送: as the request says, or those that usually get it."""
    if request.kind == "答复":
        named = "、".join(request.addressees) if request.addressees else "[代表姓名]代表"
        return (line_of(f"{named}："),)
    named = "、".join(full_organ(name, request) for name in request.addressees)
    if not named and kind.towards == "down":
        named = _DOWN.get(request.level, "")
    return (line_of(f"{named or '[主送机关]'}："),)


def full_organ(name: str, request: Request) -> str:
    """县政府 → 县人民政府, 各乡镇 → 各乡镇人民政府; with the place's own name before the level."""
    name = re.sub(r"(?<!人民)政府(?=$|办)", "人民政府", name)
    name = re.sub(r"政府办$", "政府办公室", name)
    name = re.sub(r"^各乡镇$", "各乡镇人民政府（街道办事处）", name)
    name = re.sub(r"^各镇街$", "各镇人民政府（街道办事处）", name)
    name = re.sub(r"^我(?=[省市县区州旗])", "", name)
    own = request.unit
    if re.match(r"^[\u4e00-\u9fff×]{2,8}[省市县区州旗]$", own) and name.startswith(own[-1]):
        return f"{own}{name[1:]}"
    return name


def purpose(request: Request) -> str:
    """为做好…工作, or 为加强… where the matter says what is done itself."""
    matter = re.sub(r"^(?:申请|商请|请求)", "", request.matter or request.topic)
    if matter.startswith(_VERBS):
        return f"为{matter}"
    return f"为做好{request.topic}工作"


def opening(request: Request, kind: Kind) -> tuple[str, str]:
    """The set phrase before and behind what a text rests on (根据《…》)."""
    said = kind.opening.replace("{purpose}", purpose(request))
    said = said.replace("{own}实际", f"{place_of(request.unit) or NAME_BLANK}实际")
    said = said.replace("{own}", _own(request)).replace("{matter}", _matter(request))
    said = said.replace("{wanted}", request.matter or request.topic)
    said = said.replace("{self}", _itself(request))
    before, _, behind = said.partition("{basis}")
    return before, behind


def _own(request: Request) -> str:
    """Whose circumstances count: of a government those of its place."""
    unit = request.unit
    return (place_of(unit) if unit.endswith("政府") else unit) or NAME_BLANK


def _itself(request: Request) -> str:
    """How a text speaks of itself: 本行动方案 is 本方案."""
    if "方案" in request.title:
        return "方案"
    return _NAMED_KIND.get(request.kind, "方案")


def _matter(request: Request) -> str:
    return re.sub(r"(?:工作)?(?:情况)?$", "", request.topic) + (
        "工作" if "工作" not in request.topic else ""
    )


def closing(request: Request, kind: Kind) -> Body:
    return (line_of(kind.closing.replace("{matter}", _matter(request))),)


def signature(request: Request) -> Body:
    """Who signs, the day, and who is sent a copy."""
    organs = re.split(r"、|和|与", request.issuer) if request.issuer else []
    signed = [full_organ(name, request) for name in organs] or ["[发文机关]"]
    lines = [*signed, "[成文日期]"]
    if request.copies:
        lines.append(f"抄送：{'，'.join(full_organ(name, request) for name in request.copies)}。")
    return tuple(line_of(line) for line in lines)


def dates(request: Request) -> Body:
    """附则: from when it holds and until when."""
    itself = _itself(request)
    if request.kind == "管理办法":
        return (line_of(f"本办法自[施行日期]起施行，有效期{DATA_BLANK}。"),)
    until = f"，实施期限为{request.period[0]}—{request.period[1]}年" if request.period else ""
    return (line_of(f"本{itself}自印发之日起施行{until}，由[牵头部门]负责解释。"),)
