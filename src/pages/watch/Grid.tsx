/** Cameras enter; a wall of tiles that fits the window leaves, or the one that was opened. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Camera } from '../../cameras/shared/schema.ts';
import { fitColumns } from './fit.ts';
import { Tile } from './Tile.tsx';
import type { Wall } from './wall.ts';

const GAP = 12;

export function Grid({ wall, cameras }: { readonly wall: Wall; readonly cameras: readonly Camera[] }) {
  const grid = useRef<HTMLDivElement>(null);
  const [openedId, open] = useOpened();
  const { columns, tileWidth } = useFit(grid, cameras.length);
  const isOpened = cameras.some(({ id }) => id === openedId);
  return (
    <div
      ref={grid}
      class="watch-grid"
      style={{ '--tile-columns': String(columns), '--tile-width': tileWidth > 0 ? `${tileWidth}px` : '1fr' }}
    >
      {cameras.map((camera) => (
        <div key={camera.id} inert={isOpened && camera.id !== openedId}>
          <Tile
            wall={wall}
            camera={camera}
            opened={camera.id === openedId}
            onOpen={() => open(camera.id)}
            onClose={() => open(null)}
          />
        </div>
      ))}
    </div>
  );
}

/** Which camera is opened, kept in the address: the way back closes it, and a link leads to it. */
function useOpened(): [string | null, (cameraId: string | null) => void] {
  const [opened, setOpened] = useState(idOfHash());
  useEffect(() => {
    const follow = () => setOpened(idOfHash());
    window.addEventListener('hashchange', follow);
    window.addEventListener('popstate', follow);
    return () => {
      window.removeEventListener('hashchange', follow);
      window.removeEventListener('popstate', follow);
    };
  }, []);
  const open = (cameraId: string | null) => {
    if (cameraId !== null) history.pushState({ opened: true }, '', `#${cameraId}`);
    else if (history.state?.opened) history.back();
    else history.replaceState(null, '', location.pathname);
    setOpened(cameraId);
  };
  return [opened, open];
}

function idOfHash(): string | null {
  return location.hash.slice(1) || null;
}

/** Measures the room from the grid's top to the window's end, now and whenever it changes. */
function useFit(
  grid: { readonly current: HTMLDivElement | null },
  count: number,
): { columns: number; tileWidth: number } {
  const [fit, setFit] = useState({ columns: 1, tileWidth: 0 });
  useEffect(() => {
    const measure = () => {
      const place = grid.current;
      if (!place) return;
      const style = getComputedStyle(document.documentElement);
      const bottom = Number.parseFloat(style.getPropertyValue('--bar-bottom')) || 0;
      const height = window.innerHeight - bottom - GAP - (place.getBoundingClientRect().top + window.scrollY);
      setFit(fitColumns(count, { width: place.clientWidth, height }, GAP));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(document.documentElement);
    window.addEventListener('resize', measure);
    return () => {
      observer.disconnect();
      window.removeEventListener('resize', measure);
    };
  }, [grid, count]);
  return fit;
}
