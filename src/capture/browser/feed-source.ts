/** A track enters; what the worker reads frames from leaves, by the best way that the browser has. */
import type { FeedSource } from '../shared/messages.ts';

/** A source and what must be handed over with it, not copied. */
export interface TransferableFeed {
  readonly source: FeedSource<ReadableStream<VideoFrame>, MediaStreamTrack>;
  readonly transfer: Transferable[];
}

interface TrackProcessor {
  readonly readable: ReadableStream<VideoFrame>;
}
declare const MediaStreamTrackProcessor: (new (init: { track: MediaStreamTrack }) => TrackProcessor) | undefined;

/** @param workerHasProcessor whether the worker can make a MediaStreamTrackProcessor: Safari */
export function feedOf(track: MediaStreamTrack, workerHasProcessor: boolean): TransferableFeed {
  if (typeof MediaStreamTrackProcessor !== 'undefined') {
    const { readable } = new MediaStreamTrackProcessor({ track });
    return { source: { kind: 'readable', readable }, transfer: [readable] };
  }
  if (workerHasProcessor) {
    const copy = track.clone();
    // Safari transfers tracks; the DOM types do not know it yet.
    return { source: { kind: 'track', track: copy }, transfer: [copy as unknown as Transferable] };
  }
  return { source: { kind: 'pictures' }, transfer: [] };
}
