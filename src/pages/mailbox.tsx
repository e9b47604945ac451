/** The document enters; the mailbox page leaves on it. */
import { MailboxPage } from './mailbox/Mailbox.tsx';
import { mount } from './shell/mount.tsx';

mount(<MailboxPage />);
