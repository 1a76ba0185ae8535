"""Invented documents with what they state: a province, its cities and a county."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from vectorstore.catalog.port import Source
from vectorstore.facts import Fact, Relation, Stated
from vectorstore.index import PolicyIndex
from vectorstore.models import Document, Heading, Metadata, Passage

WATER = "农村自来水普及率"
Said = tuple[str, str, dict[str, Any]]  # quote, kind, fields of the fact

PROVINCE: Sequence[Said] = (
    ("到2027年，全省农村自来水普及率达到95%以上", "target",
     {"subject": WATER, "place": "云岭省", "level": "省", "value": 95.0, "unit": "%", "text": "95%以上", "comparator": ">=", "year": 2027, "heading_path": ("一、总体目标",)}),
    ("规模化供水工程覆盖农村人口比例达到70%", "target",
     {"subject": "规模化供水工程覆盖农村人口比例", "place": "云岭省", "level": "省", "value": 70.0, "unit": "%", "text": "70%", "comparator": "=", "year": 2027, "heading_path": ("一、总体目标",)}),
    ("省水利厅牵头，省财政厅、省农业农村厅配合", "duty",
     {"subject": "改造农村供水管网", "text": "改造农村供水管网。", "role": "lead", "organs": ("省水利厅",), "heading_path": ("二、重点任务", "（一）管网改造")}),
)  # fmt: skip
CITY: Sequence[Said] = (
    ("截至2025年底，全市农村自来水普及率为91.6%", "figure",
     {"subject": WATER, "place": "青禾市", "level": "市", "value": 91.6, "unit": "%", "text": "91.6%", "comparator": "=", "year": 2025, "heading_path": ("一、工作基础",)}),
    ("到2026年底，全市农村自来水普及率达到93%以上", "target",
     {"subject": WATER, "place": "青禾市", "level": "市", "value": 93.0, "unit": "%", "text": "93%以上", "comparator": ">=", "year": 2026, "heading_path": ("二、工作目标",)}),
    ("到2027年底达到94%以上", "target",
     {"subject": WATER, "place": "青禾市", "level": "市", "value": 94.0, "unit": "%", "text": "94%以上", "comparator": ">=", "year": 2027, "heading_path": ("二、工作目标",)}),
    ("市水利局牵头，市财政局、各县（区）人民政府配合", "duty",
     {"subject": "更换老旧管道，建设联村供水工程", "text": "更换老旧管道，建设联村供水工程。", "role": "lead", "organs": ("市水利局",), "heading_path": ("三、重点任务", "（一）管网提质")}),
    ("市水利局牵头，市财政局、各县（区）人民政府配合", "duty",
     {"subject": "更换老旧管道，建设联村供水工程", "text": "更换老旧管道，建设联村供水工程。", "role": "support", "organs": ("市财政局", "各县（区）人民政府"), "heading_path": ("三、重点任务", "（一）管网提质")}),
    ("对新建的联村工程，每处补助12万元", "amount",
     {"subject": "联村供水工程补助", "group": "新建工程", "value": 120000.0, "unit": "元", "text": "12万元", "comparator": "=", "condition": "验收合格", "heading_path": ("四、资金保障",)}),
    ("申报时间为2026年3月1日至5月31日", "window",
     {"subject": "补助申报", "since": date(2026, 3, 1), "until": date(2026, 5, 31), "heading_path": ("四、资金保障",)}),
    ("联系电话：市水利局农水科 0999-5550123", "contact",
     {"subject": "市水利局农水科", "text": "0999-5550123", "heading_path": ("五、其他",)}),
    ("联村工程是指两个以上行政村共用水源和管网的供水工程", "definition",
     {"subject": "联村工程", "text": "两个以上行政村共用水源和管网的供水工程", "heading_path": ("五、其他",)}),
    ("本方案自2026年2月1日起施行，有效期2年", "validity",
     {"since": date(2026, 2, 1), "until": date(2028, 1, 31), "value": 2.0, "heading_path": ("五、其他",)}),
)  # fmt: skip
OLD: Sequence[Said] = (
    ("到2026年农村自来水普及率达到90%", "target",
     {"subject": WATER, "place": "青禾市", "level": "市", "value": 90.0, "unit": "%", "text": "90%", "comparator": "=", "year": 2026, "heading_path": ("一、目标",)}),
)  # fmt: skip
BULLETIN: Sequence[Said] = (
    ("年末农村自来水普及率92.1%", "figure",
     {"subject": WATER, "place": "青禾市", "level": "市", "value": 92.1, "unit": "%", "text": "92.1%", "comparator": "=", "year": 2025, "heading_path": ("十、生态和民生",)}),
    ("其中望江县农村自来水普及率89.5%", "figure",
     {"subject": WATER, "place": "望江县", "level": "县", "value": 89.5, "unit": "%", "text": "89.5%", "comparator": "=", "year": 2025, "heading_path": ("十、生态和民生",)}),
    ("全市常住人口213.4万人", "figure",
     {"subject": "常住人口", "place": "青禾市", "level": "市", "value": 2134000.0, "unit": "人", "text": "213.4万人", "comparator": "=", "year": 2025, "heading_path": ("一、综合",)}),
)  # fmt: skip
LAKE: Sequence[Said] = (
    ("2027年农村自来水普及率达到96%", "target",
     {"subject": WATER, "place": "松湖市", "level": "市", "value": 96.0, "unit": "%", "text": "96%", "comparator": "=", "year": 2027, "heading_path": ("一、目标任务",)}),
    ("对私自取水的，处2000元以上1万元以下罚款", "amount",
     {"subject": "私自取水罚款", "value": 2000.0, "high": 10000.0, "unit": "元", "text": "2000元以上1万元以下", "heading_path": ("二、管理",)}),
)  # fmt: skip

TITLES = {
    "province": "云岭省农村供水高质量发展规划（2026—2030年）",
    "city": "青禾市农村供水保障提质实施方案（2026—2027年）",
    "old": "青禾市农村饮水安全巩固提升方案（2021—2026年）",
    "bulletin": "青禾市2025年国民经济和社会发展统计公报",
    "lake": "松湖市农村供水管理办法",
}
CITY_PATH = ("云岭省", "青禾市")
REPEAL = "《青禾市农村饮水安全巩固提升方案（2021—2026年）》（青政发〔2021〕9号）同时废止"


def fill(index: PolicyIndex) -> None:
    """Five documents; the city's plan repeals its old one and rests on the province's."""
    put(
        index,
        "province",
        PROVINCE,
        region=("云岭省",),
        document_number="云岭政发〔2025〕41号",
        issuer="云岭省人民政府",
        date_written=date(2025, 11, 3),
        period="2026—2030",
        period_end=2030,
        kind="规划",
    )
    repeal = (
        "废止",
        REPEAL,
        {"title": TITLES["old"], "number": "青政发〔2021〕9号", "effective": date(2026, 2, 1)},
    )
    basis = (
        "依据",
        "根据《云岭省农村供水高质量发展规划（2026—2030年）》（云岭政发〔2025〕41号）和《云岭省水网条例》",
        {"title": TITLES["province"], "number": "云岭政发〔2025〕41号"},
    )
    absent = ("依据", basis[1], {"title": "云岭省水网条例"})
    put(
        index,
        "city",
        CITY,
        (basis, absent, repeal),
        region=CITY_PATH,
        document_number="青政发〔2026〕2号",
        issuer="青禾市人民政府",
        date_written=date(2026, 1, 20),
        kind="实施方案",
        cites=((TITLES["province"], "云岭政发〔2025〕41号"), ("云岭省水网条例", None)),
    )
    put(
        index,
        "old",
        OLD,
        region=CITY_PATH,
        document_number="青政发〔2021〕9号",
        issuer="青禾市人民政府",
        date_written=date(2021, 6, 1),
        kind="方案",
    )
    put(
        index,
        "bulletin",
        BULLETIN,
        region=CITY_PATH,
        issuer="青禾市统计局",
        date_written=date(2026, 3, 9),
        kind="公报",
    )
    put(
        index,
        "lake",
        LAKE,
        region=("云岭省", "松湖市"),
        document_number="松政发〔2026〕4号",
        issuer="松湖市人民政府",
        date_written=date(2026, 4, 2),
        kind="办法",
        status="现行有效",
    )


# fmt: skip


def put(
    index: PolicyIndex,
    name: str,
    said: Sequence[Said],
    relations: Sequence[tuple[str, str, dict[str, Any]]] = (),
    *,
    title: str = "",
    **metadata: Any,
) -> None:
    """A document that says each of these sentences under its heading, and no more."""
    lines: list[str] = [title or TITLES[name]]
    headings: list[tuple[str, int]] = []
    for quote in dict.fromkeys(q for _, q, _ in relations):
        lines.append(f"{quote}。")
    for quote, _, values in said:
        for heading in values.get("heading_path", ()):
            if heading not in lines:
                headings.append((heading, len("\n".join(lines)) + 1))
                lines.append(heading)
        if f"{quote}。" not in lines:
            lines.append(f"{quote}。")
    text = "\n".join(lines)
    facts = tuple(
        Fact(kind, name, at, at + len(q), q, passage_id=f"{name}-0000", **values)  # type: ignore[arg-type]
        for q, kind, values in said
        for at in (text.index(q),)
    )
    ties = tuple(
        Relation(kind, name, at, at + len(q), q, passage_id=f"{name}-0000", **values)  # type: ignore[arg-type]
        for kind, q, values in relations
        for at in (text.index(q),)
    )
    outline = tuple(Heading(1, heading, at) for heading, at in headings)
    document = Document(
        name, name, (), "txt", text, Metadata(title or TITLES[name], **metadata), outline
    )
    passage = Passage(f"{name}-0000", name, 0, 0, len(text), text)
    vectors = index.embedder.embed_passages([text])
    sources = [Source(f"{name}.txt", name, len(text), 1)]
    with index.writing():
        index.replace_document(document, [passage], vectors, sources, Stated(facts, ties))
