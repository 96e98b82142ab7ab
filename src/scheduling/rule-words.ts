/** What each rule sends, in a reader's words: for alarms, pauses and reports. */

const SENDS: Readonly<Record<string, string>> = {
  'attendance.week': 'attendance cards',
  'attendance.noon': "attendance cards, Monday's second look",
  'attendance.tuesday': "attendance cards, Tuesday's look",
  'attendance.last': 'attendance cards, the last look',
  'check-ins': 'asks for check-ins',
  digest: 'digests',
  radar: 'the radar of questions',
  documents: 'notes to owners of documents',
  gathered: 'what waited since a week had enough',
  housekeeping: 'the nightly deletion',
};

/** A rule that has no words goes by its id. */
export function ruleWords(rule: string): string {
  const look = /^(.+)\.(\d{2}:\d{2})$/.exec(rule);
  const [, base = '', time = ''] = look ?? [];
  return SENDS[rule] ?? (SENDS[base] ? `${SENDS[base]}, the look at ${time}` : rule);
}
