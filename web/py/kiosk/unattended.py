"""An unattended booth: attract loop, visits, resets between visitors, recovery from failures."""

import asyncio
import math
from collections.abc import Awaitable, Callable
from contextlib import suppress

import exhibit
from exhibit import Exhibit
from host import camera, engine, kiosk, page, screen, visitors
from kiosk.attract import AttractLoop
from kiosk.health import Health
from kiosk.offline_models import OfflineModels
from kiosk.operator import Operator
from kiosk.settings import Settings
from kiosk.store import Store
from kiosk.visits import Phase, Visits, VisitState, following
from kiosk.watchdog import Remedy, Symptom, Watchdog

TICK = 0.25
"""Interval of the main loop, in s."""

LONGEST_TASK = 6
"""Longest step, in multiples of `kiosk.patience`: a step may load a network."""


class Kiosk:
    """One kiosk, as long as the page is open."""

    def __init__(self, open_exhibit: Callable[[], Awaitable[None]]) -> None:
        """Prepare.

        Args:
            open_exhibit: Opens the exhibit in the address, unless it is open.
        """
        self._open = open_exhibit
        self._store = Store()
        settings = self._store.settings
        self._visits = Visits(settings.idle, settings.ask)
        self._watchdog = Watchdog()
        self._health = Health()
        self._attract = AttractLoop()
        self._offline_models = OfflineModels()
        self._awake = screen.Wakefulness()
        self._operator = Operator(self._store, self._health, self._offline_models, self._apply)
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
        """Begin a visit on a touch; its handler is allowed to enter full screen."""
        screen.fill()
        self._visits.touch(page.now() / 1000)
        self._wake.set()

    async def run(self) -> None:
        """Run the kiosk until the page is closed."""
        page.start(self._beat())
        try:
            await self._invite(self._name)
            while True:
                self._ticked = page.now() / 1000
                await self._tick(self._ticked)
                await self._rest()
        finally:
            self._ticked = -math.inf  # stops the heartbeat: the kiosk no longer runs

    async def _beat(self) -> None:
        """Send the heartbeat, also while an exhibit opens or resets."""
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
            for symptom in self._health.symptoms(time, self._attract.trouble()):
                await self._treat(time, symptom)

    def _read_signs(self) -> None:
        """Read signs of activity."""
        if self._attract.saw_somebody():
            self._visits.touch(page.now() / 1000)
        elif self._visits.phase is not Phase.ATTRACT:
            latest = max(kiosk.touched(), visitors.last_seen())
            if latest > self._visits.last_sign:
                self._visits.touch(latest)

    async def _follow(self, state: VisitState, time: float) -> None:
        before, self._phase = self._phase, state.phase
        self._show_question(state)
        if state.phase is Phase.ATTRACT:
            if before is not Phase.ATTRACT:
                await self._invite(following(self._store.settings.exhibits, self._name))
            elif time - self._shown_since > self._store.settings.rotate:
                await self._rotate()
        elif before is Phase.ATTRACT:
            await self._begin()
        kiosk.show_phase(state.phase.value)

    def _show_question(self, state: VisitState) -> None:
        page.set_dialog("kiosk-asking", state.phase is Phase.ASKING)
        page.find("kiosk-left").textContent = f"{state.left:.0f}" if state.left else ""

    async def _rotate(self) -> None:
        self._shown_since = page.now() / 1000
        name = following(self._store.settings.exhibits, self._name)
        if name != self._name:
            await self._invite(name)

    async def _begin(self) -> None:
        """Reset the exhibit for a new visitor."""
        self._store.count_visitor()
        self._health.forget_notice()
        await self._attract.end()
        await self._exhibit.reset()
        page.clear_error()
        kiosk.show_phase(Phase.VISIT.value)
        page.start(self._exhibit.begin())

    async def _invite(self, name: str) -> None:
        """Reset everything and start an exhibit's attract loop."""
        await self._attract.end()
        await self._forget()
        self._name = name
        page.go(name)
        await self._open()
        await self._forget()
        self._shown_since = page.now() / 1000
        kiosk.show_phase(Phase.ATTRACT.value)
        self._attract.begin(self._exhibit)
        self._health.measure()
        if self._health.stats:
            page.start(self._offline_models.keep(self._health.stats.models))

    async def _forget(self) -> None:
        await self._exhibit.reset()
        page.clear_error()
        page.scroll_to_top()
        self._health.forget_notice()

    @property
    def _exhibit(self) -> Exhibit:
        return exhibit.find(self._name)

    async def _treat(self, time: float, symptom: Symptom) -> None:
        remedy = self._watchdog.decide(time, symptom, may_reload=kiosk.may_reload())
        if not remedy:
            return
        if remedy is Remedy.RELOAD:
            kiosk.reload(symptom.reason)
            await asyncio.Event().wait()  # the page is about to reload
        kiosk.record(symptom.reason, remedy.name.lower())
        if remedy is Remedy.REBUILD:
            await engine.rebuild()
        self._visits.leave()
        self._phase = Phase.ATTRACT
        page.set_dialog("kiosk-asking", False)
        self._health.begin_again()
        await self._invite(self._name)
