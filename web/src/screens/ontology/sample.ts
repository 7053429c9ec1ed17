/** A small sample of each modality for people to try the tools on. */

import { useEffect, useMemo, useState } from "react";
import { t } from "@/app/words";
import type { Modality } from "@/engine/document/values";
import type { SurfaceTask } from "@/surfaces/surface";

const TEXT =
  "Ada Lovelace wrote to Charles Babbage from London in the summer of 1843. Her notes on the Analytical Engine are " +
  "three times as long as the article that she translated.";
const PROMPT = "Explain why the sky is blue, to a child of six.";
const REPLIES = [
  "Sunlight is made of all colours. The air scatters the blue ones most, so blue comes from everywhere.",
  "Because of Rayleigh scattering.",
];
const WIDTH = 480;
const HEIGHT = 320;

/** Return a sample that tools can be tried on; none for videos, whose bytes would have to be carried along. */
export function useSample(modality: Modality, tools: readonly string[]): SurfaceTask | null {
  const [picture, setPicture] = useState<string | null>(null);
  useEffect(() => {
    if (modality !== "image") return;
    let made: string | null = null;
    let gone = false;
    void drawn().then((blob) => {
      if (gone || !blob) return;
      made = URL.createObjectURL(blob);
      setPicture(made);
    });
    return () => {
      gone = true;
      if (made) URL.revokeObjectURL(made);
    };
  }, [modality]);
  const shape = tools.join(" ");
  return useMemo(() => {
    if (modality === "text") return { id: `sample ${shape}`, modality, item: textItem(shape.split(" ")) };
    if (modality !== "image" || !picture) return null;
    return { id: "sample", modality, item: { width: WIDTH, height: HEIGHT }, assetUrl: picture };
  }, [modality, picture, shape]);
}

/** A text item has what its tools ask about: a text, two replies, candidates, a talk. */
function textItem(tools: readonly string[]): SurfaceTask["item"] {
  if (tools.includes("preference")) return { prompt: PROMPT, a: REPLIES[0] ?? "", b: REPLIES[1] ?? "" };
  if (tools.includes("ranking"))
    return { prompt: PROMPT, candidates: [...REPLIES, t("It mirrors the sea.")] };
  if (tools.includes("chat"))
    return {
      messages: [
        { role: "user", content: PROMPT },
        { role: "assistant", content: REPLIES[0] ?? "" },
      ],
    };
  return { text: TEXT };
}

/** A street, drawn here so that nothing has to be fetched. */
async function drawn(): Promise<Blob | null> {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [WIDTH, HEIGHT];
  const pen = canvas.getContext("2d");
  if (!pen) return null;
  const fill = (colour: string, ...box: readonly [number, number, number, number]) => {
    pen.fillStyle = colour;
    pen.fillRect(...box);
  };
  fill("#a9c8dc", 0, 0, WIDTH, 180);
  fill("#7f8a88", 0, 180, WIDTH, 140);
  for (const x of [20, 120, 220, 320, 420]) fill("#e8e4d2", x, 248, 50, 6);
  for (const [x, height, colour] of HOUSES) fill(colour, x, 180 - height, 70, height);
  for (const [x, y, colour] of CARS) {
    fill(colour, x, y, 92, 26);
    fill(colour, x + 18, y - 18, 52, 20);
    fill("#dfeaf0", x + 24, y - 14, 18, 13);
    fill("#dfeaf0", x + 46, y - 14, 18, 13);
    pen.fillStyle = "#2b3130";
    for (const wheel of [20, 72]) {
      pen.beginPath();
      pen.arc(x + wheel, y + 27, 9, 0, 2 * Math.PI);
      pen.fill();
    }
  }
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

const HOUSES = [
  [10, 110, "#c7a58a"],
  [90, 84, "#b98f7c"],
  [250, 124, "#cdb79c"],
  [380, 96, "#b3a08e"],
] as const;
const CARS = [
  [60, 216, "#b0483f"],
  [290, 208, "#3f6fb0"],
  [180, 276, "#d9b23c"],
] as const;
