"""What leaves the house as a draft is tested on drafts written at the desk."""

from tests.assistant.drafting.conftest import desk, written  # noqa: F401  (fixtures)
