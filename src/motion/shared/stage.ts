/** All that a detector allocates for one frame size: grid, model, regions and their measures. */
import { createBackgroundModel } from './background-model.ts';
import { createEvidence } from './evidence.ts';
import { createLumaGrid } from './luma-grid.ts';
import type { DetectorPicture } from './motion-state.ts';
import { createRegions } from './regions.ts';

/** The parts, all of the same grid. */
export type Stage = ReturnType<typeof createStage>;

/** Makes the parts for frames of `frameWidth × frameHeight` pixels. */
export function createStage(frameWidth: number, frameHeight: number) {
  const grid = createLumaGrid(frameWidth, frameHeight);
  const { width, height } = grid;
  return {
    grid,
    cells: width * height,
    model: createBackgroundModel(width, height),
    regions: createRegions(width, height),
    evidence: createEvidence(width, height),
    /** How each cell is to be learnt. */
    manner: new Uint8Array(width * height),
    /** Not 0 within the bounds of the newest frame's objects. */
    object: new Uint8Array(width * height),
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
