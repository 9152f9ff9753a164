/** Added to pages by `python build.py dev`: reloads the page after each build. */
(() => {
  const POLL_MS = 500;
  let seen = '';
  setInterval(async () => {
    try {
      const response = await fetch('/__dev/build', { cache: 'no-store' });
      if (!response.ok) return;
      const build = await response.text();
      if (seen && build !== seen) location.reload();
      seen = build;
    } catch {
      // The server is down; it may come back.
    }
  }, POLL_MS);
})();
