/** A camera's canvas enters; its picture leaves as a JPEG file in the person's downloads. */

/** @returns whether there was a picture to save. @param takenAt its capture time, ms since 1970 */
export async function saveStill(canvas: HTMLCanvasElement, cameraName: string, takenAt: number): Promise<boolean> {
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.92));
  if (!blob) return false;
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = stillName(cameraName, new Date(takenAt));
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
  return true;
}

/** `Salon_2026-11-22_14-31-07.jpg`, in local time; what a file system refuses becomes a dash. */
export function stillName(cameraName: string, taken: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${taken.getFullYear()}-${two(taken.getMonth() + 1)}-${two(taken.getDate())}`;
  const time = `${two(taken.getHours())}-${two(taken.getMinutes())}-${two(taken.getSeconds())}`;
  return `${cameraName.replaceAll(/[\\/:*?"<>|\p{Cc}]+/gu, '-')}_${day}_${time}.jpg`;
}
