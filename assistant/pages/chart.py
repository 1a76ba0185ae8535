"""Bars as inline SVG: text keeps its size at every width, colours come from the page's style."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.pages.markup import element, join, text
from vectorstore.language.figures import plain_number

_LABEL = 96  # pixels for a bar's label
_SHARE = 54  # percent of the width that the longest bar takes
_LINE, _HEAD = 24, 28  # pixels
_CHARACTERS = 14  # of a value beside its bar


@dataclass(frozen=True, slots=True)
class Bar:
    """`label` stands before the bar, `shown` behind it; `tone` is a class of the style."""

    label: str
    value: float
    shown: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    bars: tuple[Bar, ...]


def bar_chart(title: str, groups: Sequence[Group], unit: str) -> str:
    """A figure whose text alternative says every value. Bars begin at 0, negative ones too."""
    most = max((abs(bar.value) for group in groups for bar in group.bars), default=0.0) or 1.0
    parts, y = [], 0
    for group in groups:
        parts.append(element("text", text(group.name), x=0, y=y + 18, class_="group"))
        y += _HEAD
        for bar in group.bars:
            parts.append(_bar(bar, y, _SHARE * abs(bar.value) / most))
            y += _LINE
    said = "；".join(
        f"{group.name}：" + "，".join(f"{bar.label} {bar.shown}" for bar in group.bars)
        for group in groups
    )
    inside = element("title", text(title)) + element("desc", text(said)) + join(parts)
    drawing = element("svg", inside, width="100%", height=y + 6, role="img", class_="bars",
                      aria_label=f"{title}。{said}")  # fmt: skip
    caption = element("figcaption", text(f"{title}（{unit}）" if unit else title))
    return element("figure", caption + drawing, class_="chart")


def _bar(bar: Bar, y: int, share: float) -> str:
    """The value stands behind the bar's end: moved by pixels, placed by percent."""
    label = element("text", text(bar.label), x=0, y=y + 15, class_="label")
    block = element("rect", x=0, y=y + 3, width=f"{max(share, 0.4):.2f}%", height=_LINE - 8, rx=2,
                    class_=f"bar {bar.tone}".strip())  # fmt: skip
    value = element("g", element("text", text(bar.shown[:_CHARACTERS]), x=f"{share:.2f}%", y=y + 15),
                    transform="translate(6 0)")  # fmt: skip
    return label + element("g", block + value, transform=f"translate({_LABEL} 0)")


def number_shown(value: float, unit: str) -> str:
    """Large numbers by 万 and 亿."""
    for scale, word in ((1e8, "亿"), (1e4, "万")):
        if abs(value) >= scale:
            return f"{plain_number(round(value / scale, 2))}{word}{unit}"
    return f"{plain_number(value)}{unit}"
