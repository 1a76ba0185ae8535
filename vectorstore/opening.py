"""Which catalogue, keyword index and vectors serve a data folder."""

from dataclasses import dataclass

from vectorstore import stores
from vectorstore.catalog.port import Catalog
from vectorstore.catalog.sql import SqlCatalog
from vectorstore.errors import PolicyError
from vectorstore.keywords.fts5 import Fts5Index
from vectorstore.keywords.port import KeywordIndex
from vectorstore.settings import IndexSettings
from vectorstore.vectors.choosing import vectors_of
from vectorstore.vectors.port import VectorStore


@dataclass(frozen=True, slots=True)
class Stores:
    """What an index is made of; the keyword index follows the catalogue."""

    catalog: Catalog
    keywords: KeywordIndex
    vectors: VectorStore


def open_stores(settings: IndexSettings) -> Stores:
    """Those that the settings name. Raises PolicyError when the catalogue cannot be used."""
    catalog = SqlCatalog(settings.data_dir / stores.CATALOG)
    keywords = _keywords(settings, catalog)
    catalog.followers.append(keywords)
    key = settings.vectors_key.get_secret_value() if settings.vectors_key else ""
    vectors = vectors_of(
        catalog,
        settings.data_dir / "vectors",
        settings.vectors_url,
        key,
        settings.vectors_seconds,
    )
    return Stores(catalog, keywords, vectors)


def _keywords(settings: IndexSettings, catalog: SqlCatalog) -> KeywordIndex:
    """Tantivy's, where it is wanted and may write; it holds FTS5's within."""
    if settings.words == "fts5" or catalog.read_only:
        return Fts5Index(catalog.database)
    try:
        from vectorstore.keywords.quick import QuickIndex
    except ImportError:
        raise PolicyError(
            "POLICY_WORDS=tantivy 要先装它：pip install -r requirements-scale.txt",
            "POLICY_WORDS=tantivy needs its package: pip install -r requirements-scale.txt",
        ) from None
    return QuickIndex(catalog.database, settings.data_dir / "words")
