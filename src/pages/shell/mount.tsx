/** A page's component enters; it stands in the document. */
import { type ComponentChild, render } from 'preact';
import { keepPages } from '../../offline/browser/keep-pages.ts';
import './locale.ts';

/** Renders a page into `#app`. @throws where the document has no such place. */
export function mount(page: ComponentChild): void {
  const place = document.getElementById('app');
  if (!place) throw new Error('the document has no #app');
  render(page, place);
  keepPages();
}
