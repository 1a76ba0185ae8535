"""Labels of pages where markup cannot stand."""


def pick(english: bool, zh: str, en: str) -> str:
    """A label where markup cannot stand: in options and attributes."""
    return en if english else zh


def hint(zh: str, en: str) -> dict[str, str]:
    """What a box shows while it is empty, on pages that are made before it is known in which
    language they are read (shell.js chooses). An example begins with 如 and e.g."""
    return {"placeholder": zh, "data_hint_en": en}
