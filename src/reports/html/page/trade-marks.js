((page) => {
  // With more trades than this on the screen, triangles would be one black band.
  const shapesMost = 250;
  const levelsMost = 400;

  /**
   * Draws entries, exits, the way between them, and protective orders over the candles. `marks` are trades with the
   * candles of entry and exit; `levels` are prices between two candles; both ordered by their first candle.
   */
  page.tradeMarks = () => {
    let drawn = { marks: [], levels: [] };
    let chosen;
    let colours;
    let parts;

    const draw = (context) => {
      const scale = parts.chart.timeScale();
      const range = scale.getVisibleLogicalRange();
      if (!range) return;
      const x = (candle) => scale.logicalToCoordinate(candle);
      const y = (price) => parts.series.priceToCoordinate(price);
      const seen = ({ from, to }) => to >= range.from - 1 && from <= range.to + 1;
      const levels = drawn.levels.filter(seen);
      const marks = drawn.marks.filter(seen);
      if (levels.length <= levelsMost) for (const level of levels) drawLevel(context, level, { x, y });
      const plain = marks.length > shapesMost;
      for (const mark of marks) drawTrade(context, mark, { x, y, plain });
    };

    const drawLevel = (context, { from, to, price, target }, { x, y }) => {
      context.strokeStyle = target ? colours.gain : colours.loss;
      context.lineWidth = 1;
      context.setLineDash([3, 3]);
      context.beginPath();
      context.moveTo(x(from) - 3, y(price));
      context.lineTo(x(to) + 3, y(price));
      context.stroke();
      context.setLineDash([]);
    };

    const drawTrade = (context, mark, { x, y, plain }) => {
      const entry = { x: x(mark.from), y: y(mark.entryPrice) };
      const exit = { x: x(mark.to), y: y(mark.exitPrice) };
      const colour = mark.gain ? colours.gain : colours.loss;
      context.strokeStyle = colour;
      context.lineWidth = mark.at === chosen ? 2.5 : 1;
      context.beginPath();
      context.moveTo(entry.x, entry.y);
      context.lineTo(exit.x, exit.y);
      context.stroke();
      if (plain) {
        context.fillStyle = colour;
        context.fillRect(exit.x - 1.5, exit.y - 1.5, 3, 3);
        return;
      }
      const size = mark.at === chosen ? 7 : 5;
      context.fillStyle = colours.ink;
      outlined(context, () => {
        const tip = mark.short ? size : -size;
        context.moveTo(entry.x, entry.y + tip);
        context.lineTo(entry.x - size, entry.y - tip);
        context.lineTo(entry.x + size, entry.y - tip);
      });
      context.fillStyle = colour;
      outlined(context, () => {
        if (mark.gain) context.arc(exit.x, exit.y, size - 1, 0, 2 * Math.PI);
        else context.rect(exit.x - size + 1, exit.y - size + 1, 2 * size - 2, 2 * size - 2);
      });
    };

    const outlined = (context, shape) => {
      context.strokeStyle = colours.paper;
      context.lineWidth = 1.5;
      context.beginPath();
      shape();
      context.closePath();
      context.stroke();
      context.fill();
    };

    const renderer = { draw: (target) => target.useMediaCoordinateSpace(({ context }) => draw(context)) };
    return {
      attached: (given) => {
        parts = given;
        page.onColours((now) => {
          colours = now;
          parts.requestUpdate();
        });
      },
      paneViews: () => [{ zOrder: () => 'top', renderer: () => renderer }],
      set: (next) => {
        drawn = next;
        parts.requestUpdate();
      },
      choose: (at) => {
        chosen = at;
        parts.requestUpdate();
      },
    };
  };
})(globalThis.reportPage);
