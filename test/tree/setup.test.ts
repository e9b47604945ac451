// Runs the pieces of the setup script on small trees of their own, as a first start, a second one and a killed one find them.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { withLock } from '../../scripts/setup/lock.js';
import { expectNode, linkNode, modernNode } from '../../scripts/setup/node.js';
import { installPackages, packagesDiffer, settlePackages } from '../../scripts/setup/packages.js';
import { step } from '../../scripts/setup/step.js';
import { findBrowser, findPostgres, missingTools } from '../../scripts/setup/tools.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'vigie-setup-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('packages', () => {
  const here = { os: [process.platform], cpu: [process.arch] };
  const elsewhere = { os: ['plan9'], cpu: [process.arch] };
  const lock = {
    '': {},
    'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
    'node_modules/tool': { version: '1.0.0', integrity: 'sha512-t', dev: true },
    'node_modules/native': { version: '1.0.0', integrity: 'sha512-n', optional: true, ...here },
    'node_modules/foreign': { version: '1.0.0', integrity: 'sha512-f', optional: true, ...elsewhere },
    'node_modules/of-foreign': { version: '1.0.0', integrity: 'sha512-o', optional: true },
  };
  const installed = (packages: object) => {
    mkdirSync(path.join(root, 'node_modules'), { recursive: true });
    writeFileSync(path.join(root, 'node_modules/.package-lock.json'), JSON.stringify({ packages }));
  };
  beforeEach(() => writeFileSync(path.join(root, 'package-lock.json'), JSON.stringify({ packages: lock })));
  const { 'node_modules/a': a, 'node_modules/tool': tool, 'node_modules/native': native } = lock;

  test('nothing installed differs', () => {
    expect(packagesDiffer(root, false)).toBe(true);
  });

  test('an installation that was killed has no list of its own, and differs', () => {
    mkdirSync(path.join(root, 'node_modules/a'), { recursive: true });
    expect(packagesDiffer(root, false)).toBe(true);
  });

  test('what running needs is enough to run, not to test', () => {
    installed({ 'node_modules/a': a, 'node_modules/native': native });
    expect(packagesDiffer(root, false)).toBe(false);
    expect(packagesDiffer(root, true)).toBe(true);
    installed({ 'node_modules/a': a, 'node_modules/native': native, 'node_modules/tool': tool });
    expect(packagesDiffer(root, true)).toBe(false);
  });

  test.each([
    ['another version', { ...a, version: '1.0.1' }],
    ['another content', { ...a, integrity: 'sha512-b' }],
  ])('%s differs', (_name, other) => {
    installed({ 'node_modules/a': other, 'node_modules/native': native });
    expect(packagesDiffer(root, false)).toBe(true);
  });

  test('a missing build for this machine differs, one for another does not', () => {
    installed({ 'node_modules/a': a });
    expect(packagesDiffer(root, false)).toBe(true);
  });
});

describe('an installation', () => {
  /** Stands for npm: notes how it is called, and empties the folder before anything else. */
  const npm = (program: string) => {
    const file = path.join(root, 'npm-cli.js');
    const head = `const fs = require('node:fs'); fs.writeFileSync('args.json', JSON.stringify(process.argv.slice(2)));
      fs.rmSync('node_modules', { recursive: true, force: true }); fs.mkdirSync('node_modules');`;
    writeFileSync(file, head + program);
    vi.stubEnv('npm_execpath', file);
  };
  const whole = `fs.writeFileSync('node_modules/.package-lock.json', '{"packages":{}}');`;
  const broken = `fs.mkdirSync('node_modules/half'); process.exit(1);`;
  const put = (folder: string, file: string, text: string) => {
    mkdirSync(path.join(root, folder), { recursive: true });
    writeFileSync(path.join(root, folder, file), text);
  };
  const there = () => readdirSync(path.join(root, 'node_modules')).sort();
  const list = '.package-lock.json';
  beforeEach(() => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  });

  test('takes the place of the one before', async () => {
    put('node_modules', 'old', '');
    npm(whole);
    await installPackages(root, false, () => {});
    expect(there()).toEqual([list]);
    expect(settlePackages.done(root)).toBe(true);
  });

  test('is the lock’s, whatever the person’s own npm is set to, and runs no package’s script', async () => {
    npm(whole);
    await installPackages(root, false, () => {});
    const args = JSON.parse(readFileSync(path.join(root, 'args.json'), 'utf8'));
    expect(args[0]).toBe('ci');
    expect(args).toEqual(
      expect.arrayContaining(['--ignore-scripts', '--include=peer', '--engine-strict=false', '--omit=dev']),
    );
  });

  test('that fails leaves what was there', async () => {
    put('node_modules', 'old', '');
    put('node_modules', list, '{"packages":{}}');
    npm(broken);
    await expect(installPackages(root, true, () => {})).rejects.toThrow('ended with 1');
    expect(there()).toEqual([list, 'old']);
  });

  test('that fails where nothing was there can be tried again', async () => {
    npm(broken);
    await expect(installPackages(root, true, () => {})).rejects.toThrow('ended with 1');
    npm(whole);
    await installPackages(root, true, () => {});
    expect(there()).toEqual([list]);
  });

  test('that was killed in the middle is undone by the next setup', () => {
    put('.cache/node_modules-before', 'old', '');
    put('node_modules', 'half', '');
    expect(settlePackages.done(root)).toBe(false);
    settlePackages(root);
    expect(there()).toEqual(['old']);
    expect(settlePackages.done(root)).toBe(true);
  });

  test('that was killed once it was whole stays', () => {
    put('.cache/node_modules-before', 'old', '');
    put('node_modules', list, '{"packages":{}}');
    settlePackages(root);
    expect(there()).toEqual([list]);
    expect(settlePackages.done(root)).toBe(true);
  });
});

