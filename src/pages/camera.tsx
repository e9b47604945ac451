// The document enters; the page's name and what Vigie is for leave on it.
import { render } from 'preact';
import { m } from '../messages/generated/messages.js';

function Page() {
  return (
    <main>
      <h1>{m.shell_name()}</h1>
      <p>{m.shell_tagline()}</p>
    </main>
  );
}

const place = document.getElementById('app');
if (place) render(<Page />, place);
