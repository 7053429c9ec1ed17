/** What draws images: found by the registry of surfaces. */

export { ImageSurface as default } from "./image_surface";
