// The text of the screen: copied as a whole, or selected with the mouse. ecs-vnc reads it from the pixels.

// Sends the picture of a canvas to ecs-vnc, and returns its text: { IsText, Lines, CellWidth, … }.
export async function readText(canvas) {
  const blob = await new Promise((resolve) => { canvas.toBlob(resolve, 'image/png'); });
  const response = await fetch('text', { method: 'POST', body: blob, cache: 'no-store' });
  if (!response.ok) throw new Error(`ecs-vnc answered ${response.status}`);
  return response.json();
}

// The rows as one text, without the empty ones at the end.
export const plainText = ({ Lines }) => Lines.join('\n').trimEnd();

// Covers the canvas with a picture of it, and with its text: invisible, but selectable. Returns the layer.
export function textLayer(canvas, text) {
  const area = canvas.getBoundingClientRect();
  const stage = canvas.closest('main').getBoundingClientRect();
  const scale = area.width / canvas.width;
  const layer = document.createElement('div');
  layer.className = 'text-layer';
  Object.assign(layer.style, {
    left: `${area.left - stage.left}px`, top: `${area.top - stage.top}px`, width: `${area.width}px`, height: `${area.height}px`,
  });
  const picture = document.createElement('canvas');
  [picture.width, picture.height] = [canvas.width, canvas.height];
  picture.getContext('2d').drawImage(canvas, 0, 0);
  const rows = document.createElement('pre');
  rows.textContent = text.Lines.join('\n');
  const [width, height] = [text.CellWidth * scale, text.CellHeight * scale];
  Object.assign(rows.style, {
    left: `${text.OffsetX * scale}px`, top: `${text.OffsetY * scale}px`, fontSize: `${height * 0.8}px`, lineHeight: `${height}px`,
  });
  layer.append(picture, rows);
  canvas.closest('main').append(layer);
  // A character of the browser's font has another width than a cell.
  const measure = picture.getContext('2d');
  const { fontSize, fontFamily } = getComputedStyle(rows);
  measure.font = `${fontSize} ${fontFamily}`;
  rows.style.letterSpacing = `${width - measure.measureText('0'.repeat(64)).width / 64}px`;
  return layer;
}
