// The paper: pointer events become strokes, and the strokes are painted as smooth curves.

const DEFAULT_BRUSH = 56;
const ERASER_BUTTON = 5;
const NEAR = 8; // in pad units; smooth curves are seldom farther from the lines between the points

/**
 * A sheet of paper, PAD_SIZE units high and wide, shown as large as its element is.
 *
 * The finished part of each curve is painted on one canvas and never again; the last piece, which
 * the next point will change, on a second canvas above it. So the time for a point does not depend
 * on the length of the stroke.
 */
class Paper {
  /** `changed` is called when the drawing has changed. */
  constructor(element, changed) {
    this.element = element;
    this.changed = changed;
    this.ink = element.querySelector(".ink").getContext("2d");
    this.tip = element.querySelector(".tip").getContext("2d");
    this.rasterizer = new Rasterizer();
    this.image = new ImageData(PAD_SIZE, PAD_SIZE);
    [this.exact, this.near] = [0, 1].map(() => {
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = PAD_SIZE;
      return canvas.getContext("2d");
    });
    this.strokes = [];
    this.past = []; // the strokes before each step
    this.future = []; // the strokes after each step that was undone
    this.brush = DEFAULT_BRUSH;
    this.erasing = false;
    this.pointer = null; // the one that draws
    this.isPen = false; // a hand rests on the screen while a pen draws
    element.addEventListener("pointerdown", (event) => this.press(event));
    // A stroke may leave the paper and come back.
    addEventListener("pointermove", (event) => this.move(event));
    for (const name of ["pointerup", "pointercancel"]) {
      addEventListener(name, (event) => this.lift(event));
    }
    element.addEventListener("contextmenu", (event) => event.preventDefault());
    new ResizeObserver(() => this.fit()).observe(element);
    for (const query of ["(prefers-color-scheme: dark)", "(prefers-contrast: more)"]) {
      matchMedia(query).addEventListener("change", () => {
        this.paint();
        this.changed();
      });
    }
    this.fit();
  }

  // What is on the paper

  undo() {
    this.step(this.past, this.future);
  }

  redo() {
    this.step(this.future, this.past);
  }

  clear() {
    if (this.strokes.length) this.take([]);
  }

  /** Go to the last entry of one history; the strokes that are there now go into the other. */
  step(from, to) {
    this.finish();
    if (!from.length) return;
    to.push(this.strokes);
    this.strokes = from.pop();
    this.paint();
    this.changed();
  }

  /** Replace the strokes, as a step that can be undone. */
  take(strokes) {
    this.finish();
    this.past.push(this.strokes);
    this.future = [];
    this.strokes = strokes;
    this.paint();
    this.changed();
  }

  // Pointers

  press(event) {
    if (event.pointerType === "pen" && this.pointer !== null && !this.isPen) this.undoTouch();
    const isRight = event.button === 2;
    if (this.pointer !== null || ![0, 2, ERASER_BUTTON].includes(event.button)) return;
    event.preventDefault();
    this.element.setPointerCapture(event.pointerId);
    this.pointer = event.pointerId;
    this.isPen = event.pointerType === "pen";
    const erases = this.erasing || isRight || event.button === ERASER_BUTTON;
    this.past.push(this.strokes);
    this.future = [];
    this.strokes = [...this.strokes, { points: [], brush: this.brush, erases }];
    this.add(event);
    this.changed();
  }

  move(event) {
    if (event.pointerId !== this.pointer) return;
    if (event.buttons === 0) {
      this.lift(event); // it was released outside of the browser
      return;
    }
    // A browser reports the pointer once for each picture on the screen; between lie more places.
    const events = event.getCoalescedEvents?.() ?? [];
    for (const each of events.length ? events : [event]) this.add(each);
    this.changed();
  }

  lift(event) {
    if (event.pointerId !== this.pointer) return;
    if (event.type === "pointerup") this.add(event);
    this.finish();
    this.changed();
  }

  /** Remove what the hand has drawn that holds a pen. */
  undoTouch() {
    this.finish();
    this.undo();
    this.future = [];
  }

  finish() {
    if (this.pointer === null) return;
    this.pointer = null;
    const { points } = this.strokes[this.strokes.length - 1];
    this.tip.clearRect(0, 0, PAD_SIZE, PAD_SIZE);
    this.paintPiece(this.ink, this.strokes[this.strokes.length - 1], points.length - 2);
  }

