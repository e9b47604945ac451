/** The account's cameras enter; the page that shows them live leaves. */
import { useEffect, useState } from 'preact/hooks';
import { m } from '../messages/generated/messages.js';
import { Icon } from './shell/icons.tsx';
import { mount } from './shell/mount.tsx';
import { Shell } from './shell/Shell.tsx';
import { signInPath } from './shell/session.ts';
import { Empty, Loading } from './shell/states.tsx';
import { Grid } from './watch/Grid.tsx';
import { openWall, type Wall } from './watch/wall.ts';
import './watch/watch.css';

function Page() {
  const [wall, setWall] = useState<Wall | null>(null);
  useEffect(() => {
    const opened = openWall();
    setWall(opened);
    return opened.close;
  }, []);
  return (
    <Shell title={() => m.watch_title()} current="watch" layout="wide">
      <h1 class="visually-hidden">{m.watch_title()}</h1>
      {wall && <Cameras wall={wall} />}
    </Shell>
  );
}

function Cameras({ wall }: { readonly wall: Wall }) {
  const cameras = wall.cameras.value;
  const connection = wall.connection.value;
  return (
    <>
      {connection === 'lost' && (
        <div class="banner banner-danger" role="alert">
          <p>{m.watch_lost()}</p>
        </div>
      )}
      {connection === 'ended' && (
        <div class="banner banner-danger" role="alert">
          <p>{m.watch_ended()}</p>
          <a class="button button-primary" href={signInPath()}>
            {m.shell_sign_in()}
          </a>
        </div>
      )}
      {cameras === null ? connection !== 'ended' && <Loading text={m.watch_connecting()} /> : null}
      {cameras?.length === 0 && (
        <Empty title={m.watch_empty_title()} icon={<Icon name="camera" />}>
          <p class="muted watch-empty">{m.watch_empty_text()}</p>
          <a class="button button-primary" href="/camera">
            {m.watch_empty_action()}
          </a>
        </Empty>
      )}
      {cameras && cameras.length > 0 && <Grid wall={wall} cameras={cameras} />}
    </>
  );
}

mount(<Page />);