describe.runIf(process.platform === 'linux' && process.report)('the Node that comes with the packages', () => {
  const packaged = () => path.join(root, `node_modules/node-linux-${process.arch}/bin/node`);
  const link = () => path.join(root, 'node_modules/.bin/node');
  const putNode = (program: string) => {
    mkdirSync(path.dirname(packaged()), { recursive: true });
    writeFileSync(packaged(), program, { mode: 0o755 });
  };

  test('is linked once it was seen to run, and tried again when the packages are new', () => {
    putNode('#!/bin/sh\n');
    expect(linkNode.done(root)).toBe(false);
    linkNode(root);
    expect(linkNode.done(root)).toBe(true);
    expect([readlinkSync(link()), modernNode(root)]).toEqual([`../node-linux-${process.arch}/bin/node`, packaged()]);
    rmSync(path.join(root, 'node_modules'), { recursive: true });
    putNode('#!/bin/sh\n');
    expect(linkNode.done(root)).toBe(false);
  });

  test('gives way to the system’s where it does not run, although npm linked it', () => {
    putNode('#!/nowhere/ld-linux.so\n');
    mkdirSync(path.dirname(link()));
    symlinkSync(path.relative(path.dirname(link()), packaged()), link());
    linkNode(root);
    expect(modernNode(root)).toBe(process.execPath);
    expect(() => readlinkSync(link())).toThrow('ENOENT');
  });

  test('is asked for before anything is fetched', () => {
    const version = '20.20.2';
    const isRefused = (on: string, libc?: string) => {
      try {
        expectNode({ on, version, ...(libc && { libc }) });
        return false;
      } catch (error) {
        return String(error).includes('Node 24 or later is needed');
      }
    };
    expect([isRefused('linux-x64', 'glibc'), isRefused('linux-arm64', 'glibc')]).toEqual([false, false]);
    expect([isRefused('linux-x64', 'musl'), isRefused('darwin-arm64')]).toEqual([true, true]);
    expect(() => expectNode({ on: 'darwin-arm64', version: '24.0.0' })).not.toThrow();
  });
});

describe('the programs that the tests use', () => {
  const everything = ['caddy', 'chromium', 'default-jre-headless', 'ffmpeg', 'libnss3-tools', 'postgresql'];
  const put = (...commands: string[]) => {
    for (const command of commands)
      writeFileSync(path.join(root, process.platform === 'win32' ? `${command}.exe` : command), '');
  };

  test('are all missing on an empty machine', () => {
    expect(missingTools({ PATH: root }, []).sort()).toEqual(everything);
  });

  test('are there when each of their commands is', () => {
    put('chromium-browser', 'ffmpeg', 'postgres', 'initdb', 'java', 'certutil', 'caddy');
    expect(missingTools({ PATH: root }, [])).toEqual(['ffmpeg']);
    put('ffprobe');
    expect(missingTools({ PATH: root }, [])).toEqual([]);
  });

  test('are found where they lie outside PATH', () => {
    put('initdb', 'postgres', 'Google Chrome');
    expect(missingTools({ PATH: '' }, [root]).sort()).toEqual([
      'caddy',
      'default-jre-headless',
      'ffmpeg',
      'libnss3-tools',
    ]);
    expect([findPostgres({ PATH: '' }, [root]), findBrowser({ PATH: '' }, [])]).toEqual([
      realpathSync(root),
      undefined,
    ]);
  });

  test('may be a browser that is named', () => {
    put('mine');
    const env = { PATH: '', CHROMIUM: path.join(root, 'mine') };
    expect(missingTools(env, [])).not.toContain('chromium');
    expect(findBrowser(env, [])).toBe(env.CHROMIUM);
  });
});

