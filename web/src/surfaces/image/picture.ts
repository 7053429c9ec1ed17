/** The item's image as the stage draws it: at once when it is decoded already, and an error said as one. */

import { useEffect, useRef, useState } from "react";
import { isRecord } from "@/engine/document/answer";
import type { Frame } from "@/engine/geometry/points";
import type { FreshAddress, SurfaceTask } from "@/surfaces/surface";
import { decodedAt } from "./decoded";

export interface Picture {
  /** The address that `source` is of. */
  readonly address: string | null;
  readonly source: CanvasImageSource | null;
  readonly state: "loading" | "ready" | "failed";
}

const NOTHING: Picture = { address: null, source: null, state: "loading" };

/** The size in pixels that the item states, as answers are checked against it. */
export function frameOf({ item }: SurfaceTask): Frame {
  const { width, height } = isRecord(item) ? item : { width: 1, height: 1 };
  return { width: typeof width === "number" ? width : 1, height: typeof height === "number" ? height : 1 };
}

/** Return an image that was decoded ahead, in the form in which it is drawn; the same one every time. */
function readyAt(address: string | undefined): Picture | null {
  const source = decodedAt(address);
  if (!source || address === undefined) return null;
  const known = readied.get(source) ?? { address, source, state: "ready" };
  readied.set(source, known);
  return known;
}

const readied = new WeakMap<ImageBitmap, Picture>();

/** Return the image at an address, and how to try again. Where it fails, a fresh address is asked for once. */
export function usePicture(
  address: string | undefined,
  freshAddress: FreshAddress,
): readonly [Picture, () => void] {
  const fresh = useRef(freshAddress);
  fresh.current = freshAddress;
  const last = useRef<string | undefined>(undefined);
  const [picture, setPicture] = useState<Picture>(() => readyAt(address) ?? NOTHING);
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt is another load
  useEffect(() => {
    let isWanted = true;
    const show = (found: Picture) => isWanted && setPicture(found);
    const fail = async (found: Picture) => {
      const again = last.current === address ? undefined : await fresh.current();
      last.current = again;
      if (again === undefined || again === address) show(found);
    };
    const ready = readyAt(address);
    if (ready) show(ready);
    else if (address === undefined) show({ ...NOTHING, state: "failed" });
    else void load(address, (found) => (found.state === "failed" ? void fail(found) : show(found)));
    return () => {
      isWanted = false;
    };
  }, [address, attempt]);
  const isThis = picture.address === (address ?? null) || picture.state === "failed";
  const tryAgain = () => {
    last.current = undefined;
    setAttempt((before) => before + 1);
  };
  return [isThis ? picture : (readyAt(address) ?? NOTHING), tryAgain];
}

async function load(address: string, show: (picture: Picture) => void): Promise<void> {
  show({ ...NOTHING, address });
  const image = new Image();
  image.src = address;
  try {
    await image.decode();
    show({ address, source: image, state: "ready" });
    // A bitmap stays decoded; an image may be decoded again at every frame.
    show({ address, source: await createImageBitmap(image), state: "ready" });
  } catch {
    if (!image.complete || image.naturalWidth === 0) show({ address, source: null, state: "failed" });
  }
}
