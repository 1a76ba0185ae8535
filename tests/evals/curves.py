"""Line charts as SVG, for docs/."""

from collections.abc import Sequence
from pathlib import Path

Series = tuple[str, Sequence[tuple[float, float]]]
COLOURS = ("#1c56a6", "#8a5300", "#1f6b3b", "#b3261e")
WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT = 640, 360, 64, 48, 28, 20


def chart(
    file: Path, title: str, axes: tuple[str, str], series: Sequence[Series], *, zero: bool = True
) -> None:
    """Writes one chart with a line for each series of (x, y)."""
    points = [point for _, line in series for point in line]
    low_x, high_x = min(x for x, _ in points), max(x for x, _ in points)
    low_y = 0.0 if zero else min(y for _, y in points)
    high_y = max(y for _, y in points) or 1.0

    def place(x: float, y: float) -> tuple[float, float]:
        wide, high = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
        across = (x - low_x) / ((high_x - low_x) or 1)
        up = (y - low_y) / ((high_y - low_y) or 1)
        return LEFT + wide * across, HEIGHT - BOTTOM - high * up

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{title}" font-family="sans-serif" font-size="13">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        f'<text x="{WIDTH / 2}" y="18" text-anchor="middle" font-size="15">{title}</text>',
    ]
    for i in range(5):
        y = low_y + (high_y - low_y) * i / 4
        _, at = place(low_x, y)
        parts.append(
            f'<line x1="{LEFT}" y1="{at}" x2="{WIDTH - RIGHT}" y2="{at}" stroke="#d9dee8"/>'
        )
        parts.append(f'<text x="{LEFT - 6}" y="{at + 4}" text-anchor="end">{y:.2f}</text>')
        x = low_x + (high_x - low_x) * i / 4
        at, _ = place(x, low_y)
        label = f"{x:.2f}" if high_x <= 10 else f"{x:.0f}"
        parts.append(
            f'<text x="{at}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{label}</text>'
        )
    parts.append(f'<text x="{WIDTH / 2}" y="{HEIGHT - 8}" text-anchor="middle">{axes[0]}</text>')
    parts.append(f'<text x="14" y="{HEIGHT / 2}" transform="rotate(-90 14 {HEIGHT / 2})" text-anchor="middle">{axes[1]}</text>')  # fmt: skip
    for number, (name, line) in enumerate(series):
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in (place(*point) for point in line))
        colour = COLOURS[number % len(COLOURS)]
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        at = TOP + 16 + 18 * number
        parts.append(f'<text x="{WIDTH - RIGHT - 8}" y="{at}" text-anchor="end" fill="{colour}">{name}</text>')  # fmt: skip
    file.write_text("\n".join([*parts, "</svg>"]) + "\n", encoding="utf-8")
