/** Images decoded before they are wanted, by their address: a surface draws one in its first frame. */

const KEPT = 4;

const decoded = new Map<string, ImageBitmap>();

/** Decodes an image; one that cannot be is left to its surface, which says so. */
export async function decodeAhead(address: string): Promise<void> {
  if (decoded.has(address)) return;
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    // A bitmap stays decoded; an image may be decoded again at every frame.
    decoded.set(address, await createImageBitmap(image));
  } catch {
    return;
  }
  for (const old of [...decoded.keys()].slice(0, -KEPT)) decoded.delete(old);
}

/** Return an image that lies ready, where there is one. */
export const decodedAt = (address: string | undefined): ImageBitmap | undefined =>
  address === undefined ? undefined : decoded.get(address);
