"""What people use today, with the same documents and the same encoder."""

import pickle
from collections.abc import Callable, Sequence

import numpy as np
from langchain_core.embeddings import Embeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

from assistant.tokens import encode
from tests.evals.common import CACHE, EVAL, rows, settings_for
from vectorstore.embedding.embedder import SentenceEmbedder, build_embedder
from vectorstore.keywords.tokens import tokens

Search = Callable[[str], Sequence[tuple[str, int, int]]]


class Encoder(Embeddings):
    """The project's embedder behind LangChain's interface; vectors are kept in .cache/."""

    def __init__(self) -> None:
        self._embedder: SentenceEmbedder = build_embedder(settings_for("ncp"))

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        file = CACHE / "evals" / f"baseline-{len(texts)}-{sum(map(len, texts))}.pkl"
        if not file.exists():
            file.write_bytes(pickle.dumps(self._embedder.embed_passages(texts)))
        return np.asarray(pickle.loads(file.read_bytes())).tolist()

    def embed_query(self, text: str) -> list[float]:
        return self._embedder.embed_query(text)[0].tolist()


def chunks() -> tuple[list[str], list[tuple[str, int, int]]]:
    """The tutorial's chunks: 400 characters, 50 overlap, with their places."""
    splitter = RecursiveCharacterTextSplitter(
        chunk_size=400, chunk_overlap=50, add_start_index=True,
        separators=["\n\n", "\n", "。", "；", "，", " ", ""], keep_separator="end",
    )  # fmt: skip
    texts, places = [], []
    for row in rows(EVAL / "ncp" / "documents.jsonl"):
        for chunk in splitter.create_documents([row["text"]]):
            start = chunk.metadata["start_index"]
            texts.append(chunk.page_content)
            places.append((row["docid"], start, start + len(chunk.page_content)))
    return texts, places


def langchain_tutorial() -> Search:
    """RecursiveCharacterTextSplitter 400/50 and Chroma similarity search."""
    from langchain_chroma import Chroma

    texts, places = chunks()
    store = Chroma(
        collection_name="tutorial",
        embedding_function=Encoder(),
        collection_configuration={"hnsw": {"space": "cosine", "ef_search": 200}},
    )
    vectors = Encoder().embed_documents(texts)
    collection = store._collection
    for i in range(0, len(texts), 4000):
        part = range(i, min(i + 4000, len(texts)))
        collection.add(
            ids=[str(j) for j in part],
            embeddings=[vectors[j] for j in part],
            documents=[texts[j] for j in part],
        )

    def search(question: str) -> list[tuple[str, int, int]]:
        found = store.similarity_search_by_vector(Encoder().embed_query(question), k=20)
        return [places[int(document.id)] for document in found]

    return search


def bm25_alone() -> Search:
    """BM25 over pairs of characters of the tutorial's chunks, by hand: k1 1.2, b 0.75."""
    texts, places = chunks()
    bags = [tokens(text) for text in texts]
    lengths = np.array([len(bag) for bag in bags], dtype=np.float32)
    postings: dict[str, list[tuple[int, int]]] = {}
    for i, bag in enumerate(bags):
        for token in set(bag):
            postings.setdefault(token, []).append((i, bag.count(token)))
    average = float(lengths.mean())

    def search(question: str) -> list[tuple[str, int, int]]:
        scores = np.zeros(len(texts), dtype=np.float32)
        for token in set(tokens(question)):
            found = postings.get(token, [])
            weight = np.log(1 + (len(texts) - len(found) + 0.5) / (len(found) + 0.5))
            for i, count in found:
                scores[i] += (
                    weight * count * 2.2 / (count + 1.2 * (0.25 + 0.75 * lengths[i] / average))
                )
        return [places[i] for i in np.argsort(-scores, kind="stable")[:20]]

    return search


def llamaindex_default() -> Search:
    """LlamaIndex as its five-line example has it: SentenceSplitter 1024/200, VectorStoreIndex."""
    from llama_index.core import Document, VectorStoreIndex
    from llama_index.core.base.embeddings.base import BaseEmbedding
    from llama_index.core.node_parser import SentenceSplitter
    from llama_index.core.utils import set_global_tokenizer

    set_global_tokenizer(encode)  # its own choice, cl100k_base, without a download
    encoder = Encoder()

    class Same(BaseEmbedding):  # type: ignore[misc]
        """The project's embedder behind LlamaIndex's interface."""

        def _get_text_embedding(self, text: str) -> list[float]:
            return encoder.embed_documents([text])[0]

        def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
            return encoder.embed_documents(texts)

        def _get_query_embedding(self, query: str) -> list[float]:
            return encoder.embed_query(query)

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return encoder.embed_query(query)

    documents = [
        Document(text=row["text"], metadata={"docid": row["docid"]}, excluded_embed_metadata_keys=["docid"])
        for row in rows(EVAL / "ncp" / "documents.jsonl")
    ]  # fmt: skip
    nodes = SentenceSplitter().get_nodes_from_documents(documents)
    vectors = encoder.embed_documents([node.get_content(metadata_mode="embed") for node in nodes])
    for node, vector in zip(nodes, vectors, strict=True):
        node.embedding = vector
    retriever = VectorStoreIndex(nodes, embed_model=Same()).as_retriever(similarity_top_k=20)

    def search(question: str) -> list[tuple[str, int, int]]:
        return [
            (found.node.metadata["docid"], found.node.start_char_idx, found.node.end_char_idx)
            for found in retriever.retrieve(question)
        ]

    return search
