// A photo made fit for a weak line: at most 2,048 pixels, with the place and time it was taken left in it.
const LARGEST = 2048;
const AS_IT_IS_BYTES = 1_500_000;
const KINDS = new Set(["image/jpeg", "image/png", "image/webp"]);
export const MANY = 4;

// {data, type} to keep and send. Raises when the file is no picture the browser can read.
export async function prepare(file) {
  const data = await file.arrayBuffer();
  const picture = await createImageBitmap(new Blob([data], { type: file.type }));
  const size = Math.max(picture.width, picture.height);
  if (KINDS.has(file.type) && data.byteLength <= AS_IT_IS_BYTES && size <= LARGEST) return { data, type: file.type };
  const scale = Math.min(1, LARGEST / size);
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const blob = await new Promise((resolve, reject) =>
    canvas.toBlob((made) => (made ? resolve(made) : reject(new Error("No picture."))), "image/jpeg", 0.85)
  );
  return { data: withNotes(await blob.arrayBuffer(), notes(data)), type: "image/jpeg" };
}

// The EXIF segment of a JPEG, its orientation set to upright (the canvas has turned the picture); null when there is none.
export function notes(data) {
  const view = new DataView(data);
  if (view.byteLength < 4 || view.getUint16(0) !== 0xffd8) return null;
  for (let at = 2; at + 10 < view.byteLength && view.getUint8(at) === 0xff; ) {
    const [marker, length] = [view.getUint8(at + 1), view.getUint16(at + 2)];
    if (marker === 0xda) return null;
    if (marker === 0xe1 && view.getUint32(at + 4) === 0x45786966) return upright(data.slice(at, at + 2 + length));
    at += 2 + length;
  }
  return null;
}

function upright(segment) {
  const view = new DataView(segment);
  const start = 10;
  try {
    const little = view.getUint16(start) === 0x4949;
    const first = start + view.getUint32(start + 4, little);
    const entries = view.getUint16(first, little);
    for (let i = 0; i < entries; i++) {
      const entry = first + 2 + 12 * i;
      if (view.getUint16(entry, little) === 0x0112) view.setUint16(entry + 8, 1, little);
    }
    return segment;
  } catch {
    return null;
  }
}

function withNotes(jpeg, segment) {
  if (!segment) return jpeg;
  const whole = new Uint8Array(jpeg.byteLength + segment.byteLength);
  whole.set(new Uint8Array(jpeg, 0, 2), 0);
  whole.set(new Uint8Array(segment), 2);
  whole.set(new Uint8Array(jpeg, 2), 2 + segment.byteLength);
  return whole.buffer;
}
