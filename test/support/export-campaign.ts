/** Placeholder. */
export async function runExportCampaign(_: { exports: number; seed: number; say: (line: string) => void }) {
  return { figures: {}, bars: {} };
}
