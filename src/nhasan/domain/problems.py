"""Refusals: everything that stops the hand.

A `Problem` is raised, carries a stable code and the facts of its message, and becomes an
HTTP answer in one place (`interfaces/http.py`). Messages are Vietnamese sentences that say
what is wrong and how to mend it; doors translate them.
"""

from __future__ import annotations


def phrase(text: str) -> str:
    """Return the text unchanged; this function will mark it for the translation catalogue."""
    return text


class Problem(Exception):
    """A refusal with a stable code, a sentence for people and the facts it is filled with."""

    code = "problem"
    status = 400
    message = phrase("Không làm được việc này.")

    def __init__(self, **facts: object) -> None:
        """Keep the facts; the sentence is formed at the door, in the reader's language."""
        super().__init__(self.message.format_map(_Facts(facts)))
        self.facts = facts


class _Facts(dict[str, object]):
    """Facts of a message; one that was forgotten shows as a question mark, never as a crash."""

    def __missing__(self, key: str) -> str:
        return "?"


class NotFound(Problem):
    """What was asked for does not exist, or lies outside the actor's authority: the same thing."""

    code = "not-found"
    status = 404
    message = phrase("Không tìm thấy. Có thể địa chỉ đã đổi, hoặc bạn không phụ trách phần này.")


class Forbidden(Problem):
    """The actor has no role that allows this act anywhere."""

    code = "forbidden"
    status = 403
    message = phrase("Tài khoản của bạn chưa được giao việc này. Hãy hỏi người quản trị.")


class Conflict(Problem):
    """The thing changed meanwhile, or is in a state that does not allow the act."""

    code = "conflict"
    status = 409
    message = phrase("Việc này đã được người khác làm hoặc không còn làm được nữa.")


class WrongState(Conflict):
    """An action that the lifecycle does not allow in the present state."""

    code = "wrong-state"
    message = phrase("Không thể “{action}” khi đang ở trạng thái “{state}”.")


class Invalid(Problem):
    """What was given breaks a rule; nothing was written."""

    code = "invalid"
    status = 422
    message = phrase("Dữ liệu chưa đúng: {reason}")
