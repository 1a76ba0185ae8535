"""What a user may narrow the corpus down by, and what was chosen."""

import re
from collections.abc import Sequence

from vectorstore.library import View
from vectorstore.models import SearchFilter

_YEAR = re.compile(r"[0-9]{4}")


def facets(view: View) -> list[list[str]]:
    """Regions, issuers, kinds, years and states that occur in a view, each sorted."""
    documents = view.documents()
    values = [
        {"/".join(d.metadata.region) for d in documents},
        {d.metadata.issuer or "" for d in documents},
        {d.metadata.kind or "" for d in documents},
        {str(d.metadata.year or "") for d in documents},
        {str(d.state) for d in documents},
    ]
    return [sorted(filter(None, found)) for found in values]


def chosen_filter(
    regions: Sequence[str],
    issuers: Sequence[str],
    kinds: Sequence[str],
    years: Sequence[str],
    statuses: Sequence[str],
    within: Sequence[str] = "",
) -> SearchFilter:
    """The filter for values of `facets`, in their order; `within` is the id of the one document
    that is asked within, empty for all."""
    return SearchFilter(
        document_ids=frozenset((str(within),)) if within else None,
        regions=tuple(regions),
        issuers=tuple(issuers),
        kinds=tuple(kinds),
        years=tuple((int(year), int(year)) for year in years if _YEAR.fullmatch(year)),
        statuses=tuple(statuses),
    )
