// What the bench does in a page: the same messages drawn by Mermaid, by d3, and by the player.
// Each `draw` resolves once the picture is there; `scrub` moves through all of it, a frame a step.
const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
const drawn = () => frame().then(frame);

async function over(frames, show) {
  for (let index = 1; index <= frames; index++) {
    show(index / frames);
    await frame();
  }
}

globalThis.bench = {
  mermaid: {
    async draw({ parties, messages }) {
      mermaid.initialize({ startOnLoad: false });
      const lines = messages.map(([from, to, name]) => `${from}->>${to}: ${name}`);
      const heads = parties.map((party) => `participant ${party}`);
      const { svg } = await mermaid.render("drawn", ["sequenceDiagram", ...heads, ...lines].join("\n"));
      document.body.innerHTML = svg;
      await drawn();
    },
  },
  d3: {
    async draw({ parties, messages }) {
      const x = d3.scalePoint(parties, [80, 880]);
      const y = (index) => 40 + index * 24;
      const svg = d3.select("body").append("svg").attr("width", 960);
      svg.attr("height", y(messages.length));
      const lanes = svg.selectAll("line.lane").data(parties).join("line").attr("class", "lane");
      lanes.attr("x1", x).attr("x2", x).attr("y1", 20).attr("y2", y(messages.length));
      lanes.attr("stroke", "grey");
      const rows = svg.selectAll("g").data(messages).join("g");
      rows.attr("transform", (_, index) => `translate(0,${y(index)})`);
      rows.append("line").attr("stroke", "black").attr("x1", ([from]) => x(from)).attr("x2", ([, to]) => x(to));
      rows.append("text").attr("x", ([from, to]) => (x(from) + x(to)) / 2).attr("y", -4).text(([, , name]) => name);
      this.rows = rows.nodes();
      await drawn();
    },
    async scrub(frames) {
      let last = 0;
      await over(frames, (part) => {
        const now = Math.round(part * this.rows.length);
        for (const row of this.rows.slice(last, now)) row.setAttribute("opacity", "0.3");
        last = now;
      });
    },
  },
  ours: {
    async draw() {
      const player = document.querySelector("trace-player");
      const at = player.querySelector("[data-all=at]"); // Written last, after the picture.
      const written = new Promise((resolve) => {
        this.observer = new MutationObserver(resolve);
        this.observer.observe(at, { childList: true });
      });
      player.set({ view: "all" });
      await written;
      this.observer.disconnect();
      await drawn();
    },
    // By the rows of all orders, so that each frame shows others.
    async scrub(frames) {
      const player = document.querySelector("trace-player");
      await over(frames, (part) => player.put(part * player.axis.count - 0.3));
    },
    // The same for the one order of the space-time view.
    async scrubStory(frames) {
      const player = document.querySelector("trace-player");
      const count = player.story.rows.length;
      await over(frames, (part) => player.set({ position: part * count - 0.01 }));
    },
    // What a seek has to find out before anything is drawn, in ms; the 99th percentile.
    async seek(seeks, frames) {
      const { frameAt } = await import(frames);
      const { recordings, story } = document.querySelector("trace-player");
      const took = [];
      for (let seek = 0; seek < seeks; seek += 1) {
        const begun = performance.now();
        for (const recording of Object.values(recordings)) {
          const at = ((seek * 7919) % seeks) / seeks; // Far from the one before.
          frameAt(recording, Math.floor(at * recording.loaded), story.order);
        }
        took.push(performance.now() - begun);
      }
      return took.sort((a, b) => a - b)[Math.floor(seeks * 0.99)];
    },
  },
};
