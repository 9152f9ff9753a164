/** Waits until a page is idle. */

const INPUT = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'hashchange'];

/**
 * Resolves once the page is visible, without input and without other work for a while.
 * @param {number} ms idle time
 * @param {() => number} lastWork time of the last other work, on the page's clock
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
