/** The coordinate spaces of the stage, told apart by type so that none is mistaken for another. */

declare const space: unique symbol;

/** Pixels of the image, from its top left corner, as answers store them. */
export interface ImagePoint {
  readonly x: number;
  readonly y: number;
  readonly [space]?: "image";
}

/** CSS pixels of the stage, from its top left corner. */
export interface StagePoint {
  readonly x: number;
  readonly y: number;
  readonly [space]: "stage";
}

/** An offset in Unicode code points, as answers store them. */
export type CodePoint = number & { readonly [space]: "code points" };

/** An offset in UTF-16 units, as the browser counts. */
export type Utf16 = number & { readonly [space]: "utf-16" };

export const imagePoint = (x: number, y: number): ImagePoint => ({ x, y });
export const stagePoint = (x: number, y: number): StagePoint => ({ x, y }) as StagePoint;
export const codePoint = (offset: number): CodePoint => offset as CodePoint;
export const utf16 = (offset: number): Utf16 => offset as Utf16;
