import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import { clock } from "../text/format.ts";

export interface Series {
  label: string;
  /** A variable of the style sheet: --data-1. */
  color: string;
  values: readonly (number | null)[];
  isFilled?: boolean;
}

interface ChartProps {
  label: string;
  times: readonly number[];
  series: readonly Series[];
  format(value: number): string;
  max?: number | undefined;
  /** Where lines may stand: at whole KB and MB, or at whole numbers. */
  steps?: Steps | undefined;
}

export type Steps = "bytes" | "whole";

const Increments: Record<Steps, number[]> = {
  bytes: Array.from({ length: 50 }, (_, i) => 2 ** i),
  whole: Array.from({ length: 27 }, (_, i) => [1, 2, 5][i % 3]! * 10 ** Math.floor(i / 3)),
};

const Height = 150;
const Dark = "(prefers-color-scheme: dark)";

/** Lines over time. The numbers that the cursor is at, or else the last ones, stand below as text. */
export function Chart(props: ChartProps): JSX.Element {
  const { label, times, series, format } = props;
  const holder = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const [at, setAt] = useState<number | null>(null);
  const [isDark, setDark] = useState(() => matchMedia(Dark).matches);
  useEffect(() => {
    const query = matchMedia(Dark);
    const turn = (): void => setDark(query.matches);
    query.addEventListener("change", turn);
    return () => query.removeEventListener("change", turn);
  }, []);
  useEffect(() => {
    const element = holder.current!;
    const made = new uPlot(optionsFor(element, props, setAt), dataOf(times, series), element);
    plot.current = made;
    const watch = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: Height }));
    watch.observe(element);
    return () => {
      watch.disconnect();
      made.destroy();
    };
  }, [isDark, series.length]);
  useEffect(() => plot.current?.setData(dataOf(times, series)), [times]);
  const index = at ?? times.length - 1;
  return (
    <div class="chart" role="group" aria-label={label}>
      <div ref={holder} aria-hidden="true" />
      <p class="legends">
        {series.map((one) => (
          <span key={one.label} class="legend">
            <i class={`dot ${one.color.slice(2)}`} aria-hidden="true" /> {one.label} <b>{shown(one.values[index], format)}</b>
          </span>
        ))}
        {at !== null && times[at] !== undefined && <span class="legend faint">{clock(times[at])}</span>}
      </p>
    </div>
  );
}

function shown(value: number | null | undefined, format: (value: number) => string): string {
  return value === null || value === undefined ? "–" : format(value);
}

function dataOf(times: readonly number[], series: readonly Series[]): uPlot.AlignedData {
  return [times.map((time) => time / 1000), ...series.map((one) => [...one.values])];
}

function optionsFor(
  element: HTMLElement,
  { series, format, max, steps }: ChartProps,
  onCursor: (index: number | null) => void,
): uPlot.Options {
  const style = getComputedStyle(element);
  const color = (name: string): string => style.getPropertyValue(name).trim();
  const axis = { stroke: color("--faint"), font: `11px ${style.fontFamily}`, ticks: { show: false } };
  return {
    width: element.clientWidth,
    height: Height,
    legend: { show: false },
    padding: [8, 8, 0, 0],
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
    scales: { y: { range: (_plot, _low, high) => [0, max ?? (high > 0 ? high * 1.1 : 1)] } },
    axes: [
      { ...axis, grid: { show: false }, size: 24, space: 90, values: (_plot, splits) => splits.map((time) => clock(time * 1000)) },
      {
        ...axis,
        size: 64,
        space: 36,
        ...(steps ? { incrs: Increments[steps] } : {}),
        grid: { stroke: color("--line"), width: 1 },
        values: (_plot, splits) => splits.map((value) => format(value)),
      },
    ],
    series: [
      {},
      ...series.map((one) => ({
        label: one.label,
        stroke: color(one.color),
        width: 1.5,
        spanGaps: true,
        points: { show: false },
        ...(one.isFilled ? { fill: `${color(one.color)}22` } : {}),
      })),
    ],
    hooks: { setCursor: [(made) => onCursor(made.cursor.idx ?? null)] },
  };
}