  /** Add the place of an event to the stroke, in hundredths of a pad unit as in the program. */
  add({ clientX, clientY }) {
    const area = this.element.getBoundingClientRect();
    const unit = PAD_SIZE / this.element.clientWidth;
    const place = (at, start) => Math.fround(Math.round((at - start) * unit * 100) / 100);
    const x = place(clientX, area.left + this.element.clientLeft);
    const y = place(clientY, area.top + this.element.clientTop);
    const stroke = this.strokes[this.strokes.length - 1];
    const last = stroke.points[stroke.points.length - 1];
    if (last && last[0] === x && last[1] === y) return;
    stroke.points.push([x, y]);
    const count = stroke.points.length;
    if (count === 1) {
      this.paintPiece(this.ink, stroke, -1);
      return;
    }
    this.paintPiece(this.ink, stroke, count - 3);
    this.tip.clearRect(0, 0, PAD_SIZE, PAD_SIZE);
    // What is erased cannot be brought back: an eraser's path is painted straight away.
    this.paintPiece(stroke.erases ? this.ink : this.tip, stroke, count - 2);
  }

  // Painting

  /** Give the canvases as many pixels as the screen has. */
  fit() {
    const side = Math.max(Math.round(this.element.clientWidth * devicePixelRatio), 1);
    for (const context of [this.ink, this.tip]) {
      context.canvas.width = context.canvas.height = side;
      context.setTransform(side / PAD_SIZE, 0, 0, side / PAD_SIZE, 0, 0);
    }
    this.paint();
  }

  paint() {
    this.colour = getComputedStyle(this.element).color;
    this.tip.clearRect(0, 0, PAD_SIZE, PAD_SIZE);
    this.ink.clearRect(0, 0, PAD_SIZE, PAD_SIZE);
    for (const stroke of this.strokes) {
      for (let i = -1; i < stroke.points.length - 1; i++) this.paintPiece(this.ink, stroke, i);
    }
    this.paintErased();
  }

  /**
   * Close to where something was erased, paint the ink itself, which is read, instead of smooth
   * curves: no ink can hide, and no curve is left over.
   */
  paintErased() {
    const erasers = this.strokes.filter((stroke) => stroke.erases);
    if (!erasers.length) return;
    this.near.clearRect(0, 0, PAD_SIZE, PAD_SIZE);
    for (const { points, brush } of erasers) {
      this.near.lineWidth = brush + 2 * NEAR;
      this.near.lineCap = this.near.lineJoin = "round";
      this.near.beginPath();
      for (const [x, y] of [points[0].map((at) => at + 0.01), ...points]) this.near.lineTo(x, y);
      this.near.stroke();
    }
    const ink = this.rasterizer.rasterize(this.strokes);
    const [red, green, blue] = this.colour.match(/\d+/g);
    const { data } = this.image;
    for (let i = 0; i < ink.length; i++) {
      data[4 * i] = red;
      data[4 * i + 1] = green;
      data[4 * i + 2] = blue;
      data[4 * i + 3] = ink[i];
    }
    this.exact.putImageData(this.image, 0, 0);
    this.exact.globalCompositeOperation = "destination-in";
    this.exact.drawImage(this.near.canvas, 0, 0);
    this.ink.globalCompositeOperation = "destination-out";
    this.ink.drawImage(this.near.canvas, 0, 0);
    this.ink.globalCompositeOperation = "lighter";
    this.ink.drawImage(this.exact.canvas, 0, 0);
  }

  /** Paint the curve from point i of a stroke to the next; the dot that begins it for -1. */
  paintPiece(context, { points, brush, erases }, i) {
    context.globalCompositeOperation = erases ? "destination-out" : "source-over";
    context.strokeStyle = this.colour;
    context.lineWidth = brush;
    context.lineCap = context.lineJoin = "round";
    const [x, y] = points[Math.max(i, 0)];
    context.beginPath();
    context.moveTo(x, y);
    if (i === -1) {
      context.lineTo(x + 0.01, y); // a canvas paints no line of no length
    } else if (erases) {
      context.lineTo(...points[i + 1]);
    } else {
      const curve = cubicBetween(points, i);
      const [endX, endY] = points[i + 1];
      const steps = Math.min(Math.max(Math.ceil(Math.hypot(endX - x, endY - y) / 6), 1), 12);
      for (let step = 1; step <= steps; step++) context.lineTo(...curve(step / steps));
    }
    context.stroke();
  }
}
