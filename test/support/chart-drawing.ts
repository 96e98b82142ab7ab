/**
 * Draws Teams' chart elements for pictures, since the vendor's open renderer shows only their words: plain SVG with the
 * named colours, an axis, a legend. Runs in the page, so it is one string; it shows what Teams is given, not how Teams looks.
 */

/** What Teams' own renderer draws for the names that charts use, in light and in dark; `test/e2e/charts.test.ts` looks. */
export const CHART_TONES = {
  categoricalLightBlue: '#0078d4',
  divergingRed: '#d33f4c',
  sequential4: '#7f85f5',
} as const;

/** Registers `Chart.Line`, `Chart.VerticalBar.Grouped` and `Chart.Donut` with the page's AdaptiveCards. */
export const DRAW_CHARTS = `
{
  const TONES = ${JSON.stringify(CHART_TONES)};
  const drawn = (type, paint) => class extends AdaptiveCards.CardElement {
    getJsonTypeName() { return type; }
    parse(source, context) { super.parse(source, context); this.source = source; }
    internalRender() {
      const holder = document.createElement('div');
      holder.innerHTML = paint(this.source, window.chartText ?? '#242424');
      return holder;
    }
  };
  const frame = (source, ink, inside, labels) => {
    const values = source.data.flatMap((series) => series.values.map(({ y }) => y));
    const top = Math.max(1, ...values);
    const legend = source.data.map((series, index) =>
      '<rect x="' + (34 + index * 190) + '" y="172" width="10" height="10" fill="' + TONES[series.color] + '"/>' +
      '<text x="' + (49 + index * 190) + '" y="181">' + series.legend + '</text>').join('');
    const ticks = [0, Math.ceil(top / 2), top].map((value) => {
      const y = 140 - (value / top) * 100;
      return '<line x1="30" x2="372" y1="' + y + '" y2="' + y + '" stroke="' + ink + '" stroke-opacity=".18"/>' +
        '<text x="24" y="' + (y + 4) + '" text-anchor="end">' + value + '</text>';
    }).join('');
    const under = labels.map(([x, text]) => '<text x="' + x + '" y="157" text-anchor="middle">' + text + '</text>').join('');
    return '<svg viewBox="0 0 380 190" width="100%" style="max-width:520px" font-family="DejaVu Sans, sans-serif" font-size="10" fill="' + ink + '">' +
      '<text x="4" y="16">' + (source.yAxisTitle ?? '') + '</text>' + ticks + inside(top) + under + legend + '</svg>';
  };
  const line = (source, ink) => {
    const labels = source.data[0].values.map(({ x }) => x);
    const at = (index) => 50 + index * (300 / Math.max(1, labels.length - 1));
    return frame(source, ink, (top) => source.data.map((series) => {
      const points = series.values.map(({ y }, index) => [at(index), 140 - (y / top) * 100]);
      return '<polyline fill="none" stroke-width="2.5" stroke="' + TONES[series.color] + '" points="' + points.map((point) => point.join(',')).join(' ') + '"/>' +
        points.map(([x, y]) => '<circle r="3" cx="' + x + '" cy="' + y + '" fill="' + TONES[series.color] + '"/>').join('');
    }).join(''), labels.map((text, index) => [at(index), text.replace(/(\\w{3})\\w*$/, '$1')]));
  };
  const bars = (source, ink) => {
    const labels = source.data[0].values.map(({ x }) => x);
    const wide = 330 / labels.length;
    const bar = Math.min(22, wide / 3);
    return frame(source, ink, (top) => source.data.map((series, group) => series.values.map(({ y }, index) => {
      const x = 36 + index * wide + wide / 2 + (group - 1) * bar;
      const height = (y / top) * 100;
      return '<rect x="' + x + '" y="' + (140 - height) + '" width="' + (bar - 1) + '" height="' + height + '" fill="' + TONES[series.color] + '"/>';
    }).join('')).join(''), labels.map((text, index) => [36 + index * wide + wide / 2, text]));
  };
  const ring = (source, ink) => {
    const whole = source.data.reduce((sum, { value }) => sum + value, 0);
    const round = 2 * Math.PI * 48;
    let from = 0;
    const arcs = source.data.map((part) => {
      const { value } = part;
      const share = (value / whole) * round;
      const arc = '<circle r="48" cx="90" cy="104" fill="none" stroke-width="26" stroke="' + TONES[part.color] + '" stroke-dasharray="' +
        Math.max(0, share - 2) + ' ' + round + '" stroke-dashoffset="' + (-from) + '" transform="rotate(-90 90 104)"/>';
      from += share;
      return arc;
    }).join('');
    const legend = source.data.map((part, index) =>
      '<rect x="190" y="' + (66 + index * 20) + '" width="10" height="10" fill="' + TONES[part.color] + '"/>' +
      '<text x="206" y="' + (75 + index * 20) + '">' + part.legend + '</text>').join('');
    return '<svg viewBox="0 0 380 190" width="100%" style="max-width:520px" font-family="DejaVu Sans, sans-serif" font-size="10" fill="' + ink + '">' +
      arcs + legend + '</svg>';
  };
  for (const [type, paint] of [['Chart.Line', line], ['Chart.VerticalBar.Grouped', bars], ['Chart.Donut', ring]])
    AdaptiveCards.GlobalRegistry.elements.register(type, drawn(type, paint));
}`;