describe('a step', () => {
  const make = ({ target }: { target: string }) => {
    mkdirSync(target);
    writeFileSync(path.join(target, 'made.txt'), readFileSync(path.join(root, 'source.txt')));
    writeFileSync(path.join(target, 'page.html'), 'page');
  };
  const build = step({ name: 'thing', output: 'out', inputs: () => ['source.txt'], make });
  const said = (file: string) => readFileSync(path.join(root, 'out', file), 'utf8');
  beforeEach(() => writeFileSync(path.join(root, 'source.txt'), 'one'));

  test('is done after it was made, and due again when its source changes', async () => {
    expect(build.done(root)).toBe(false);
    await build(root, 'node', () => {});
    expect(build.done(root)).toBe(true);
    writeFileSync(path.join(root, 'source.txt'), 'two');
    expect(build.done(root)).toBe(false);
    await build(root, 'node', () => {});
    expect(said('made.txt')).toBe('two');
  });

  test('is due when something that it made is gone', async () => {
    await build(root, 'node', () => {});
    rmSync(path.join(root, 'out/page.html'));
    expect(build.done(root)).toBe(false);
  });

  test('that fails leaves what was there, and is due', async () => {
    await build(root, 'node', () => {});
    const failing = step({
      name: 'thing',
      output: 'out',
      inputs: () => ['source.txt'],
      make: () => Promise.reject(new Error('no')),
    });
    await expect(failing(root, 'node', () => {})).rejects.toThrow('no');
    expect(said('page.html')).toBe('page');
    expect(build.done(root)).toBe(false);
  });

  test('removes what it no longer makes', async () => {
    mkdirSync(path.join(root, 'out'));
    writeFileSync(path.join(root, 'out/old.txt'), 'old');
    await build(root, 'node', () => {});
    expect(existsSync(path.join(root, 'out/old.txt'))).toBe(false);
  });
});

describe('the lock', () => {
  const file = () => path.join(root, '.cache/setup.lock');
  const dead = () => `${spawnSync(process.execPath, ['--version']).pid} 1\n`;

  test('lets one piece of work after the other', async () => {
    const order: string[] = [];
    const first = Promise.withResolvers<void>();
    const one = withLock(root, async () => {
      order.push('one begins');
      await first.promise;
      order.push('one ends');
    });
    const two = withLock(root, () => order.push('two'));
    first.resolve();
    await Promise.all([one, two]);
    expect(order).toEqual(['one begins', 'one ends', 'two']);
    expect(existsSync(file())).toBe(false);
  });

  test('of the dead is taken over', async () => {
    mkdirSync(path.dirname(file()));
    writeFileSync(file(), dead());
    expect(await withLock(root, () => 'mine')).toBe('mine');
  });

  test('of a process whose number was given to another is taken over', async () => {
    mkdirSync(path.dirname(file()));
    writeFileSync(file(), `${process.pid} 1\n`);
    expect(await withLock(root, () => 'mine')).toBe('mine');
  });

  test.runIf(process.platform === 'linux')(
    'of a process that ended, and that nobody collects, is taken over',
    async () => {
      const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec tail -f /dev/null'], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const [line] = await once(parent.stdout, 'data');
      const pid = Number(line);
      const stat = () => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      await expect.poll(() => stat()[0]).toBe('Z');
      mkdirSync(path.dirname(file()));
      writeFileSync(file(), `${pid} ${stat()[19]}\n`);
      expect(await withLock(root, () => 'mine')).toBe('mine');
      parent.kill();
    },
  );

  test('says whom it waits for, once', async () => {
    const said = vi.spyOn(console, 'error').mockImplementation(() => {});
    const first = Promise.withResolvers<void>();
    const one = withLock(root, () => first.promise);
    const two = withLock(root, () => 'two');
    await vi.waitUntil(() => said.mock.calls.length > 0);
    first.resolve();
    await Promise.all([one, two]);
    expect(said.mock.calls).toEqual([[`setup: waiting for another setup of this folder (process ${process.pid})`]]);
    said.mockRestore();
  });

  test('that nobody ever signed is taken over', async () => {
    mkdirSync(path.dirname(file()));
    writeFileSync(file(), '');
    utimesSync(file(), new Date(0), new Date(0));
    expect(await withLock(root, () => 'mine')).toBe('mine');
  });

  test('is held by the npm of a setup that was killed, until that ends too', async () => {
    const npm = spawn(process.execPath, ['-e', 'process.stdin.resume()']);
    const ended = once(npm, 'exit');
    await withLock(root, (holds) => {
      holds(Number(npm.pid));
      const [, child] = readFileSync(file(), 'utf8').split('\n');
      writeFileSync(`${file()}.kept`, dead() + child + '\n');
    });
    writeFileSync(file(), readFileSync(`${file()}.kept`));
    const order: string[] = [];
    const waiting = withLock(root, () => order.push('taken'));
    order.push('told to end');
    npm.stdin.end();
    await Promise.all([ended, waiting]);
    expect(order).toEqual(['told to end', 'taken']);
  });
});
