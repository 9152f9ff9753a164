"""Serve requests to the local API that the service worker passes to the page."""

import traceback
from collections.abc import Callable, Coroutine
from typing import Any, TypeAlias

from pyodide.ffi import create_proxy

from api.request import ApiError, Request
from host import boundary, page
from host.boundary import glassbooth

Answer: TypeAlias = Callable[[Request], Coroutine[Any, Any, tuple[int, str]]]
"""Function from a request to the status and JSON of its response."""

_Reply: TypeAlias = Callable[[int, str], None]


def serve(answer: Answer) -> None:
    """Answer all requests, including queued ones."""

    def on_question(question: boundary.Question, reply: _Reply) -> None:
        page.start(_reply(answer, question, reply))

    glassbooth.api.serve(create_proxy(on_question))


async def _reply(answer: Answer, question: boundary.Question, reply: _Reply) -> None:
    body = question.body.to_bytes()
    request = Request(question.method, question.path, question.query, question.type, body)
    try:
        status, text = await answer(request)
    except Exception:  # a bug; the client must still get a response
        traceback.print_exc()
        status, text = ApiError(503, "Something went wrong in the app: reload its page.").reply()
    reply(status, text)
