((page) => {
  /** A chart with India's times, the page's colours and a keyboard. Answers undefined where the page has no such part. */
  page.chart = (id, { intraday }) => {
    const place = page.element(`${id}-chart`);
    if (!place) return undefined;
    const chart = LightweightCharts.createChart(place, {
      autoSize: true,
      layout: {
        fontFamily: getComputedStyle(document.body).fontFamily,
        fontSize: 11,
        attributionLogo: true,
        panes: { enableResize: false },
      },
      localization: { locale: 'en-IN', timeFormatter: (time) => page.timeText(time, intraday()) },
      timeScale: {
        minBarSpacing: 0.001,
        rightOffset: 0,
        secondsVisible: false,
        tickMarkFormatter: page.tickText,
      },
      // The wheel and a finger moving up or down belong to the page until the chart is clicked or focused.
      handleScroll: { mouseWheel: false, vertTouchDrag: false },
      handleScale: { mouseWheel: false },
      kineticScroll: { touch: !page.stillness, mouse: false },
    });
    place.addEventListener('focus', () => chart.applyOptions({ handleScale: { mouseWheel: true } }));
    place.addEventListener('blur', () => chart.applyOptions({ handleScale: { mouseWheel: false } }));
    place.addEventListener('pointerdown', () => place.focus({ preventScroll: true }));
    page.onColours(({ paper, soft, rule }) => {
      chart.applyOptions({
        layout: {
          background: { type: 'solid', color: paper },
          textColor: soft,
          panes: { separatorColor: rule, separatorHoverColor: rule },
        },
        grid: { vertLines: { visible: false }, horzLines: { color: rule } },
        rightPriceScale: { borderColor: rule },
        timeScale: { borderColor: rule, timeVisible: intraday() },
        crosshair: {
          mode: LightweightCharts.CrosshairMode.Normal,
          vertLine: { color: soft, labelBackgroundColor: soft },
          horzLine: { color: soft, labelBackgroundColor: soft },
        },
      });
    });
    return chart;
  };

  /** Shows `from` to `to`, counted in drawn points, and keeps both inside what there is, with a little air at the end. */
  page.show = (chart, { from, to }, length) => {
    const width = Math.max(5, to - from);
    const last = length - 0.5 + width * 0.03;
    const start = Math.min(Math.max(from, -0.5), Math.max(-0.5, last - width));
    chart.timeScale().setVisibleLogicalRange({ from: start, to: Math.min(start + width, last) });
  };

  page.zoom = (chart, factor, { length, centre }) => {
    const range = chart.timeScale().getVisibleLogicalRange();
    if (!range) return;
    const middle = centre >= range.from && centre <= range.to ? centre : (range.from + range.to) / 2;
    const from = middle - (middle - range.from) * factor;
    page.show(chart, { from, to: from + (range.to - range.from) * factor }, length);
  };

  /** Keys of a focused chart. `state` knows how many points there are, which one the cursor is on, and how to move it. */
  page.keys = (id, chart, state) => {
    page.element(`${id}-chart`).addEventListener('keydown', (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const range = chart.timeScale().getVisibleLogicalRange();
      const length = state.length();
      if (!range || length === 0) return;
      const width = range.to - range.from;
      const step = event.key === 'ArrowLeft' ? -1 : 1;
      switch (event.key) {
        case 'ArrowLeft':
        case 'ArrowRight':
          if (event.shiftKey)
            page.show(
              chart,
              { from: range.from + (step * width) / 4, to: range.to + (step * width) / 4 },
              length,
            );
          else moveTo(state.cursor() + step * Math.max(1, Math.round(width / 400)));
          break;
        case '+':
        case '=':
          page.zoom(chart, 0.5, { length, centre: state.cursor() });
          break;
        case '-':
        case '−':
          page.zoom(chart, 2, { length, centre: state.cursor() });
          break;
        case 'Home':
          moveTo(0);
          break;
        case 'End':
          moveTo(length - 1);
          break;
        case '0':
          page.show(chart, { from: -0.5, to: length - 0.5 }, length);
          break;
        default:
          return;
      }
      event.preventDefault();
    });

    const moveTo = (wanted) => {
      const length = state.length();
      const at = Math.min(Math.max(wanted, 0), length - 1);
      const { from, to } = chart.timeScale().getVisibleLogicalRange();
      if (at >= from && at <= to) {
        state.moveTo(at);
        return;
      }
      page.show(chart, { from: at - (to - from) / 2, to: at + (to - from) / 2 }, length);
      // The cursor can only stand on what is drawn, and the new range is drawn with the next frame.
      requestAnimationFrame(() => requestAnimationFrame(() => state.moveTo(at)));
    };
  };

  /** A line of words and figures above a chart. Text only, so nothing in it can become markup. */
  page.legend = (id, items) => {
    page.element(`${id}-legend`).replaceChildren(
      ...items.map(({ text, style, strong }) => {
        const span = document.createElement(strong ? 'b' : 'span');
        span.textContent = text;
        if (style) span.className = style;
        return span;
      }),
    );
  };
})(globalThis.reportPage);
