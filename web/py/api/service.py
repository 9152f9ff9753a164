"""Answers the local API's requests with the page's own models."""

import json
from dataclasses import asdict

from api import tasks
from api.answers import Json
from api.request import ApiError, Call, Input, Request, read_input, route
from host import engine, pictures
from vision import digits
from vision.picture import PictureError, TooManyBytesError


async def answer(request: Request) -> tuple[int, str]:
    """Answer a request.

    Returns:
        The status, as in HTTP, and JSON: the answer, or ``code`` and ``message`` of a refusal.
    """
    try:
        return 200, json.dumps(await _answer(request))
    except ApiError as refusal:
        return refusal.reply()
    except TooManyBytesError as error:
        return ApiError(413, str(error)).reply()
    except PictureError as error:
        return ApiError(400, str(error)).reply()
    except engine.EngineError as error:
        return ApiError(503, str(error)).reply()


async def _answer(request: Request) -> Json:
    call = route(request, engine.names())
    if call.verb == "models":
        return {"models": [asdict(entry) for entry in engine.entries()]}
    if call.verb == "warm":
        return await _warm(call)
    return await _predict(call, read_input(request))


async def _warm(call: Call) -> Json:
    model = await engine.load(call.model)  # which runs it, to choose the backend
    return {"model": call.model, "version": model.card.version, "backend": model.backend}


async def _predict(call: Call, given: Input) -> Json:
    task_name = next(entry.task for entry in engine.entries() if entry.name == call.model)
    task = tasks.find(task_name)
    if isinstance(given, bytes):
        rgb = await pictures.decode(given)
        model = await engine.load(call.model)
        values, size = task.prepare(rgb, model.card), rgb.shape[:2]
    else:
        values, size = tasks.prepare_data(given, task_name), (digits.SIDE, digits.SIDE)
        model = await engine.load(call.model)
    return task.answer(await model.run(values), model.card, size)
