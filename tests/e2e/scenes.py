"""A fake camera whose scene is controlled by the test."""

import base64
import json
from dataclasses import dataclass
from typing import Literal

from playwright.sync_api import Page

from glassbooth.dev import mannequin

Scene = Literal["nobody", "somebody", "hands up", "dance", "black"]

_SHOTS = """(() => {
  const films = FILMS;
  const { prototype } = CanvasRenderingContext2D;
  const draw = prototype.drawImage;
  const screen = new OffscreenCanvas(1, 1);
  const shots = {};
  for (const [scene, pictures] of Object.entries(films)) {
    shots[scene] = [];
    pictures.forEach(async (data, place) => {
      const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
      shots[scene][place] = await createImageBitmap(new Blob([bytes]));
    });
  }

  /** Shows a scene in the place of what the browser's own camera has. */
  function shown({ videoWidth, videoHeight }) {
    if (screen.width !== videoWidth || screen.height !== videoHeight) {
      Object.assign(screen, { width: videoWidth, height: videoHeight });
    }
    const context = screen.getContext('2d');
    const film = shots[sessionStorage.scene] ?? [];
    const shot = film[Math.floor(performance.now() / STEP) % film.length];
    context.fillRect(0, 0, videoWidth, videoHeight);
    if (shot) context.drawImage(shot, 0, 0, videoWidth, videoHeight);
    return screen;
  }

  prototype.drawImage = function (source, ...places) {
    const live = source instanceof HTMLVideoElement && source.srcObject;
    return draw.call(this, live ? shown(source) : source, ...places);
  };

  const { mediaDevices } = navigator;
  const ask = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = async (options) => {
    if (sessionStorage.unplugged) throw new DOMException('', 'NotFoundError');
    return ask(options);
  };
})()"""

_STEP_MS = 400
"""Duration of each picture of a scene."""

_UNPLUG = """() => {
  sessionStorage.unplugged = true;
  const streams = [...document.querySelectorAll('video')].map(({ srcObject }) => srcObject);
  for (const track of streams.flatMap((stream) => stream?.getVideoTracks() ?? [])) {
    track.stop();
    track.dispatchEvent(new Event('ended'));
  }
}"""


@dataclass(frozen=True)
class Camera:
    """The camera of one page; its scene persists across reloads."""

    page: Page

    def prepare(self) -> None:
        """Replace the browser's camera; call before the page is opened."""
        script = _SHOTS.replace("FILMS", json.dumps(_films())).replace("STEP", str(_STEP_MS))
        self.page.add_init_script(script)

    def show(self, scene: Scene) -> None:
        """Switch to a scene; the initial one is black."""
        self.page.evaluate("(scene) => { sessionStorage.scene = scene; }", scene)

    def unplug(self) -> None:
        """End the stream, and remove the device."""
        self.page.evaluate(_UNPLUG)

    def plug_in(self) -> None:
        """Restore the device."""
        self.page.evaluate("sessionStorage.removeItem('unplugged')")


def _films() -> dict[Scene, list[str]]:
    """Return each scene's pictures, as JPEG in base64."""
    swung = [((angle, angle), (angle, angle)) for angle in (15, 75, 135, 75)]
    films: dict[Scene, list[bytes]] = {
        "nobody": [mannequin.room()],
        "somebody": [mannequin.picture(mannequin.DOWN)],
        "hands up": [mannequin.picture(mannequin.UP)],
        "dance": [mannequin.picture(arms) for arms in swung],
    }
    return {
        name: [base64.b64encode(each).decode() for each in film] for name, film in films.items()
    }
