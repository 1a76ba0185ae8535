"""Conversations and their turns. Each question is a row of its own, written before it is answered:
whatever ends the program loses at most the answer that was being made. Tabs that write one
conversation append to it; nothing is ever written over."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assistant.answers.answer import Answer
from assistant.history.database import HistoryFile, now
from assistant.history.models import (
    LONGEST_TITLE,
    Listed,
    NotThere,
    StoredConversation,
    StoredTurn,
)
from assistant.history.sights import Sights
from assistant.history.storing import columns_of, kept_from, kept_of
from vectorstore.files.surrogates import whole

_LISTED = "id, owner, title, created, updated, shared, deleted"
_TURN = "id, number, question, asked, answer, text, sources, error, replaced, answered, sight"
_TITLE = 30  # characters of the first question


@dataclass(frozen=True, slots=True)
class Begun:
    """Where a question was written down."""

    conversation: str
    turn: int


class Conversations:
    """Whose a conversation is, is asked in every statement: another person's raises NotThere
    like one that never was."""

    def __init__(self, file: HistoryFile):
        self._file = file

    # --- asking ---------------------------------------------------------------------------------

    def ask(self, owner: str, conversation: str, question: str, instead_of: int = 0) -> Begun:
        """Writes a question down, in a new conversation if none is named. Asked `instead_of` a
        turn, that one and what followed it are kept as they were, behind this one."""
        question, at = whole(question), now()
        with self._file.database.transaction() as db:
            if conversation:
                self._own(owner, conversation)
            else:
                conversation = self._begin(owner, question, at)
            number = self._place(conversation, instead_of)
            ((turn,),) = db.execute(
                "INSERT INTO turns (conversation, number, question, asked) VALUES (?, ?, ?, ?) "
                "RETURNING id",
                (conversation, number, question, at),
            )
            if instead_of:
                db.execute(
                    "UPDATE turns SET replaced = ? "
                    "WHERE conversation = ? AND number >= ? AND replaced = 0 AND id != ?",
                    (turn, conversation, number, turn),
                )
            db.execute("UPDATE conversations SET updated = ? WHERE id = ?", (at, conversation))
        return Begun(conversation, int(turn))

    def _begin(self, owner: str, question: str, at: str) -> str:
        words = " ".join(question.split())
        title = words if len(words) <= _TITLE else words[: _TITLE - 1] + "…"
        identifier = secrets.token_hex(8)
        with self._file.database.transaction() as db:
            db.execute(
                f"INSERT INTO conversations ({_LISTED}) VALUES (?, ?, ?, ?, ?, '', '')",
                (identifier, owner, title, at, at),
            )
        return identifier

    def _place(self, conversation: str, instead_of: int) -> int:
        with self._file.database.connection() as db:
            if instead_of:
                row = db.execute(
                    "SELECT number FROM turns WHERE id = ? AND conversation = ? AND replaced = 0",
                    (instead_of, conversation),
                ).fetchone()
                if row is None:
                    raise NotThere(
                        "要改的那一问已不在这次对话里；请刷新页面后再改",
                        "The question to change is no longer in this conversation; reload the page",
                    )
                return int(row[0])
            row = db.execute(
                "SELECT max(number) FROM turns WHERE conversation = ? AND replaced = 0",
                (conversation,),
            ).fetchone()
        return (row[0] or 0) + 1

    def answered(self, begun: Begun, answer: Answer) -> None:
        """Keeps the answer."""
        stored = columns_of(kept_of(answer))
        with self._file.database.transaction() as db:
            sight = self._file.sights.keep(answer.sight)
            db.execute(
                "UPDATE turns SET answer = ?, text = ?, sources = ?, answered = ?, sight = ? "
                "WHERE id = ? AND conversation = ?",
                (*stored, now(), sight, begun.turn, begun.conversation),
            )

    def failed(self, begun: Begun, sentence: str) -> None:
        with self._file.database.transaction() as db:
            db.execute(
                "UPDATE turns SET error = ? WHERE id = ? AND conversation = ? AND answered = ''",
                (sentence, begun.turn, begun.conversation),
            )

    # --- reading --------------------------------------------------------------------------------

    def load(self, owner: str, conversation: str) -> StoredConversation:
        """Raises NotThere."""
        return self._whole(self._own(owner, conversation))

    def up_to(self, owner: str, turn: int) -> tuple[list[str], StoredTurn]:
        """What was said up to a turn, and the turn. Raises NotThere."""
        row = self._file.database.row("SELECT conversation FROM turns WHERE id = ?", (turn,))
        known = self.load(owner, str(row[0]) if row else "")
        (found,) = (t for t in known.turns if t.id == turn)
        before = [t.question for t in known.standing if t.number < found.number and not t.error]
        return [*before, found.question], found

    def all_of(self, owner: str) -> list[StoredConversation]:
        """Everything, what lies in the bin too, the oldest first."""
        rows = self._file.database.rows(
            f"SELECT {_LISTED} FROM conversations WHERE owner = ? ORDER BY created", (owner,)
        )
        return [self._whole(Listed(*row)) for row in rows]

    def shared(self, link: str) -> StoredConversation:
        """What somebody shared under a link. Raises NotThere."""
        row = self._file.database.row(
            f"SELECT {_LISTED} FROM conversations "
            "WHERE shared = ? AND shared != '' AND deleted = ''",
            (link,),
        )
        if row is None:
            raise NotThere(
                "没有这个链接：可能已取消分享，或对话已删除",
                "There is no such link: it is no longer shared, or was deleted",
            )
        return self._whole(Listed(*row))

    def require(self, owner: str, conversation: str, *, in_bin: bool = False) -> None:
        """Raises NotThere unless it is theirs, and in the bin or not."""
        self._own(owner, conversation, in_bin=in_bin)

    def _whole(self, about: Listed) -> StoredConversation:
        rows = self._file.database.rows(
            f"SELECT {_TURN} FROM turns WHERE conversation = ? ORDER BY number, id", (about.id,)
        )
        return StoredConversation(about, tuple(_turn(row, self._file.sights) for row in rows))

    def _own(self, owner: str, conversation: str, *, in_bin: bool = False) -> Listed:
        row = self._file.database.row(
            f"SELECT {_LISTED} FROM conversations WHERE id = ? AND owner = ? "
            f"AND deleted {'!=' if in_bin else '='} ''",
            (conversation, owner),
        )
        if row is None:
            raise NotThere(
                "没有这次对话，可能已删除",
                "There is no such conversation; it may have been deleted",
            )
        return Listed(*row)

    def titles(
        self, owner: str, words: str = "", *, in_bin: bool = False, limit: int = 200
    ) -> tuple[list[Listed], int]:
        """The latest first, with the count of all. Every word stands in the title or in one of
        the questions."""
        where = f"owner = ? AND deleted {'!=' if in_bin else '='} ''"
        values = [owner]
        for word in whole(words).lower().split()[:10]:
            where += (
                " AND (instr(lower(title), ?) > 0 OR EXISTS (SELECT 1 FROM turns "
                "WHERE conversation = conversations.id AND instr(lower(question), ?) > 0))"
            )
            values += [word, word]
        database = self._file.database
        rows = database.rows(
            f"SELECT {_LISTED} FROM conversations WHERE {where} ORDER BY updated DESC LIMIT ?",
            (*values, limit),
        )
        count = database.row(f"SELECT count(*) FROM conversations WHERE {where}", values)
        return [Listed(*row) for row in rows], int(count[0]) if count else 0

    def questions(self, owner: str, limit: int = 50) -> list[str]:
        """What they asked lately, the latest first, each once."""
        rows = self._file.database.rows(
            "SELECT question FROM turns JOIN conversations ON conversations.id = conversation "
            "WHERE owner = ? AND deleted = '' GROUP BY question ORDER BY max(turns.id) DESC LIMIT ?",
            (owner, limit),
        )
        return [row[0] for row in rows]

    # --- looking after it -----------------------------------------------------------------------

    def rename(self, owner: str, conversation: str, title: str) -> str:
        """The title as it was kept. Raises NotThere; ValueError for a name without any letter."""
        title = " ".join(whole(title).split())[:LONGEST_TITLE]
        if not title:
            raise ValueError("名称不能是空的")
        self._change(owner, conversation, "title", title)
        return title

    def share(self, owner: str, conversation: str) -> str:
        """The random part of its link, the same for as long as it is shared."""
        known = self._own(owner, conversation).shared
        link = known or secrets.token_urlsafe(16)
        self._change(owner, conversation, "shared", link)
        return link

    def withdraw(self, owner: str, conversation: str) -> None:
        self._change(owner, conversation, "shared", "")

    def delete(self, owner: str, conversation: str) -> None:
        """Into the bin, from which it can be brought back for BIN_DAYS."""
        self._change(owner, conversation, "deleted", now())

    def restore(self, owner: str, conversation: str) -> None:
        self._file.empty_bin()
        self._change(owner, conversation, "deleted", "", in_bin=True)

    def destroy(self, owner: str, conversation: str) -> None:
        """For good; only from the bin."""
        with self._file.database.transaction() as db:
            self._own(owner, conversation, in_bin=True)
            db.execute("DELETE FROM conversations WHERE id = ?", (conversation,))

    def _change(
        self, owner: str, conversation: str, column: str, value: str, *, in_bin: bool = False
    ) -> None:
        with self._file.database.transaction() as db:
            self._own(owner, conversation, in_bin=in_bin)
            db.execute(f"UPDATE conversations SET {column} = ? WHERE id = ?", (value, conversation))


def _turn(row: Sequence[Any], sights: Sights) -> StoredTurn:
    identifier, number, question, asked, answer, text, sources, error, replaced = row[:9]
    kept = kept_from(answer, text, sources, sights.of(row[10])) if row[9] else None
    return StoredTurn(identifier, number, question, asked, kept, error, replaced)
