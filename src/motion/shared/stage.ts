/** All that a detector allocates for one frame size: grid, model, regions and their measures. */
import { createBackgroundModel } from './background-model.ts';
import { createEvidence } from './evidence.ts';
import { createLumaGrid, gridSize, planeRoom } from './luma-grid.ts';
import type { DetectorPicture } from './motion-state.ts';
import { ARRAY_ROOM, type PixelMemory } from './pixel-memory.ts';
import { createRegions } from './regions.ts';

/** The parts, all of the same grid. */
export type Stage = ReturnType<typeof createStage>;

/** Bytes a cell of all arrays: 24, up to 6 of runs, a few of blocks, and some to spare. */
const CELL_BYTES = 48;
/** At most so many arrays. */
const ARRAYS = 32;
/** Bytes of what every stage has, whatever its size: tables, and the borders of small grids. */
const FIXED_BYTES = 32_768;

/** Makes the parts for frames of `frameWidth × frameHeight` pixels, in a memory of which nothing else is in use. */
export function createStage(frameWidth: number, frameHeight: number, memory: PixelMemory) {
  const cells = gridSize(frameWidth, frameHeight);
  const plane = memory.kernels === null ? 0 : planeRoom(frameWidth, frameHeight);
  memory.reserve(plane + frameWidth + CELL_BYTES * cells.width * cells.height + ARRAYS * ARRAY_ROOM + FIXED_BYTES);
  const grid = createLumaGrid(frameWidth, frameHeight, memory);
  const { width, height } = grid;
  return {
    grid,
    cells: width * height,
    model: createBackgroundModel(width, height, memory),
    regions: createRegions(width, height, memory),
    evidence: createEvidence(width, height),
    /** How each cell is to be learnt. */
    manner: memory.array(Uint8Array, width * height),
    /** Not 0 within the bounds of the newest frame's objects. */
    object: memory.array(Uint8Array, width * height),
    picture: createPicture(width, height),
  };
}

/** Fills the stage's picture from its newest frame. */
export function drawPicture(stage: Stage): DetectorPicture {
  const { grid, model, regions, picture } = stage;
  for (let i = 0; i < stage.cells; i++) {
    picture.frame[i] = grid.mean[i] / 16;
    picture.reference[i] = model.reference(i);
  }
  picture.difference.fill(0);
  regions.draw(picture.difference, 255);
  return picture;
}

function createPicture(width: number, height: number): DetectorPicture {
  return {
    width,
    height,
    frame: new Uint8ClampedArray(width * height),
    reference: new Uint8ClampedArray(width * height),
    difference: new Uint8ClampedArray(width * height),
  };
}
