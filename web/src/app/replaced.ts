/** A newer version has been installed under an open tab: its parts are gone, and the page is loaded again. */

const LAST = "annotary.reloaded";
const AGAIN_MILLISECONDS = 10_000;

/** Reloads the page when a part of it cannot be loaded any more; not twice in a row, or it would never end. */
export function reloadWhenReplaced(
  storage: Pick<Storage, "getItem" | "setItem"> = sessionStorage,
  reload: () => void = () => location.reload(),
): void {
  addEventListener("vite:preloadError", (event) => {
    const last = Number(storage.getItem(LAST) ?? 0);
    if (Date.now() - last < AGAIN_MILLISECONDS) return;
    storage.setItem(LAST, String(Date.now()));
    event.preventDefault();
    reload();
  });
}
