"""Answer requests to the local API with the page's models."""

import json
from dataclasses import asdict

from api.request import ApiError, Call, Request, read_body, route
from card import Card
from host import engine, pictures
from kinds import (
    Body,
    GivenError,
    InputKind,
    Json,
    OutputKind,
    PictureFile,
    input_kind,
    output_kind,
)
from picture_file import PictureError, TooManyBytesError


async def answer(request: Request) -> tuple[int, str]:
    """Answer a request.

    Returns:
        HTTP status and JSON: the answer, or ``code`` and ``message`` of an error.
    """
    try:
        return 200, json.dumps(await _answer(request))
    except ApiError as refusal:
        return refusal.reply()
    except TooManyBytesError as error:
        return ApiError(413, str(error)).reply()
    except (PictureError, GivenError) as error:
        return ApiError(400, str(error)).reply()
    except engine.EngineError as error:
        return ApiError(503, str(error)).reply()


async def _answer(request: Request) -> Json:
    call = route(request, engine.names())
    if call.verb == "models":
        return {"models": [asdict(entry) for entry in engine.entries()]}
    if call.verb == "warm":
        return await _warm(call)
    return await _predict(call, read_body(request))


async def _warm(call: Call) -> Json:
    model = await engine.load(call.model)  # runs the model, to choose the backend
    return {"model": call.model, "version": model.card.version, "backend": model.backend}


async def _predict(call: Call, body: Body) -> Json:
    model = await engine.load(call.model)
    source, view = _kinds(model.card)
    given = source.parse(body, model.card)
    if isinstance(given, PictureFile):
        given = await pictures.decode(given.content)
    outputs = await model.run(source.prepare(given, model.card))
    return view.to_json(view.read(outputs, model.card, source.context(given)))


def _kinds(card: Card) -> tuple[InputKind, OutputKind]:
    """Return the input kind and the output kind of a model.

    Raises:
        ApiError: 400 if its card names none.
    """
    if card.input is None or card.output is None:
        raise ApiError(
            400, f"The card of {card.name} names no input kind and output kind to answer with."
        )
    return input_kind(card.input.kind), output_kind(card.output.kind)
