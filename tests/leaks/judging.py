"""What counts as a leak: anything of a document that somebody does not see, in what they got."""

import json
import re
import zipfile
from collections import Counter
from dataclasses import dataclass
from io import BytesIO

from tests.leaks.office import Office

_ESCAPED = re.compile(r"\\u[0-9a-f]{4}")
# Counts of documents, as pages and answers word them.
_COUNT = re.compile(r"(\d+) ?份(?:可见)?文件|(\d+) documents|\"documents\": ?(\d+)")


@dataclass(frozen=True)
class Leak:
    """Something was shown that must not be, to whom and where."""

    who: str
    where: str
    what: str


def text_of(body: bytes) -> str:
    """All that can be read in an answer: of Word and Excel files what their parts hold, of JSON
    also what it escapes."""
    if body[:2] == b"PK":
        with zipfile.ZipFile(BytesIO(body)) as packed:
            names = " ".join(packed.namelist())
            return names + "".join(text_of(packed.read(name)) for name in packed.namelist())
    said = body.decode("utf-8", "replace")
    if _ESCAPED.search(said):
        said += _ESCAPED.sub(lambda m: json.loads(f'"{m[0]}"'), said)
    return said


class Judge:
    """Knows the secrets of an office, and finds them in what one person gets."""

    def __init__(self, office: Office):
        self.office = office
        self.leaks: list[Leak] = []
        self.looked = 0
        self.met: Counter[str] = Counter()  # what people rightly got, by where's first word
        said = {s: m.number for m in office.made for s in (m.word, m.inner)}
        # Digits only where they stand alone: ids and hashes hold any.
        figures = {s: m.number for m in office.made for s in (m.figure, m.sum, f"{m.code}号")}
        self._owner = {
            **said,
            **figures,
            **dict(zip(office.ids, range(len(office.ids)), strict=True)),
        }
        digits = rf"(?<![0-9A-Za-z])(?<!0\.)(?:{'|'.join(figures)})(?![0-9A-Za-z])"  # no score
        self._secret = re.compile("|".join([*said, *office.ids, digits]))
        self._inside = {s: m.number for m in office.made for s in m.inside}

    def look(
        self, who: str, seen: frozenset[int], where: str, body: bytes | str, typed: str = ""
    ) -> None:
        """`typed` is what they wrote or asked for themselves: to get that back is no leak."""
        self.looked += 1
        shown = text_of(body.encode() if isinstance(body, str) else body)
        for secret in set(self._secret.findall(shown)):
            owner = self._owner[secret]
            self.met[where.split()[0]] += owner in seen and secret not in typed
            if owner not in seen and secret not in typed:
                self.leaks.append(Leak(who, where, f"{secret} of {owner}"))
            elif secret in self._inside and secret not in typed and self._is_unquotable(owner):
                # It can be read on its page, and in the file of whoever may have that.
                if f"s/{self.office.ids[owner]}" not in where:
                    self.leaks.append(Leak(who, where, f"{secret} of {owner}, not to be quoted"))
        for found in _COUNT.finditer(shown):
            if int(found[1] or found[2] or found[3]) > len(seen) and found[0] not in typed:
                self.leaks.append(Leak(who, where, f"{found[0]}, of {len(seen)} in sight"))
        acts = [m for m in self.office.made if m.number in seen and m.repeals is not None]
        if not acts and "/documents/" in where and "已废止" in shown:
            self.leaks.append(Leak(who, where, "已废止, by an act out of sight"))

    def _is_unquotable(self, number: int) -> bool:
        return not self.office.made[number].audience.may_quote
