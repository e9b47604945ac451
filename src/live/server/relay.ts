/** Chunks of cameras enter once; each leaves for all who watch that camera, and only while somebody does. */
import { decodeChunk, setChannel } from '../shared/chunk.ts';
import type { ToViewerMessage, VideoConfig } from '../shared/protocol.ts';
import { type Channels, createChannels } from './channels.ts';
import { createGroup } from './group.ts';
import { createLane, type Lane, type Outlet } from './lane.ts';

/** A viewer's connection. Whether it may watch is decided before it is let in here. */
export interface ViewerLink extends Outlet {
  text(message: ToViewerMessage): void;
}

/** A camera's connection. */
export interface PublisherLink {
  /** How many watch now; `key`: begin with a key frame. */
  watched(viewers: number, key: boolean): void;
}

/** What a proven camera does with the relay. */
export interface Publication {
  config(video: VideoConfig): void;
  /** One binary frame as it came; the relay writes its channel into it and keeps it. @returns false where it is not a chunk */
  chunk(frame: Uint8Array): boolean;
  /** Whether viewers may watch: the camera's word and its stored setting together. */
  streaming(on: boolean): void;
  end(): void;
}

export interface Relay {
  /** A camera came; one that published under this id before is ended. */
  publish(cameraId: string, link: PublisherLink): Publication;
  watch(cameraId: string, link: ViewerLink): void;
  leave(cameraId: string, link: ViewerLink): void;
  /** Who waits for or watches this camera. */
  viewers(cameraId: string): number;
}

export function createRelay(): Relay {
  const rooms = new Map<string, Room>();
  const channels = createChannels();
  const room = (cameraId: string) => {
    const found = rooms.get(cameraId) ?? createRoom(cameraId, channels, () => rooms.delete(cameraId));
    rooms.set(cameraId, found);
    return found;
  };
  return {
    publish: (cameraId, link) => room(cameraId).publish(link),
    watch: (cameraId, link) => room(cameraId).join(link),
    leave: (cameraId, link) => rooms.get(cameraId)?.leave(link),
    viewers: (cameraId) => rooms.get(cameraId)?.size() ?? 0,
  };
}

interface Room {
  publish(link: PublisherLink): Publication;
  join(link: ViewerLink): void;
  leave(link: ViewerLink): void;
  size(): number;
}

/** One camera and those who watch it. */
function createRoom(cameraId: string, channels: Channels, onEmpty: () => void): Room {
  const lanes = new Map<ViewerLink, Lane>();
  const group = createGroup();
  let publisher: PublisherLink | null = null;
  let allowed = false;
  let video: VideoConfig | null = null;
  /** Null: nothing is relayed. */
  let channel: number | null = null;

  const configText = (): ToViewerMessage | null =>
    video && channel !== null ? { type: 'config', cameraId, channel, video } : null;

  /** Begins or ends the flow after anything that it depends on has changed. */
  const settle = () => {
    const flows = publisher !== null && allowed && lanes.size > 0;
    if (flows && channel === null) {
      channel = channels.take();
      tellConfig();
      publisher?.watched(lanes.size, true);
    } else if (!flows && channel !== null) {
      channels.free(channel);
      channel = null;
      group.clear();
      publisher?.watched(0, false);
    }
    if (lanes.size === 0 && publisher === null) onEmpty();
  };
  const tellConfig = () => {
    const text = configText();
    if (text) for (const viewer of lanes.keys()) viewer.text(text);
  };

  const join = (viewer: ViewerLink) => {
    if (lanes.has(viewer)) return;
    const lane = createLane(viewer);
    lanes.set(viewer, lane);
    if (channel === null) return settle();
    const text = configText();
    if (text) viewer.text(text);
    const frames = group.frames();
    frames.forEach((frame, index) => lane.offer(frame, index === 0));
    publisher?.watched(lanes.size, frames.length === 0);
  };
  const leave = (viewer: ViewerLink) => {
    if (!lanes.delete(viewer)) return;
    settle();
    if (channel !== null) publisher?.watched(lanes.size, false);
  };
  const publish = (link: PublisherLink): Publication => {
    if (publisher) end(publisher);
    publisher = link;
    const mine = () => publisher === link;
    return {
      config(next) {
        if (!mine()) return;
        video = next;
        group.clear();
        tellConfig();
      },
      chunk(frame) {
        const chunk = decodeChunk(frame);
        if (!chunk) return false;
        if (!mine() || channel === null) return true;
        setChannel(frame, channel);
        group.add(frame, chunk.key);
        for (const lane of lanes.values()) lane.offer(frame, chunk.key);
        return true;
      },
      streaming(on) {
        if (!mine() || on === allowed) return;
        allowed = on;
        settle();
      },
      end: () => end(link),
    };
  };
  const end = (link: PublisherLink) => {
    if (publisher !== link) return;
    allowed = false;
    video = null;
    settle();
    publisher = null;
    if (lanes.size === 0) onEmpty();
  };
  return { publish, join, leave, size: () => lanes.size };
}
