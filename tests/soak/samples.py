"""Folders of small invented documents, and questions whose best passages are known to differ."""

from pathlib import Path

_TASKS = (
    "水库巡查", "校舍安全", "农村饮水", "社区养老", "道路养护", "森林防火", "病虫害防治", "网络安全",
    "特色种植", "残疾人就业", "垃圾分类", "消防通道", "科普宣传", "公共阅读", "河道清淤", "食品抽检",
)  # fmt: skip
_PLACES = ("甲县", "乙县", "丙区", "丁市", "戊县", "己区", "庚市", "辛县")


def document(number: int, items: int = 12) -> str:
    """One document; every number gives another text."""
    place, task = _PLACES[number % len(_PLACES)], _TASKS[number % len(_TASKS)]
    lines = [
        f"{place}人民政府关于加强{task}第{number}项工作的通知",
        "各乡镇人民政府，各有关部门：",
        f"为做好{task}工作，现就第{number}项工作有关事项通知如下。",
    ]
    for i in range(1, items + 1):
        other = _TASKS[(number * 7 + i * 3) % len(_TASKS)]
        lines.append(
            f"第{i}条 {place}{task}领导小组每年开展{other}检查{number + i}次，"
            f"在{i % 12 + 1}月底前向第{number}号台账报送结果，并安排经费{number * 13 + i * 5}万元。"
        )
    return "\n".join([*lines, f"{place}人民政府", f"20{10 + number % 14}年{number % 12 + 1}月2日"])


def write_folder(folder: Path, count: int, items: int = 12) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{number:03}.txt" for number in range(count)]
    for number, path in enumerate(paths):
        path.write_text(document(number, items), encoding="utf-8")
    return paths


QUESTIONS = tuple(
    f"{place}{task}每年检查多少次，安排经费多少？"
    for place, task in zip(_PLACES + _PLACES[:2], _TASKS[: len(_PLACES) + 2], strict=True)
)
