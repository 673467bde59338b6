// The page: connects the paper, the tools and the answer.

const recognizer = new Recognizer(JSON.parse(document.getElementById("model").textContent));
const { isOfDigits, model } = recognizer;
const answer = new AnswerView(document.querySelector(".answer"), { ...model, isOfDigits });
const paper = new Paper(document.querySelector(".paper"), takeDrawing);
const tool = (name) => document.querySelector(`[data-tool="${name}"]`);

// Read at most once for each picture on the screen; what was drawn in between is read together.
let isWaiting = false;

function takeDrawing() {
  tool("undo").disabled = !paper.past.length;
  tool("clear").disabled = !paper.strokes.length;
  if (isWaiting) return;
  isWaiting = true;
  requestAnimationFrame(() => {
    isWaiting = false;
    paper.paintErased();
    const start = performance.now();
    const reading = recognizer.read(paper.strokes);
    if (reading === null) answer.showNothing();
    else answer.show(reading, performance.now() - start, paper.pointer === null);
  });
}

function erase(erases) {
  paper.erasing = erases;
  tool("erase").setAttribute("aria-pressed", erases);
}

tool("undo").addEventListener("click", () => paper.undo());
tool("clear").addEventListener("click", () => paper.clear());
tool("erase").addEventListener("click", () => erase(!paper.erasing));
tool("brush").addEventListener("input", (event) => (paper.brush = event.target.valueAsNumber));

document.addEventListener("keydown", (event) => {
  const isCommand = event.ctrlKey || event.metaKey;
  const key = event.key.toLowerCase();
  if (isCommand && key === "z") {
    event.preventDefault();
    if (event.shiftKey) paper.redo();
    else paper.undo();
  } else if (isCommand && key === "y") {
    event.preventDefault();
    paper.redo();
  } else if (!isCommand && ["delete", "escape"].includes(key)) {
    paper.clear();
  } else if (!isCommand && (key === "e" || key === "p")) {
    erase(key === "e");
  }
});

takeDrawing();

// For the browser's console, and for tests: read strokes that are not on the paper.
globalThis.lenetDesktop = { read: (strokes) => recognizer.read(strokes) };
