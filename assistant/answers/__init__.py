"""One module for each way to answer without a model."""
