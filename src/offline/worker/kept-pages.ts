/** A path enters; the name of the file that is kept for it leaves. */

/** The file behind a path of this server: `/` and `/camera` are pages; null where none is kept. */
export function keptName(pathname: string, files: ReadonlySet<string>): string | null {
  const page = pathname === '/' ? '/index.html' : `${pathname}.html`;
  if (files.has(page)) return page;
  return files.has(pathname) ? pathname : null;
}

/** The promise's value. @throws Error where it has not come after `millis`. */
export function withinTime<T>(promise: Promise<T>, millis: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer after ${millis} ms`)), millis);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
