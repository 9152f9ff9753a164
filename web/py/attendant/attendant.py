"""Minds the booth: invites, welcomes, asks, forgets, and recovers what went wrong."""

import asyncio
import math
from collections.abc import Awaitable, Callable
from contextlib import suppress
from importlib import import_module
from typing import Any

from attendant.desk import Desk
from attendant.operator import Operator
from attendant.provisions import Provisions
from attendant.show import Show
from attendant.vitals import Vitals
from host import camera, engine, kiosk, page, screen, visitors
from kiosk.settings import Settings
from kiosk.visits import Moment, Phase, Visits, following
from kiosk.watchdog import Remedy, Symptom, Watchdog

TICK = 0.25
"""s between two looks at everything."""

LONGEST_TASK = 6
"""How many times as long as anything may stand still a step may take: a network that has to come
is waited for."""


class Attendant:
    """Of one kiosk, as long as the page is open."""

    def __init__(self, open_exhibit: Callable[[], Awaitable[None]]) -> None:
        """Prepare.

        Args:
            open_exhibit: Opens the exhibit that the address names, unless it is open.
        """
        self._open = open_exhibit
        self._desk = Desk()
        settings = self._desk.settings
        self._visits = Visits(settings.idle, settings.ask)
        self._watchdog = Watchdog()
        self._vitals = Vitals()
        self._show = Show()
        self._provisions = Provisions()
        self._awake = screen.Wakefulness()
        self._operator = Operator(self._desk, self._vitals, self._provisions, self._apply)
        self._wake = asyncio.Event()
        self._name = settings.exhibits[0]
        self._phase = Phase.ATTRACT
        self._shown_since = 0.0
        self._ticked = page.now() / 1000
        page.on(page.find("kiosk-begin"), "pointerup", self._welcome)
        page.on(page.find("kiosk-begin"), "click", self._welcome)
        self._apply(settings)

    def _apply(self, settings: Settings) -> None:
        self._visits.idle, self._visits.ask = settings.idle, settings.ask
        kiosk.allow(settings.exhibits)
        camera.prefer(settings.camera)
        visitors.keep_works(settings.works_kept)

    def _welcome(self) -> None:
        """A touch on the invitation: only within its handler may the page fill the screen."""
        screen.fill()
        self._visits.touch(page.now() / 1000)
        self._wake.set()

    async def run(self) -> None:
        """Mind the booth for ever."""
        page.start(self._beat())
        try:
            await self._invite(self._name)
            while True:
                self._ticked = page.now() / 1000
                await self._tick(self._ticked)
                await self._rest()
        finally:
            self._ticked = -math.inf  # nobody minds the booth any more: no heartbeat

    async def _beat(self) -> None:
        """Tell that Python lives, also while an exhibit takes its time to open or to forget."""
        while page.now() / 1000 - self._ticked < LONGEST_TASK * kiosk.patience():
            kiosk.beat()
            await asyncio.sleep(TICK)

    async def _rest(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), TICK)
        self._wake.clear()

    async def _tick(self, time: float) -> None:
        self._read_signs()
        await self._follow(self._visits.update(time), time)
        self._operator.update(time)
        await self._awake.ensure()
        if not kiosk.is_hidden():
            for symptom in self._vitals.symptoms(time, self._show.trouble()):
                await self._treat(time, symptom)

    def _read_signs(self) -> None:
        """Take in what tells that somebody is there."""
        if self._show.saw_somebody():
            self._visits.touch(page.now() / 1000)
        elif self._visits.phase is not Phase.ATTRACT:
            latest = max(kiosk.touched(), visitors.last_seen())
            if latest > self._visits.last_sign:
                self._visits.touch(latest)

    async def _follow(self, moment: Moment, time: float) -> None:
        before, self._phase = self._phase, moment.phase
        self._show_question(moment)
        if moment.phase is Phase.ATTRACT:
            if before is not Phase.ATTRACT:
                await self._invite(following(self._desk.settings.exhibits, self._name))
            elif time - self._shown_since > self._desk.settings.rotate:
                await self._rotate()
        elif before is Phase.ATTRACT:
            await self._begin()
        kiosk.show_phase(moment.phase.value)

    def _show_question(self, moment: Moment) -> None:
        page.set_dialog("kiosk-asking", moment.phase is Phase.ASKING)
        page.find("kiosk-left").textContent = f"{moment.left:.0f}" if moment.left else ""

    async def _rotate(self) -> None:
        self._shown_since = page.now() / 1000
        name = following(self._desk.settings.exhibits, self._name)
        if name != self._name:
            await self._invite(name)

    async def _begin(self) -> None:
        """Let a visitor have what the first one had."""
        self._desk.count_visitor()
        self._vitals.forget_notice()
        await self._show.end()
        module = self._module()
        await module.reset()
        page.clear_error()
        kiosk.show_phase(Phase.VISIT.value)
        if hasattr(module, "begin"):
            page.start(module.begin())

    async def _invite(self, name: str) -> None:
        """Forget whoever was there, and show an exhibit to whoever may come."""
        await self._show.end()
        await self._forget()
        self._name = name
        page.go(name)
        await self._open()
        await self._forget()
        self._shown_since = page.now() / 1000
        kiosk.show_phase(Phase.ATTRACT.value)
        self._show.begin(self._module())
        self._vitals.measure()
        if self._vitals.stats:
            page.start(self._provisions.keep(self._vitals.stats.models))

    async def _forget(self) -> None:
        await self._module().reset()
        page.clear_error()
        page.scroll_to_top()
        self._vitals.forget_notice()

    def _module(self) -> Any:  # noqa: ANN401 - a module of `exhibits`
        return import_module(f"exhibits.{self._name}")

    async def _treat(self, time: float, symptom: Symptom) -> None:
        remedy = self._watchdog.decide(time, symptom, may_reload=kiosk.may_reload())
        if not remedy:
            return
        if remedy is Remedy.RELOAD:
            kiosk.reload(symptom.reason)
            await asyncio.Event().wait()  # the page is about to go
        kiosk.record(symptom.reason, remedy.name.lower())
        if remedy is Remedy.REBUILD:
            await engine.rebuild()
        self._visits.leave()
        self._phase = Phase.ATTRACT
        page.set_dialog("kiosk-asking", False)
        self._vitals.begin_again()
        await self._invite(self._name)
