/** The document enters; home leaves on it. */
import { Home } from './home/Home.tsx';
import { mount } from './shell/mount.tsx';

mount(<Home />);
