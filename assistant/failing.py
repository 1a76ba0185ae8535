"""What is said when something fails that nobody foresaw."""

import logging
import secrets

log = logging.getLogger(__name__)


def ticketed(what: str, error: BaseException) -> str:
    """Logs an error under the number that is returned, to be told in its place."""
    ticket = secrets.token_hex(4)
    log.error("[%s] %s", ticket, what, exc_info=error)
    return ticket
