/** Our pictures: strokes on a grid of 16, in the colour of the text around them. */

import { classes } from "./classes";

const PATHS = {
  actualSize: "M3 5.2 4.6 4v8M11 5.2 12.6 4v8M8 6.4v.1M8 10v.1",
  add: "M8 3v10M3 8h10",
  alert: "M8 2.2 14.4 13.4H1.6zM8 6.4v3.2M8 11.6v.1",
  arrowLeft: "M13 8H3M7 4 3 8l4 4",
  arrowRight: "M3 8h10M9 4l4 4-4 4",
  box: "M2.5 3.5h11v9h-11z",
  brush:
    "M13.5 2.5 7.8 8.2M7.8 8.2c-1.5-.6-3 .2-3.4 1.7-.3 1.2-.8 2-1.9 2.6 2.5 1 5.7.6 6.2-2.2.2-.9-.2-1.7-.9-2.1z",
  chat: "M2.5 3.5h11v7.5H7.5l-3 2.5V11h-2z",
  check: "m3 8.5 3.2 3.2L13 4.8",
  chevronDown: "m4 6 4 4 4-4",
  chevronLeft: "m10 4-4 4 4 4",
  chevronRight: "m6 4 4 4-4 4",
  chevronUp: "m4 10 4-4 4 4",
  clock: "M8 2.2a5.8 5.8 0 1 0 0 11.6A5.8 5.8 0 0 0 8 2.2zM8 5v3.2l2.2 1.4",
  close: "m4 4 8 8M12 4l-8 8",
  command:
    "M5.5 5.5h5v5h-5zM5.5 5.5V4a1.7 1.7 0 1 0-1.7 1.5zM10.5 5.5V4a1.7 1.7 0 1 1 1.7 1.5zM5.5 10.5V12a1.7 1.7 0 1 1-1.7-1.5zM10.5 10.5V12a1.7 1.7 0 1 0 1.7-1.5z",
  contrast: "M8 2.2a5.8 5.8 0 1 0 0 11.6A5.8 5.8 0 0 0 8 2.2zM8 2.2v11.6M10 4v8M12 6v4",
  copy: "M5.5 5.5h8v8h-8zM3.5 10.5h-1v-8h8v1",
  document: "M3.5 1.8h6l3 3v9.4h-9zM9.5 1.8v3h3M5.5 8h5M5.5 10.7h5",
  download: "M8 2.5v8M4.5 7 8 10.5 11.5 7M2.5 13.5h11",
  eye: "M1.5 8S4 3.8 8 3.8 14.5 8 14.5 8 12 12.2 8 12.2 1.5 8 1.5 8zM8 6.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6z",
  eyeClosed: "M2 6.2C3.2 8 5.3 9.4 8 9.4s4.8-1.4 6-3.2M4 8.6 2.8 10.4M8 9.4v2.2M12 8.6l1.2 1.8",
  eraser: "m2.5 10 6-6.5a1.4 1.4 0 0 1 2 0l3 3a1.4 1.4 0 0 1 0 2L9 13H5.5zM5.6 6.6l5 5M5.5 13h8",
  fit: "M2.5 5.5v-3h3M10.5 2.5h3v3M13.5 10.5v3h-3M5.5 13.5h-3v-3M5.5 5.5h5v5h-5z",
  flag: "M3.5 14V2.5M3.5 3h8.5l-2 2.8 2 2.8H3.5",
  folder: "M1.8 4h4.4l1.4 1.6h6.6v7.4H1.8z",
  globe:
    "M8 2.2a5.8 5.8 0 1 0 0 11.6A5.8 5.8 0 0 0 8 2.2zM2.2 8h11.6M8 2.2c2 1.6 2.6 3.6 2.6 5.8S10 12.2 8 13.8M8 2.2C6 3.8 5.4 5.8 5.4 8S6 12.2 8 13.8",
  hand: "M5 8.5V4a1 1 0 0 1 2 0v3-4.5a1 1 0 0 1 2 0V7 3.5a1 1 0 0 1 2 0V9c0 3-1.5 4.8-4 4.8-2 0-2.8-.8-4-2.8L2 9c.7-.8 1.6-.8 2.2 0z",
  hide: "M2 2l12 12M6 4.2A6 6 0 0 1 8 3.8c4 0 6.5 4.2 6.5 4.2a11 11 0 0 1-2 2.4M4 5.4A11 11 0 0 0 1.5 8S4 12.2 8 12.2a6 6 0 0 0 2.8-.7",
  image: "M2 3h12v10H2zM2 11l3.5-3.5L9 11l2-2 3 3M10.5 5.8v.1",
  info: "M8 2.2a5.8 5.8 0 1 0 0 11.6A5.8 5.8 0 0 0 8 2.2zM8 7.3V11M8 5v.1",
  keyboard: "M1.5 4h13v8h-13zM4 6.5h.1M6.6 6.5h.1M9.3 6.5h.1M12 6.5h.1M4.5 9.5h7",
  keypoints:
    "M4 4.5 8 8l4.5-3M8 8l-2.5 5M8 8l3.5 4.5M4 4.5v.1M12.5 5v.1M8 8v.1M5.5 13v.1M11.5 12.5v.1M2.8 4.5a1.2 1.2 0 1 0 2.4 0 1.2 1.2 0 1 0-2.4 0M11.3 5a1.2 1.2 0 1 0 2.4 0 1.2 1.2 0 1 0-2.4 0",
  lasso:
    "M8 3c3.2 0 5.5 1.6 5.5 3.6S11.2 10.2 8 10.2 2.5 8.6 2.5 6.6 4.8 3 8 3zM5 9.6c-1.4.4-2 1.3-1.6 2.2.4.8 1.6.9 2.2.2.6-.8.2-1.7-.6-2.4zM5.4 12.2c.2.7 0 1.2-.6 1.8",
  jumpNext: "m3 4 4 4-4 4M8 4l4 4-4 4M14 4v8",
  jumpPrevious: "m13 4-4 4 4 4M8 4 4 8l4 4M2 4v8",
  keyframe: "M8 2.5 13.5 8 8 13.5 2.5 8z",
  keyframeNext: "M5.5 4.5 9 8l-3.5 3.5L2 8zM11 4l3 4-3 4",
  keyframePrevious: "M10.5 4.5 14 8l-3.5 3.5L7 8zM5 4 2 8l3 4",
  layers: "m8 2.5 6 3-6 3-6-3zM2 8.5l6 3 6-3M2 11l6 3 6-3",
  link: "M6.5 9.5 9.5 6.5M7 4.5 8.5 3a2.8 2.8 0 0 1 4.3 4L11 8.7M9 11.5 7.5 13a2.8 2.8 0 0 1-4.3-4L5 7.3",
  lock: "M3.5 7h9v6.5h-9zM5.5 7V5a2.5 2.5 0 0 1 5 0v2",
  magnet: "M3 2.5h3v5a2 2 0 0 0 4 0v-5h3v5a5 5 0 0 1-10 0zM3 5.2h3M10 5.2h3",
  menu: "M2.5 4.5h11M2.5 8h11M2.5 11.5h11",
  message: "M2.5 3.5h11v7.5H7.5l-3 2.5V11h-2z",
  minus: "M3 8h10",
  moon: "M13 9.6A5.6 5.6 0 1 1 6.4 3 4.6 4.6 0 0 0 13 9.6z",
  more: "M3.5 8h.1M8 8h.1M12.5 8h.1",
  pause: "M5.5 3.5v9M10.5 3.5v9",
  pencil: "m3 13 .7-3L11 2.7 13.3 5 6 12.3z",
  people:
    "M6 8a2.4 2.4 0 1 0 0-4.8A2.4 2.4 0 0 0 6 8zM1.8 13.2c0-2.2 1.8-3.6 4.2-3.6s4.2 1.4 4.2 3.6M10.5 3.6a2.2 2.2 0 0 1 0 4.2M11.8 9.9c1.5.5 2.4 1.7 2.4 3.3",
  pin: "M8 14s4.5-4.4 4.5-7.5a4.5 4.5 0 0 0-9 0C3.5 9.6 8 14 8 14zM8 5v3M6.5 6.5h3",
  play: "M4.5 2.8v10.4L13 8z",
  pointer: "m3.5 2.5 9 4.5-3.8 1.5L7 12.5z",
  polygon: "m8 2 5.5 4.2-2 6.8H4.5l-2-6.8z",
  polyline: "M2.5 12.5 6 5l4 5 3.5-6.5",
  redo: "M13 3v4H9M12.6 7A5 5 0 1 0 13 10",
  relation: "M2 5.5h4v5H2zM10 5.5h4v5h-4zM6 8h3M8 6.5 9.5 8 8 9.5",
  rotatedBox: "m8.2 1.8 6 5.4-6.4 7-6-5.4z",
  segmentEnd: "M7 3h3v10H7M2 8h5M5 6l2 2-2 2",
  segmentStart: "M9 3H6v10h3M14 8H9M11 6 9 8l2 2",
  search: "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM10.3 10.3l3.2 3.2",
  send: "M2.5 8 13.5 3l-3 10.5L7.5 9z",
  settings:
    "M8 5.7a2.3 2.3 0 1 0 0 4.6 2.3 2.3 0 0 0 0-4.6zM8 1.8v2M8 12.2v2M1.8 8h2M12.2 8h2M3.6 3.6 5 5M11 11l1.4 1.4M12.4 3.6 11 5M5 11l-1.4 1.4",
  signOut: "M6.5 2.5h-4v11h4M6.5 8h7M10.5 5l3 3-3 3",
  skip: "M3 3.5v9L9 8zM12.5 3.5v9",
  sparkle: "M8 2c.5 3.5 2.5 5.5 6 6-3.5.5-5.5 2.5-6 6-.5-3.5-2.5-5.5-6-6 3.5-.5 5.5-2.5 6-6z",
  stepNext: "M6.5 3.5 11.5 8l-5 4.5zM3.5 3.5v9",
  stepPrevious: "M9.5 3.5 4.5 8l5 4.5zM12.5 3.5v9",
  sun: "M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6zM8 1.5v1.5M8 13v1.5M1.5 8H3M13 8h1.5M3.4 3.4l1.1 1.1M11.5 11.5l1.1 1.1M12.6 3.4l-1.1 1.1M4.5 11.5l-1.1 1.1",
  text: "M3 4V3h10v1M8 3v10M6 13h4",
  trash: "M2.5 4h11M6 4V2.5h4V4M4 4l.6 9.5h6.8L12 4M6.6 6.5v4.5M9.4 6.5v4.5",
  turning: "M8 2.5A5.5 5.5 0 1 1 2.5 8",
  undo: "M3 3v4h4M3.4 7A5 5 0 1 1 3 10",
  unlock: "M3.5 7h9v6.5h-9zM5.5 7V5a2.5 2.5 0 0 1 4.8-1",
  upload: "M8 10.5v-8M4.5 6 8 2.5 11.5 6M2.5 13.5h11",
  video: "M1.8 4h8.7v8H1.8zM10.5 7l3.7-2v6l-3.7-2z",
  zoomIn: "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM10.3 10.3l3.2 3.2M7 5v4M5 7h4",
  zoomOut: "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM10.3 10.3l3.2 3.2M5 7h4",
} as const;

export type IconName = keyof typeof PATHS;

/** A picture of 16 by 16 pixels; it says nothing to screen readers, so that words or a label stand beside it. */
export function Icon({
  name,
  className,
}: {
  readonly name: IconName;
  readonly className?: string | undefined;
}) {
  return (
    <svg
      viewBox="0 0 16 16"
      className={classes("size-4 shrink-0", className)}
      aria-hidden="true"
      focusable="false"
    >
      <path
        d={PATHS[name]}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.4"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}

/** The product's mark: a frame around a tick. */
export function Mark({ className }: { readonly className?: string }) {
  return (
    <svg
      viewBox="0 0 32 32"
      className={classes("size-7 shrink-0", className)}
      aria-hidden="true"
      focusable="false"
    >
      <rect width="32" height="32" rx="7" fill="#1f5f5b" />
      <path
        d="M7 11V7h4M21 7h4v4M25 21v4h-4M11 25H7v-4"
        fill="none"
        stroke="#bfe3dc"
        strokeWidth="2.2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <path
        d="m11 16.5 3.6 3.6L21.5 12"
        fill="none"
        stroke="#fff"
        strokeWidth="2.8"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
