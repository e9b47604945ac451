/** How many tiles and how much room enter; the number of columns that shows them largest leaves. */

export interface Room {
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
}

/** Width ÷ height of a tile's picture. */
export const TILE_ASPECT = 4 / 3;
/** Narrower than this one does not recognise a face, CSS pixels. */
const TILE_WIDTH_MIN = 280;

/** All in sight where that leaves tiles wide enough; else as many columns as are, and the rest by scrolling. */
export function fitColumns(
  count: number,
  room: Room,
  gap: number,
): { readonly columns: number; readonly tileWidth: number } {
  let best = { columns: 1, tileWidth: 0 };
  for (let columns = 1; columns <= Math.max(1, count); columns++) {
    const rows = Math.ceil(count / columns);
    const byWidth = (room.width - gap * (columns - 1)) / columns;
    const byHeight = ((room.height - gap * (rows - 1)) / rows) * TILE_ASPECT;
    const tileWidth = Math.floor(Math.min(byWidth, byHeight));
    if (tileWidth > best.tileWidth) best = { columns, tileWidth };
  }
  if (best.tileWidth >= TILE_WIDTH_MIN) return best;
  const columns = Math.max(1, Math.min(count, Math.floor((room.width + gap) / (TILE_WIDTH_MIN + gap))));
  return { columns, tileWidth: Math.floor((room.width - gap * (columns - 1)) / columns) };
}
