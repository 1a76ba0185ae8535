"""Organs as people shorten them: 卫健委 is 卫生健康委员会, 人社局 is 人力资源和社会保障局."""

from vectorstore.language.names import organ_name
from vectorstore.language.text import fold

# As written → as said, the longer form first. Both sides of a comparison are shortened, so a
# document that itself writes the short form is met as well.
_SHORT_FORMS: tuple[tuple[str, str], ...] = (
    ("人力资源和社会保障", "人社"), ("人力资源社会保障", "人社"), ("人力社会保障", "人社"), ("人力社保", "人社"),
    ("卫生健康", "卫健"), ("卫生和健康", "卫健"), ("发展和改革", "发改"), ("发展改革", "发改"),
    ("工业和信息化", "工信"), ("工业信息化", "工信"), ("经济和信息化", "经信"), ("经济信息化", "经信"),
    ("住房和城乡建设", "住建"), ("住房城乡建设", "住建"), ("自然资源和规划", "资规"),
    ("规划和自然资源", "资规"), ("规划自然资源", "资规"), ("市场监督管理", "市监"), ("市场监管", "市监"),
    ("文化广电和旅游", "文广旅"), ("文化和旅游", "文旅"), ("文化旅游", "文旅"), ("教育体育", "教体"),
    ("教育和体育", "教体"), ("退役军人事务", "退役军人"), ("应急管理", "应急"), ("医疗保障", "医保"),
    ("交通运输", "交通"), ("城市管理", "城管"), ("科学技术协会", "科协"), ("科学技术", "科技"),
    ("妇女联合会", "妇联"), ("残疾人联合会", "残联"), ("文学艺术界联合会", "文联"),
    ("社会科学界联合会", "社科联"), ("工商业联合会", "工商联"), ("归国华侨联合会", "侨联"),
    ("共产主义青年团", "团"), ("共青团", "团"), ("农业和农村", "农业农村"), ("民族宗教事务", "民宗"),
    ("民族宗教", "民宗"), ("机关事务管理", "机关事务"), ("老干部", "老干"), ("党委", "委"),
    ("委员会", "委"), ("人民政府", "政府"), ("办公厅", "办"), ("办公室", "办"),
)  # fmt: skip


def shortened(text: str) -> str:
    """A folded copy in which names of organs stand as people say them.

    >>> shortened("市人力资源和社会保障局"), shortened("市卫生健康委员会")
    ('市人社局', '市卫健委')
    """
    text = fold(text)
    for full, short in _SHORT_FORMS:
        text = text.replace(full, short)
    return text


def organ_key(name: str) -> str:
    """What two names of one organ share, whatever level stands in front and however long.

    >>> organ_key("县卫生健康局") == organ_key("卫健局")
    True
    """
    return organ_name(shortened(name))
