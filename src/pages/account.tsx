/** The document enters; the account's page leaves on it. */
import { AccountPage } from './account/Account.tsx';
import { mount } from './shell/mount.tsx';

mount(<AccountPage />);
