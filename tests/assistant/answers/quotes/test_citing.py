"""The sentence in which a document names another one."""

import re

from assistant.answers.quotes.citing import citing_sentence
from assistant.find.evidence import Evidence
from tests.assistant.answers.documents import passage_with

TITLE, NUMBER = re.compile("《"), re.compile(r"〔\d{4}〕|\[\d{4}\]")


def test_the_sentence_that_names_it_is_quoted(evidence: Evidence) -> None:
    document, _ = passage_with("换装节水龙头", evidence)
    quote = citing_sentence("《澜峰省节约用水条例》", document, evidence, TITLE)
    assert quote
    assert quote.text == "根据《澜峰省节约用水条例》，制定本方案。"
    assert evidence.quoter.source(document.id)[quote.start : quote.end] == quote.text


def test_of_several_the_one_that_shares_most_is_taken(evidence: Evidence) -> None:
    document, _ = passage_with("城镇节水工程", evidence)
    basis = citing_sentence("推进节水型社会建设的意见", document, evidence, TITLE)
    cover = citing_sentence("现将节约用水行动方案印发给你们", document, evidence, TITLE)
    assert basis
    assert cover
    assert basis.text.startswith("根据《澜峰省节约用水条例》和《澜峰省人民政府关于推进")
    assert cover.text.startswith("现将《青溪市节约用水行动方案")


def test_a_sentence_without_what_it_must_hold_is_not_taken(evidence: Evidence) -> None:
    document, _ = passage_with("换装节水龙头", evidence)
    assert citing_sentence("《澜峰省节约用水条例》", document, evidence, NUMBER) is None
