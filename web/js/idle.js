/** Waits until a page is at rest. */

const INPUT = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'hashchange'];

/**
 * Resolves once the page is in view and nobody has touched it for a while, and nothing else is at
 * work on it.
 * @param {number} ms how long
 * @param {() => number} lastWork when other work was last seen, on the page's clock
 * @returns {Promise<void>}
 */
export function untilIdle(ms, lastWork) {
  return new Promise((resolve) => {
    let touched = performance.now();
    const touch = () => {
      touched = performance.now();
    };
    for (const event of INPUT) addEventListener(event, touch, { passive: true });
    const look = () => {
      const quiet = performance.now() - Math.max(touched, lastWork());
      if (quiet < ms || document.hidden) {
        setTimeout(look, Math.max(ms - quiet, 1000));
        return;
      }
      for (const event of INPUT) removeEventListener(event, touch);
      resolve();
    };
    look();
  });
}
