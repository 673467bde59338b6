// The answer beside the paper: the class, how probable it is, a bar for each class, the sample.

const LEAST_WRITTEN = 0.005;
const MANY_CLASSES = 13; // more need two columns

class AnswerView {
  constructor(element, { classes, isOfDigits }) {
    this.classes = classes;
    this.isOfDigits = isOfDigits;
    const part = (name) => element.querySelector(`.${name}`);
    [this.name, this.caption, this.spoken] = ["class", "caption", "spoken"].map(part);
    [this.bars, this.time] = ["bars", "time"].map(part);
    this.sample = element.querySelector(".sample").getContext("2d");
    if (classes.length > MANY_CLASSES) {
      this.bars.classList.add("many");
      this.bars.style.gridTemplateRows = `repeat(${Math.ceil(classes.length / 2)}, auto)`;
    }
    this.rows = classes.map((name) => {
      const row = this.bars.appendChild(document.createElement("li"));
      const [label, track, value] = ["label", "track", "value"].map((kind) => {
        const child = row.appendChild(document.createElement("span"));
        child.className = kind;
        return child;
      });
      label.textContent = label.title = name;
      return { row, value, fill: track.appendChild(document.createElement("span")) };
    });
    this.showNothing();
  }

  showNothing() {
    this.name.textContent = "";
    this.caption.textContent = this.isOfDigits ? "Draw a digit" : "Draw one of these";
    this.spoken.textContent = "";
    this.time.textContent = "";
    for (const { row, fill, value } of this.rows) {
      row.className = "";
      fill.style.width = "0";
      value.textContent = "";
    }
    this.showSample(new Float32Array(SAMPLE_SIZE * SAMPLE_SIZE));
  }

  /** Show an answer; a screen reader says it only once, when the pen is lifted. */
  show({ best, probabilities, verdict, sample }, milliseconds, isLifted) {
    this.name.textContent = verdict === NONE ? "?" : this.classes[best];
    this.name.classList.toggle("word", [...this.name.textContent].length > 2);
    this.name.classList.toggle("unsure", verdict !== SURE);
    this.caption.textContent = this.inWords(verdict, this.classes[best], probabilities[best]);
    const spoken = verdict === SURE ? `${this.classes[best]}, ` : "";
    if (isLifted) this.spoken.textContent = spoken + this.caption.textContent;
    this.time.textContent = `${milliseconds.toFixed(1)} ms`;
    this.rows.forEach(({ row, fill, value }, i) => {
      const isBest = i === best;
      row.className = isBest ? (verdict === SURE ? "best sure" : "best") : "";
      fill.style.width = `${(100 * probabilities[i]).toFixed(2)}%`;
      const isWritten = isBest || probabilities[i] >= LEAST_WRITTEN;
      value.textContent = isWritten ? percent(probabilities[i]) : "";
    });
    this.showSample(sample);
  }

  inWords(verdict, name, probability) {
    if (verdict === SURE) return percent(probability);
    if (verdict === UNSURE) return `Not sure. Closest: ${name}`;
    return `${this.isOfDigits ? "Not a digit" : "None of these"}. Closest: ${name}`;
  }

  showSample(sample) {
    const image = this.sample.createImageData(SAMPLE_SIZE, SAMPLE_SIZE);
    // The colour of the ink, as 'rgb(27, 32, 48)'; the paper shows through where there is little.
    const ink = getComputedStyle(this.sample.canvas).color.match(/\d+/g).slice(0, 3);
    sample.forEach((value, i) => image.data.set([...ink, Math.round(255 * value)], 4 * i));
    this.sample.putImageData(image, 0, 0);
  }
}

/** Return a share from 0 to 1 as text; one below 1 is never rounded up to 100 %. */
function percent(share) {
  return share >= 1 ? "100 %" : `${Math.min(100 * share, 99.9).toFixed(1)} %`;
}
