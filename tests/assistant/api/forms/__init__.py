"""OpenAI's form, the tools for models, the Python client."""
