"""Texts to vectors: the embedder and its built-in model."""
