"""Retrieval as a LangChain retriever: the index behind the interface that chains know."""

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from vectorstore.index import PolicyIndex
from vectorstore.models import SearchFilter, SearchHit


class PolicyRetriever(BaseRetriever):
    """`invoke(question, where=SearchFilter(…))` gives documents; `hits` the typed hits."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    index: PolicyIndex
    limit: int = 32

    def hits(self, question: str, where: SearchFilter = SearchFilter()) -> list[SearchHit]:
        return self.index.search(question, self.limit, where)

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,
        where: SearchFilter = SearchFilter(),
        **_: Any,
    ) -> list[LangChainDocument]:
        return [as_langchain(hit) for hit in self.hits(query, where)]


def as_langchain(hit: SearchHit) -> LangChainDocument:
    """A hit for chains of other people's making; the typed hit travels in the metadata."""
    passage, metadata = hit.passage, hit.document.metadata
    return LangChainDocument(
        id=passage.id,
        page_content=passage.text,
        metadata={
            "document_id": passage.document_id,
            "title": metadata.title,
            "document_number": metadata.document_number,
            "heading_path": list(passage.heading_path),
            "start": passage.start,
            "end": passage.end,
            "score": hit.score,
            "hit": hit,
        },
    )
