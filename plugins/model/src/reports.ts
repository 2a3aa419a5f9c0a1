/** Tables that several commands print. */
import type { ConfigOrigin, Layer, MapShape } from '@spikemill/golden-model';
import { renderTable } from '@spikemill/plugin-core';

/** The configuration of a network with the source of each property. */
export function renderOrigins(origins: readonly ConfigOrigin[]): string {
  const rows = origins.map(({ property, value, source }) => [property, formatValue(value), source]);
  return renderTable(['property', 'value', 'from'], rows);
}

function formatValue(value: unknown): string {
  return Array.isArray(value) ? value.join(', ') : String(value);
}

/** `24 x 4 x 4`: channels, height, width. */
export function formatMap({ channels, height, width }: MapShape): string {
  return `${channels} x ${height} x ${width}`;
}

/** Number of weights of a layer. */
export function countWeights({ weightShape }: Layer): number {
  return weightShape.reduce((product, size) => product * size, 1);
}
