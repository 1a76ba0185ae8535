"""What keyword search costs over a catalogue: each method of the port, as a question uses it."""

from collections.abc import Callable, Sequence

from tests.scale.asking import quantile, timed, together
from vectorstore.catalog.sql import SqlCatalog
from vectorstore.keywords.port import KeywordIndex
from vectorstore.keywords.tokens import fts_query, query_tokens

LIMIT = 100  # as many candidates as PolicyIndex asks for
THREADS = 20


def measure(
    catalog: SqlCatalog, keywords: KeywordIndex, asked: Sequence[str], threads: int = THREADS
) -> dict[str, float]:
    found: dict[str, float] = {}
    for name, ask in _methods(catalog, keywords).items():
        found |= timed(ask, asked).row(name)
    return found | together(lambda q: keywords.search(query_tokens(q), LIMIT), asked, threads)


def _methods(catalog: SqlCatalog, keywords: KeywordIndex) -> dict[str, Callable[[str], object]]:
    """Each alone; what `search` found is what the others are asked about."""
    held: dict[str, list[str]] = {}

    def search(question: str) -> None:
        held[question] = [i for i, _ in keywords.search(query_tokens(question), LIMIT)]

    def documents(question: str) -> list[str]:
        return sorted({i.rsplit("-", 1)[0] for i in held[question]})

    return {
        "search": search,
        "scores": lambda q: keywords.scores(query_tokens(q), held[q]),
        "documents": lambda q: keywords.document_scores(query_tokens(q), documents(q)),
        "frequencies": lambda q: keywords.frequencies(query_tokens(q)),
        "facts": lambda q: keywords.facts(query_tokens(q), 500),
        "phrase": lambda q: keywords.candidates("".join(query_tokens(q)[:1]) or q),
        "holding": lambda q: keywords.documents_with(q[:4]),
    }


def touched(catalog: SqlCatalog, asked: Sequence[str]) -> dict[str, float]:
    """How many passages hold any word of a question: those that FTS5 scores."""
    sql = "SELECT count(*) FROM words WHERE words MATCH ?"
    counts = [float(catalog.database.rows(sql, [fts_query(query_tokens(q))])[0][0]) for q in asked]
    return {"touched_p50": quantile(counts, 0.5), "touched_p95": quantile(counts, 0.95)}


def alike(one: KeywordIndex, other: KeywordIndex, asked: Sequence[str]) -> dict[str, float]:
    """How much of the first ten of one is in the first ten of the other, and the same first."""
    shares, firsts = [], []
    for question in asked:
        words = query_tokens(question)
        mine = [i for i, _ in one.search(words, 10)]
        theirs = [i for i, _ in other.search(words, 10)]
        if mine:
            shares.append(len({*mine} & {*theirs}) / len(mine))
            firsts.append(float(mine[:1] == theirs[:1]))
    count = max(1, len(shares))
    return {"same_of_ten": sum(shares) / count, "same_first": sum(firsts) / count}
