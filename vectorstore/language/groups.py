"""Whom a text speaks of: the groups of people that policies tell apart."""

from vectorstore.language.pattern import Pattern

# Words of one group stand for each other; people in general (居民, 群众, 个人) are no group.
GROUPS: dict[str, Pattern] = {
    "老年人": Pattern(
        r"老年|老人|长者|高龄|(?:[6-9]\d|100|[六七八九]十)(?:周)?岁",
        yes=("老人", ("独居老年人", "老年"), ("65岁以上", "65岁")),
        no=("三岁儿童", "老旧小区"),
    ),
    "残疾人": Pattern(r"残疾|残障", yes=(("残疾儿童", "残疾"),), no=("县残联",)),
    "儿童": Pattern(
        r"儿童|婴幼?儿|幼儿(?!园)|少年|未成年|孩子|小孩|[0-6三六]岁以下",
        yes=("儿童", ("青少年", "少年"), "婴幼儿"),
        no=("幼儿园",),
    ),
    "学生": Pattern(
        r"学生|毕业生|每生|学子",
        yes=(("中小学生", "学生"), ("每生每年", "每生")),
        no=("学校", "学位"),
    ),
    "教师": Pattern(r"教师|教职工|老师|园丁", yes=(("乡村教师", "教师"),), no=("教育", "师范")),
    "幼儿园": Pattern(r"学前|幼儿园|入园|幼教", yes=("学前",), no=("幼儿", "小学")),
    "小学": Pattern(r"小学|义务教育", yes=(("中小学", "小学"), "小学"), no=("中学", "大学")),
    "初中": Pattern(
        r"初中|(?<![初高小])中学|中小学|义务教育", yes=("初中", "中学"), no=("小学生", "高中学生")
    ),
    "高中": Pattern(r"高中|(?<![初高小])中学|中小学", yes=("高中",), no=("初中学生", "高校")),
    "高校": Pattern(
        r"高校|(?<!老年)(?<!社区)(?<!科普)大学|本科|大专|高职|专科",
        yes=("高校", "大学"),
        no=("老年大学", "中学"),
    ),
    "妇女": Pattern(r"妇女|女性|孕产妇|女职工", yes=("孕产妇",), no=("县妇联", "男女")),
    "农民": Pattern(
        r"农民(?!工|日报)|农牧民|农户|村民|农村居民|农业转移人口|种植户|养殖户|牧民|渔民",
        yes=(("高素质农民", "农民"), "农牧民"),
        no=("农民工", "农业"),
    ),
    "农民工": Pattern(r"农民工|务工", yes=("农民工", ("外出务工", "务工")), no=("农民",)),
    "城镇居民": Pattern(
        r"城镇(?:常住)?居民|城市居民|市民(?!政|族|营|用)",
        yes=("城镇居民", "市民"),
        no=("市民政局", "城乡居民"),
    ),
    "职工": Pattern(
        r"职工|员工|工人(?!阶级)|技能人才|劳动者|从业人员",
        yes=(("产业工人", "工人"), "职工"),
        no=("工作", "人工"),
    ),
    "干部": Pattern(r"干部|公务员", yes=(("领导干部", "干部"), "公务员"), no=("骨干",)),
    "退役军人": Pattern(r"退役|退伍|复员|军人|士兵", yes=(("退役军人", "退役"),), no=("退休人员",)),
    "脱贫人口": Pattern(
        r"脱贫|贫困|建档立卡|监测对象", yes=(("脱贫人口", "脱贫"), "建档立卡"), no=("困难群众",)
    ),
    "低保对象": Pattern(r"低保|最低生活保障|低收入", yes=(("低保家庭", "低保"),), no=("社会保障",)),
    "特困人员": Pattern(r"特困|五保", yes=(("特困供养人员", "特困"),), no=("特殊困难",)),
    "失业人员": Pattern(
        r"失业(?!保险|率)|待业|零就业", yes=(("登记失业人员", "失业"),), no=("失业保险", "失业率")
    ),
    "科技人员": Pattern(
        r"科技工作者|科研人员|科技人员|科学家", yes=("科技工作者",), no=("科技馆",)
    ),
    "医务人员": Pattern(r"医务|医护|医生|医师|护士", yes=("医护", "护士"), no=("医疗", "养老护理")),
}
STAGES = frozenset(("幼儿园", "小学", "初中", "高中", "高校"))  # told apart among themselves
# Groups of which one may be named for the other.
KIN = (
    frozenset(("儿童", "学生")),
    frozenset(("农民工", "职工")),
    frozenset(("农民工", "农民")),
    frozenset(("脱贫人口", "低保对象")),
    frozenset(("教师", "职工")),
    frozenset(("医务人员", "职工")),
    frozenset(("失业人员", "职工")),
)


def groups_in(text: str) -> frozenset[str]:
    """The groups that a text names.

    >>> sorted(groups_in("残疾儿童家庭"))
    ['儿童', '残疾人']
    """
    return frozenset(name for name, words in GROUPS.items() if words.search(text))


def rivals(group: str, said: frozenset[str], asked: frozenset[str]) -> frozenset[str]:
    """The groups of those that a text speaks of which are others than `group` and all that are
    asked about: schools beside schools, people beside people.

    >>> rivals("农民", frozenset({"教师", "小学"}), frozenset({"农民"}))
    frozenset({'教师'})
    """
    return frozenset(
        other
        for other in said
        if (other in STAGES) == (group in STAGES) and not any(are_kin(other, a) for a in asked)
    )


def is_left_to(group: str, text: str) -> bool:
    """Whether a text has a figure right behind a group, its indicator left to what went before.

    >>> is_left_to("初中", "小学不超过60分钟，初中不超过90分钟")
    True
    """
    return any(
        _FIGURE_NEXT.match(text[match.end() : match.end() + 30])
        for match in GROUPS[group].finditer(text)
    )


_FIGURE_NEXT = Pattern(
    r"^[人者民生口员家庭]{0,2}(?:不?(?:超过|低于|高于|少于|大于)|控制在|达到?|为|是|各|分别|每[人月年户天日餐生]|约|补助|发放|共|、|，){0,3}\d{1,9}",
    yes=("人不低于98", "每人每月500", "人8"),
    no=("大病救治率99",),
    why="what may stand between whom a figure counts and the figure",
)


def are_kin(one: str, other: str) -> bool:
    return one == other or any(one in pair and other in pair for pair in KIN)
