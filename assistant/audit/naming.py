"""Titles and 文号 of a text, held against the catalogue and what its documents cite."""

import re
from collections.abc import Iterator

from assistant.audit.alignment import pairs
from assistant.audit.claims import Claim
from assistant.cite.citation import Citation, citation_of
from assistant.find.evidence import Evidence
from assistant.understand.corpus import full_name, same_title, title_core
from vectorstore.language.names import DOCUMENT_NUMBER, TITLE, likely_number, number_endings
from vectorstore.language.pattern import Pattern
from vectorstore.language.sentences import sentences
from vectorstore.language.text import fold, search_copy
from vectorstore.models import DocumentSummary

_BEHIND_TITLE = 12  # characters between a title and the number that goes with it
_BEFORE_TITLE = 60  # characters between a number and the title that is issued under it
_ISSUES = Pattern(
    r"^(?:号?文件?)?[，,]?(?:转发|印发|发布|出台|下发|公布)",
    yes=("文件，转发", "印发", "文件印发"),
    no=("要求落实", "和"),
    why="behind a number: under it the title that follows was issued",
)
_AS_CURRENT = Pattern(
    r"(?:根据|按照|依据|依照|遵照|执行|落实)[^，。；《》]{0,8}$",
    yes=("根据", ("严格按照", "按照")),
    no=("参照", "学习了"),
    why="in front of a title: what a text goes by",
)
_SAYS_EXPIRED = re.compile(r"届满|到期|期满|已过|过期|已经?结束|废止|失效|上一轮|往期|曾")


def titles_and_numbers(sentence: str, evidence: Evidence) -> Iterator[Claim]:
    titles = list(TITLE.finditer(sentence))
    for match in titles:
        yield _title(match, sentence, evidence)
    for match in DOCUMENT_NUMBER.finditer(sentence):
        before = [t for t in titles if 0 <= match.start() - t.end() <= _BEHIND_TITLE]
        title = before[-1][1] if before else _issued_by(match, titles, sentence)
        yield _number(match, title, evidence)


def _issued_by(number: re.Match[str], titles: list[re.Match[str]], sentence: str) -> str | None:
    """The title that a sentence says was issued under a number: 以粤府办〔2020〕4号文件转发…《…》."""
    behind = next((t for t in titles if t.start() >= number.end()), None)
    if behind is None or behind.start() - number.end() > _BEFORE_TITLE:
        return None
    between = sentence[number.end() : behind.start()]
    issues = _ISSUES.search(between) and not DOCUMENT_NUMBER.search(between)
    return behind[1] if issues else None


def _title(match: re.Match[str], sentence: str, evidence: Evidence) -> Claim:
    corpus, title = evidence.corpus, match[1]
    at = match.span()
    if ids := corpus.titled(title):
        documents = [corpus.by_id[i] for i in ids]
        document = documents[0]
        source = card_of(document, "title", evidence)
        if all(d.is_over for d in documents):
            message = f"《{document.metadata.title}》{document.state}"
            if _AS_CURRENT.search(sentence[: at[0]]) and not _SAYS_EXPIRED.search(sentence):
                return Claim(
                    "标题", match[0], *at, "已失效", f"{message}，这里当作现行文件引用", source,
                    sure="中",
                )  # fmt: skip
            return Claim("标题", match[0], *at, "相符", message, source)
        return Claim("标题", match[0], *at, "相符", "库中有这份文件", source)
    if citing := corpus.citing(title=title):
        document = corpus.by_id[citing[0]]
        return Claim("标题", match[0], *at, "相符", f"库中没有原文，{full_name(document)}引用过它")
    if mention := mention_of(title, evidence):
        return Claim("标题", match[0], *at, "相符", "库中没有原文，有文件提到它", mention)
    near = [d for d in corpus.documents if _resembles(title, d.metadata.title)]
    if near:
        return Claim(
            "标题", match[0], *at, "不符",
            f"库中没有《{title}》；名称相近的是《{near[0].metadata.title}》",
            card_of(near[0], "title", evidence), sure="中",
        )  # fmt: skip
    return Claim(
        "标题", match[0], *at, "未收录", "库中没有这份文件，也没有文件提到它，无法核对", sure="低"
    )


def _resembles(title: str, other: str) -> bool:
    a, b = title_core(title), title_core(other)
    return len(pairs(a) & pairs(b)) >= 0.75 * max(len(a), len(b), 2)


def mention_of(text: str, evidence: Evidence) -> Citation | None:
    """Where the corpus holds a string, white space and width aside."""
    wanted = fold(search_copy(text))
    for hit in evidence.search(text):
        passage = hit.passage
        if wanted in fold(search_copy(passage.text)):
            for start, end in sentences(passage.text):
                if wanted in fold(search_copy(passage.text[start:end])):
                    quote = evidence.quoter.quote(hit.document, passage, start, end)
                    return citation_of(quote)
            whole = evidence.quoter.quote(hit.document, passage, 0, len(passage.text))
            return citation_of(whole)
    return None


def _number(match: re.Match[str], title: str | None, evidence: Evidence) -> Claim:
    known = evidence.corpus.numbers
    number = next((n for n in map(fold, number_endings(match)) if n in known), None)
    written = likely_number(match)
    said = match[0][-len(written) :] if fold(match[0]).endswith(fold(written)) else match[0]
    start = match.end() - len(said)
    at = start, match.end()
    if title is not None:
        right = number_of(title, evidence)
        if right and not _is_same(match, right):
            return Claim(
                "文号", said, *at, "不符",
                f"文号与标题不符：《{title}》的文号是{right}", right=right,
            )  # fmt: skip
    if number is None:
        return Claim("文号", said, *at, "未收录", "库中没有这个文号，无法核对", sure="低")
    titles, document = known[number]
    source = card_of(document, "document_number", evidence) if document else None
    if title is not None and titles and not any(
        same_title(title_core(title), title_core(t)) or title_core(title) == title_core(t)
        for t in titles
    ):  # fmt: skip
        return Claim(
            "文号", said, *at, "不符", f"文号与标题不符：库中这个文号属于《{titles[0]}》", source
        )
    text = f"库中这个文号属于《{titles[0]}》" if titles else "库中有文件引用这个文号"
    return Claim("文号", said, *at, "相符", text, source)


_CODE = re.compile(r"[\u4e00-\u9fff]{2,}〔")  # the shortest name of an issuer in a number


def _is_same(match: re.Match[str], right: str) -> bool:
    """Whether a number in running text is `right`, whatever words stand in front of either."""
    wanted = fold(right)
    return any(
        wanted.endswith(fold(ending)) or fold(ending).endswith(wanted)
        for ending in number_endings(match)
        if _CODE.match(ending)
    )


def number_of(title: str, evidence: Evidence) -> str | None:
    """The number that goes with a title: of the document itself, or as others cite it."""
    corpus, wanted = evidence.corpus, title_core(title)
    for identifier in corpus.titled(title) or corpus.passing_on(title):
        if number := corpus.by_id[identifier].metadata.document_number:
            return _bare(number)
    for document in corpus.documents:
        for cited, number in document.metadata.cites:
            if cited and number and title_core(cited) == wanted:
                return _bare(number)
    return None


def _bare(number: str) -> str:
    """A number without words of a title that were caught with it."""
    found = DOCUMENT_NUMBER.search(number)
    return likely_number(found) if found else number


def card_of(document: DocumentSummary, field: str, evidence: Evidence) -> Citation | None:
    quote = evidence.quoter.field(document, field)
    return citation_of(quote) if quote else None
