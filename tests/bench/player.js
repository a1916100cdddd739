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
      player.set({ view: "all" });
      const at = player.querySelector("[data-all=at]"); // Written with each picture.
      while (!at?.textContent) await frame();
      await drawn();
    },
    async scrub(frames) {
      const player = document.querySelector("trace-player");
      const count = player.story.rows.length;
      await over(frames, (part) => player.set({ position: part * count }));
    },
  },
};
