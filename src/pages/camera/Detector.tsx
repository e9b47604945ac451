/** The detector's pictures and numbers enter; a person sees what it sees, why it alarms or not, and moves its threshold. */
import { useEffect, useRef } from 'preact/hooks';
import { m } from '../../messages/generated/messages.js';
import { reasonText } from '../../motion/browser/reason-text.ts';
import { locale } from '../shell/locale.ts';
import type { CameraController } from './controller.ts';
import type { CameraPageState } from './state.ts';
import { percentAt, positionOf, STEPS, stepOf } from './threshold-scale.ts';

interface DetectorProps {
  readonly state: CameraPageState;
  readonly controller: CameraController;
}

export function Detector({ state, controller }: DetectorProps) {
  return (
    <details class="card camera-sees" onToggle={(event) => controller.showDetector(event.currentTarget.open)}>
      <summary>{m.camera_sees()}</summary>
      <div class="camera-trio">
        <Plane state={state} name="frame" label={m.camera_sees_frame()} />
        <Plane state={state} name="reference" label={m.camera_sees_reference()} />
        <Plane state={state} name="difference" label={m.camera_sees_difference()} />
      </div>
      <Numbers state={state} controller={controller} />
    </details>
  );
}

function Numbers({ state, controller }: DetectorProps) {
  const report = state.report.value;
  if (!report) return null;
  const { thresholdPercent } = state.settings.value;
  // What the person has set, not what the detector last said of it: the bar would jump back under the finger.
  const threshold = thresholdPercent ?? report.thresholdRatio * 100;
  return (
    <div class="stack">
      <p class="camera-reason">{reasonText(report.reason, locale.value)}</p>
      <div class="field">
        <label for="camera-threshold">{m.camera_sees_threshold()}</label>
        <div class="camera-gauge">
          <meter
            min={0}
            max={1}
            value={positionOf(report.changedRatio * 100)}
            aria-label={m.camera_sees_changed({ percent: percent(report.changedRatio) })}
          />
          <input
            id="camera-threshold"
            type="range"
            min={0}
            max={STEPS}
            step={1}
            value={stepOf(threshold)}
            aria-valuetext={m.camera_sees_threshold_value({ percent: percent(threshold / 100) })}
            onInput={(event) => controller.adjust({ thresholdPercent: percentAt(event.currentTarget.valueAsNumber) })}
            onChange={(event) => controller.change({ thresholdPercent: percentAt(event.currentTarget.valueAsNumber) })}
          />
        </div>
        <p class="camera-figures">
          <span>{m.camera_sees_changed({ percent: percent(report.changedRatio) })}</span>
          <span>{m.camera_sees_threshold_value({ percent: percent(threshold / 100) })}</span>
        </p>
      </div>
      <p class="muted small">
        {m.camera_sees_legacy({
          value: new Intl.NumberFormat(locale.value, { maximumFractionDigits: 2 }).format(report.legacyValue),
        })}
      </p>
      {thresholdPercent !== null && (
        <button type="button" class="button" onClick={() => controller.change({ thresholdPercent: null })}>
          {m.camera_sees_threshold_reset()}
        </button>
      )}
    </div>
  );
}

interface PlaneProps {
  readonly state: CameraPageState;
  readonly name: 'frame' | 'reference' | 'difference';
  readonly label: string;
}

function Plane({ state, name, label }: PlaneProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const pictures = state.pictures.value;
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!pictures || !context || !canvas.current) return;
    const { width, height } = pictures;
    canvas.current.width = width;
    canvas.current.height = height;
    const image = context.createImageData(width, height);
    const pixels = new Uint32Array(image.data.buffer);
    // Opaque grey: the same byte three times, whatever the byte order.
    pictures[name].forEach((grey, at) => {
      pixels[at] = 0xff000000 | (grey * 0x010101);
    });
    context.putImageData(image, 0, 0);
  }, [pictures, name]);
  return (
    <figure>
      <canvas ref={canvas} width={160} height={120} role="img" aria-label={label} />
      <figcaption>{label}</figcaption>
    </figure>
  );
}

function percent(ratio: number): string {
  return new Intl.NumberFormat(locale.value, { style: 'percent', maximumSignificantDigits: 2 }).format(ratio);
}
