"""Labels of pages without Gradio where markup cannot stand."""


def pick(english: bool, zh: str, en: str) -> str:
    """A label where markup cannot stand: in options and attributes."""
    return en if english else zh
